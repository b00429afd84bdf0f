// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"os/exec"
	"regexp"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
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
