// SPDX-License-Identifier: Apache-2.0

package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// TestCompleteValues holds that each value that is completed is one that the command takes, and
// that each flag of these names is completed.
func TestCompleteValues(t *testing.T) {
	root := rootCommand(ui.New(time.Now, nil, nil, nil))
	completeValues(root)
	completed := []string{"format", "rule", "severity", "fail-on", "only", "repositories", "color"}
	n := 0
	for _, command := range everyCommand(root) {
		command.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
			complete, found := command.GetFlagCompletionFunc(f.Name)
			if !slices.Contains(completed, f.Name) {
				return
			}
			if n++; !found {
				t.Errorf("--%s of %s is not completed", f.Name, command.CommandPath())
				return
			}
			values, directive := complete(command, nil, "")
			if len(values) < 2 || directive != cobra.ShellCompDirectiveNoFileComp {
				t.Errorf("--%s of %s: %q", f.Name, command.CommandPath(), values)
			}
		})
	}
	if n < 20 {
		t.Errorf("%d flags", n)
	}

	t.Chdir(t.TempDir())
	sampled(t, "evidence.json")
	for _, args := range [][]string{
		{"audit", "--from", "evidence.json", "--format"},
		{"audit", "--from", "evidence.json", "--rule"},
		{"audit", "--from", "evidence.json", "--severity"},
		{"audit", "--from", "evidence.json", "--only"},
		{"audit", "--from", "evidence.json", "--repositories"},
		{"rules", "unused", "--format"},
		{"audit", "--from", "evidence.json", "--color"},
		{
			"show", "token", "70001", "--from",
			"evidence.json", "--fail-on",
		},
		{"audit", "--from", "evidence.json", "--rule", "unused,"},
		{"decide", "70001"},
		{"diff", "evidence.json", "evidence.json", "--format"},
	} {
		typing := append([]string{"__complete"}, args...)
		if !strings.HasSuffix(args[len(args)-1], ",") {
			typing = append(typing, "")
		}
		_, offered, _ := typed(t, typing...)
		values := strings.Split(strings.TrimSpace(offered), "\n")
		if len(values) < 3 {
			t.Errorf("%q: %q", args, offered)
		}
		for _, value := range values[:len(values)-1] { // the last is for the shell
			with := append(slices.Clone(args), value)
			if strings.HasSuffix(args[len(args)-1], ",") {
				with = append(slices.Clone(args[:len(args)-1]), value)
			}
			if args[0] == "decide" {
				with = append(with, "--decisions", "d.yaml", "--by", "al", "--reason", "x", "--from",
					"evidence.json")
				if value == audit.Keep {
					with = append(with, "--purpose", "x")
				}
				if value == audit.Reduce {
					with = append(with, "--basis", "repository:contents:write")
				}
				if value == audit.Waive {
					with = append(with, "--rule", "no-expiration")
				}
			}
			if code, _, why := typed(t, with...); code == ui.ExitUsage {
				t.Errorf("%q: %s", with, why)
			}
		}
	}
}
