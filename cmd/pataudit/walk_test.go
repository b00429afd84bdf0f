// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"pgregory.net/rapid"

	"github.com/complytime/pataudit/report/view"
)

// notedAt finds commands in messages.
var notedAt = regexp.MustCompile(`(?m)^pataudit: (audit again): (.*)$`)

// paste runs a command as it stands in the last output, as a reviewer does who copies it. Words
// that a person has to give are filled in.
func paste(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: paste CODE LABEL [WORD=VALUE...]")
	}
	shown := ts.ReadFile("stdout") + "\n" + ts.ReadFile("stderr")
	found := hintedAt.FindAllStringSubmatch(shown, -1)
	for _, hint := range append(found, notedAt.FindAllStringSubmatch(shown, -1)...) {
		if hint[1] != args[1] {
			continue
		}
		line := hint[2]
		for _, fill := range args[2:] {
			word, value, _ := strings.Cut(fill, "=")
			if !strings.Contains(line, " "+word) {
				ts.Fatalf("no %s to fill in: %s", word, line)
			}
			line = strings.Replace(line, " "+word, " '"+value+"'", 1)
		}
		code, exit := 0, new(exec.ExitError)
		if err := ts.Exec("sh", "-c", line); errors.As(err, &exit) {
			code = exit.ExitCode()
		} else {
			ts.Check(err)
		}
		if strconv.Itoa(code) != args[0] {
			ts.Fatalf("exit code %d, want %s: %s\n%s", code, args[0], line, ts.ReadFile("stderr"))
		}
		return
	}
	ts.Fatalf("nothing to paste beside %q:\n%s", args[1], shown)
}

// TestLinesDecide holds that each line to paste, of any token and after any flags, is one command,
// whatever people call their tokens, and decides what it says of the token that it names.
func TestLinesDecide(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{
		"GITHUB_TOKEN", "PATAUDIT_TOKEN", "PATAUDIT_HISTORY", "GITHUB_ACTIONS", "GITHUB_API_URL",
		"COLUMNS",
	} {
		t.Setenv(name, "")
	}
	collected(t, "evidence.json", `{"organizations": [{"grants": [
		{"id": 1, "token_id": 70001, "token_name": "70002", "token_expires_at": null},
		{"id": 2, "token_id": 70002, "token_name": "grant:1", "repository_selection": "all"},
		{"id": 3, "token_id": 70003, "token_name": "x; touch pwned", "permissions": "secrets:write"},
		{"id": 4, "token_id": 70004, "token_name": "$(touch pwned)`+"`touch pwned`"+`'\"\n waive"},
		{"id": 5, "token_id": 70005, "token_name": "--rule", "token_expired": true,
			"token_expires_at": null},
		{"id": 6, "token_id": 70006, "token_expires_at": null, "permissions": "administration:write",
			"repository_selection": "all"},
		{"id": 7, "token_id": 70006, "token_expired": true, "token_expires_at": null}
	]}]}`)
	ours := []byte("version: 1\nname: ours\n")
	if err := os.WriteFile("it's \"ours\".yaml", ours, 0o600); err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(rt *rapid.T) {
		args := []string{"--from", rapid.SampledFrom([]string{"evidence.json", "./evidence.json"}).
			Draw(rt, "evidence")}
		for _, more := range [][]string{
			{"--policy", "it's \"ours\".yaml"},
			{"--set", "long-expiration.max_days=10"},
			{"--decisions", "our $HOME #1.yaml"},
		} {
			if rapid.Bool().Draw(rt, more[0]) {
				args = append(args, more...)
			}
		}
		id := rapid.SampledFrom([]string{
			"70001", "70002", "70003", "70004", "70005", "70006", "grant:6", "grant:7", "name:grant:1",
		}).Draw(rt, "token")
		file := "decisions.yaml"
		if slices.Contains(args, "--decisions") {
			file = "our $HOME #1.yaml"
		}
		empty := []byte("version: 1\ndecisions: []\n")
		if err := os.WriteFile(file, empty, 0o600); err != nil {
			rt.Fatal(err)
		}
		code, screen, why := typed(t, append([]string{"show", "token", id}, args...)...)
		if code != 0 {
			rt.Fatalf("%s: %s", id, why)
		}
		lines := hintedAt.FindAllStringSubmatch(screen, -1)
		if len(lines) < 2 && id != "grant:7" {
			rt.Fatalf("%s: %d lines\n%s", id, len(lines), screen)
		}
		for _, line := range lines {
			_ = os.Remove(file)
			printed, err := exec.Command("sh", "-c",
				`pataudit() { printf '%s\0' "$@"; }; `+line[2]).Output()
			words := strings.Split(strings.TrimSuffix(string(printed), "\x00"), "\x00")
			if err != nil || words[0] != "decide" || words[1][0] != '7' {
				rt.Fatalf("%q: %v", line[2], err)
			}
			for i, word := range words {
				if slices.Contains([]string{view.Who, view.Why, view.Purpose}, word) {
					words[i] = "alice"
				}
			}
			if code, _, why := typed(t, words...); code != 0 {
				rt.Fatalf("%q: exit %d, %s", words, code, why)
			}
			text, err := os.ReadFile(file)
			if err != nil || strings.Count(string(text), "kind:") != 1 ||
				!strings.Contains(string(text), "token: "+words[1]+"\n") ||
				!strings.Contains(string(text), "kind: "+words[2]+"\n") ||
				words[2] == "waive" && !strings.Contains(string(text), "rule: "+words[4]+"\n") {
				rt.Fatalf("%q: %v\n%s", words, err, text)
			}
		}
	})
	if _, err := os.Stat("pwned"); err == nil {
		t.Error("a name was run")
	}
}
