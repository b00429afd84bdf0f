// SPDX-License-Identifier: Apache-2.0

package main

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// TestHelp holds that every command is explained, those at the top with an example; that help
// fits; and that it leaves out rare flags alone, which it has where every flag is asked for.
func TestHelp(t *testing.T) {
	seen := map[string]bool{}
	for command, words := range allCommands() {
		top := len(words) == 1
		if command.Short == "" || top && command.Name() != "version" && command.Example == "" {
			t.Errorf("%q lacks a line of help or an example", words)
		}
		code, brief, _ := typed(t, append(slices.Clone(words), "--help")...)
		codeAll, all, _ := typed(t, append(slices.Clone(words), "--help-all")...)
		if code != ui.ExitClean || codeAll != ui.ExitClean {
			t.Errorf("%q: help ends with %d and %d", words, code, codeAll)
		}
		for line := range strings.SplitSeq(all, "\n") {
			if len([]rune(line)) > helpWidth {
				t.Errorf("%q: a line of help is too long: %s", words, line)
			}
		}
		command.Flags().VisitAll(func(f *pflag.Flag) {
			seen[f.Name] = true
			has := func(help string) bool { return strings.Contains(help, "--"+f.Name+" ") }
			if !f.Hidden && (!has(all) || has(brief) == slices.Contains(rareFlags, f.Name)) {
				t.Errorf("%q: --%s: in help %v, in all of it %v", words, f.Name, has(brief), has(all))
			}
		})
	}
	for _, group := range flagGroups {
		for _, name := range append(rareFlags, group.flags...) {
			if !seen[name] && name != "no-config" && name != "config" && name != helpAll {
				t.Errorf("there is no flag --%s", name)
			}
		}
	}
}

// TestManual holds that the commands with which the manual begins are ours.
func TestManual(t *testing.T) {
	commands := regexp.MustCompile(`(?m)^\tpataudit (.*?)(?: …| {2,}|$)`).FindAllStringSubmatch(
		string(top(t, "cmd", "pataudit", "doc.go")), -1)
	if len(commands) < 10 {
		t.Errorf("the manual begins with %d commands", len(commands))
	}
	for _, found := range commands {
		if err := parses(strings.Fields(found[1])); err != nil {
			t.Errorf("pataudit %s: %v", found[1], err)
		}
	}
}
