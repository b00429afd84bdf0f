// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit/github/githubtest"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// hinted finds the hints of a screen: what each is for, and the command, which may go on in the
// next lines.
var hintedAt = regexp.MustCompile(`(?m)^ ([A-Z][A-Za-z ]{3,23}[a-z]) +` +
	`(\S*pataudit\S* (?:.* \\\n {26})*.*[^\\\n])$`)

// makesReport is how commands begin that make a report again.
var makesReport = regexp.MustCompile(`pataudit'? (audit|report|history show)\b`)

// headOf returns what a screen says of verdict and evidence, which is before the first row.
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

// TestInvoked holds that what is suggested calls the program as it was called.
func TestInvoked(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("COLUMNS", "300")
	if err := os.WriteFile("list.json", []byte("[]"), 0o600); err != nil {
		t.Fatal(err)
	}
	for invoked, want := range map[string]string{
		"pataudit": "pataudit", "bin/pataudit": "bin/pataudit", "./my tools/pat": "'./my tools/pat'",
		"/tmp/go-build123/b001/exe/pataudit": "pataudit",
	} {
		for _, asked := range []struct {
			line, suggests string
			code           int
		}{
			{"audit acme --from list.json --as-of 2026-11-22", "audit acme --from", ui.ExitIncomplete},
			{"demo", "show token 95001 --from pataudit-demo/evidence.json", ui.ExitClean},
			{"show token 95001 --from pataudit-demo/evidence.json", "decide 95001 waive", ui.ExitClean},
			{"rules", "rules protected-repository", ui.ExitClean},
			{"setup acme", "audit acme -o audit.xlsx", ui.ExitClean},
			{"init acme", "doctor", ui.ExitClean},
			{"config show", "init makes one", ui.ExitUsage},
		} {
			for _, path := range []string{"pataudit.yaml", "policy.yaml", "decisions.yaml"} {
				_ = os.Remove(path)
			}
			var out bytes.Buffer
			args := append([]string{invoked}, strings.Fields(asked.line)...)
			code := run(t.Context(), args, time.Now, nil, &out, &out)
			if code != asked.code || !strings.Contains(out.String(), want+" "+asked.suggests) {
				t.Errorf("%s %s: exit %d\n%s", invoked, asked.line, code, &out)
			}
		}
	}
}

// acceptedFiles returns a baseline and decisions about the sample, by their paths, as each audit
// of the property finds them.
func acceptedFiles(t *testing.T) map[string][]byte {
	for _, args := range [][]string{
		{
			"baseline", "create", "-o", "debt.yaml", "--from", "evidence.json", "--as-of",
			"2026-11-25",
		},
		{
			"decide", "70002", "keep", "--by", "al", "--purpose", "x", "--from", "evidence.json",
			"--decisions", "decided.yaml",
		},
	} {
		if code, _, why := typed(t, args...); code != ui.ExitClean {
			t.Fatal(why)
		}
	}
	files := map[string][]byte{"debt.yaml": nil, "decided.yaml": nil}
	for path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files[path] = text
	}
	return files
}

