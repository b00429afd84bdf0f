// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// hinted finds the hints of a screen: what each is for, and the command, which may go on in the
// next lines.
var hintedAt = regexp.MustCompile(`(?m)^ ([A-Z][A-Za-z ]{3,23}[a-z]) +(\S*pataudit\S* (?:.* \\\n {26})*.*[^\\\n])$`)

// makesReport is how commands begin that make a report again.
var makesReport = regexp.MustCompile(`pataudit'? (audit|report|history show)\b`)

// headOf gives what a screen says of verdict and evidence, which is before the first row.
func headOf(screen string) string {
	head, _, _ := strings.Cut(screen, "\n SEVERITY ")
	lines := strings.SplitAfter(head, "\n")
	return strings.Join(lines[:min(len(lines), 5)], "")
}

func hints(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: hints N CODE")
	}
	screen := ts.ReadFile("stdout")
	found := hintedAt.FindAllStringSubmatch(screen, -1)
	if strconv.Itoa(len(found)) != args[0] {
		ts.Fatalf("%d hints, want %s: %q", len(found), args[0], found)
	}
	_ = os.Remove(ts.MkAbs("baseline.yaml")) // of other hints: it does not grow by itself
	for _, hint := range found {
		want := "0"
		makes := makesReport.MatchString(hint[2])
		if makes {
			want = args[1]
		}
		err := ts.Exec("sh", "-c", hint[2])
		code := 0
		if exit := new(exec.ExitError); errors.As(err, &exit) {
			code = exit.ExitCode()
		} else {
			ts.Check(err)
		}
		if strconv.Itoa(code) != want {
			ts.Fatalf("%s: exit code %d, want %s: %s\n%s", hint[1], code, want, hint[2],
				ts.ReadFile("stderr"))
		}
		if again := headOf(ts.ReadFile("stdout")); makes && again != headOf(screen) {
			ts.Fatalf("%s: another verdict: %s\n%s\n%s", hint[1], hint[2], headOf(screen), again)
		}
	}
}

// TestWithoutUser holds that no hint repeats who is who in a URL.
func TestWithoutUser(t *testing.T) {
	for url, want := range map[string]string{
		"pataudit.db":                             "pataudit.db",
		"sqlite:///home/a@b/pataudit.db":          "sqlite:///home/a@b/pataudit.db",
		"postgres://ana:geheim@db.acme:5432/pats": "postgres://db.acme:5432/pats",
		"postgres://ana@db/pats?sslmode=require":  "postgres://db/pats?sslmode=require",
		"PostgreSQL://ana:ge/h@eim@db/pats":       "PostgreSQL://db/pats",
		"postgres://db/pats?password=geheim":      "postgres://db/pats?password=xxxxx",
		"https://ana:geheim@ghe.acme/api/v3":      "https://ghe.acme/api/v3",
		"https://ghe.acme":                        "https://ghe.acme",
		"me@home/policy.yaml":                     "me@home/policy.yaml",
	} {
		if got := withoutUser(url); got != want {
			t.Errorf("%s: %s, want %s", url, got, want)
		}
	}
}