// TestHintsReproduce runs the hints of audits with any flags, which end with the same code and
// verdict: in any folder, with files of any name.
func TestHintsReproduce(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{
		"GITHUB_TOKEN", "PATAUDIT_TOKEN", "PATAUDIT_HISTORY", "GITHUB_ACTIONS", "GITHUB_API_URL",
		"COLUMNS",
	} {
		t.Setenv(name, "")
	}
	sampled(t, "evidence.json")
	for path, text := range map[string]string{
		"it's \"ours\".yaml": "version: 1\nname: ours\nrules:\n  no-expiration: {severity: medium}\n",
		"p.yaml":             "version: 1\nrules:\n  unused: {days: 3}\n",
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	files := acceptedFiles(t)
	rapid.Check(t, func(rt *rapid.T) {
		for _, path := range []string{"baseline.yaml", "my $HOME.db"} {
			_ = os.Remove(path)
		}
		for path, text := range files {
			if err := os.WriteFile(path, text, 0o600); err != nil {
				rt.Fatal(err)
			}
		}
		args := []string{"audit"}
		args = append(args, rapid.SampledFrom([][]string{
			{"--from", "evidence.json"},
			{"complytime", "--from", "evidence.json"},
			{"--from", "evidence.json", "--snapshot", "again; rm *.json"},
		}).Draw(rt, "source")...)
		for i, flag := range [][]string{
			{"--policy", "it's \"ours\".yaml"},
			{"--policy=p.yaml"},
			{"--set", "unused.days=1"},
			{"--set=long-expiration.max_days=400", "--set", "never-used.days=1"},
			{"--decisions", "decided.yaml"},
			{"--baseline", "debt.yaml"},
			{"--fail-on", "high"},
			{"--fail-on", "info"},
			{"--as-of", "2026-11-28T12:00:00Z"},
			{"--exit-zero"},
			{"--allow-incomplete"},
			{"--fail-on-requests"},
			{"--owner", "hubot, octocat"},
			{"--severity", "medium"},
			{"--rule", "no-expiration"},
			{"--only", "failing"},
			{"--only", "all"},
			{"--history", "my $HOME.db"},
			{"--repositories", "none"},
			{"--color", "always"},
			{"-o", "out.html"},
			{"--verbose=false"},
			{"--exit-zero=false"},
		} {
			if rapid.Bool().Draw(rt, strconv.Itoa(i)) {
				args = append(args, flag...)
			}
		}
		code, screen, why := typed(t, args...)
		if code == ui.ExitFailed || code == ui.ExitUsage {
			rt.Fatalf("%q: exit %d, %s", args, code, why)
		}
		screen = plain.ReplaceAllString(screen, "")
		found := hintedAt.FindAllStringSubmatch(screen, -1)
		if len(found) == 0 && code != ui.ExitClean {
			rt.Fatalf("%q: no hints\n%s", args, screen)
		}
		for _, hint := range found {
			words, err := exec.Command("sh", "-c", `pataudit() { printf '%s\0' "$@"; }; `+hint[2]).Output()
			if err != nil {
				rt.Fatalf("%s: %v", hint[2], err)
			}
			want := ui.ExitClean
			if makesReport.MatchString(hint[2]) {
				want = code
			}
			got, again, why := typed(t, strings.Split(strings.TrimSuffix(string(words), "\x00"), "\x00")...)
			if got != want || makesReport.MatchString(hint[2]) && headOf(again) != headOf(screen) {
				rt.Fatalf("%q exits %d\n%s\nand its hint\n%s\nexits %d: %s\n%s", args, code, headOf(screen),
					hint[2], got, why, headOf(again))
			}
		}
	})
}

// plain matches what colours a text.
var plain = regexp.MustCompile("\x1b\\[[0-9;]*m")

// sampled collects evidence of a small organization.
func sampled(t *testing.T, path string) {
	collected(t, path, `{
		"organizations": [{"grants": [
			{"id": 1, "token_id": 70001, "owner": "octocat", "token_expires_at": null},
			{"id": 2, "token_id": 70002, "owner": "hubot", "access_granted_at": "-20d",
				"token_expires_at": "+300d"},
			{"id": 3, "token_id": 70003, "token_last_used_at": null, "permissions": "contents:write"},
			{"id": 4, "token_id": 70004, "repository_selection": "all"}
		]}]}`)
}

// collected collects evidence of a world.
func collected(t *testing.T, path, organizations string) {
	t.Helper()
	world, err := githubtest.Read(strings.NewReader(organizations), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	server, err := githubtest.New(world)
	if err != nil {
		t.Fatal(err)
	}
	url, err := server.Start()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = server.Close() }()
	key, err := server.KeyPEM()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATAUDIT_APP_KEY", string(key))
	t.Setenv("PATAUDIT_APP_ID", strconv.FormatInt(world.App.ID, 10))
	if code, _, why := typed(t, "collect", "complytime", "--api-url", url, "-o", path); code != 0 {
		t.Fatal(why)
	}
	t.Setenv("PATAUDIT_APP_KEY", "")
	t.Setenv("PATAUDIT_APP_ID", "")
}
