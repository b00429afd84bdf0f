// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// typed runs the program in this process, as if it had been typed.
func typed(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	args = append([]string{"pataudit"}, args...)
	code = run(context.Background(), args, time.Now, strings.NewReader(""), &out, &err)
	return code, out.String(), err.String()
}

// allCommands returns every command with the words that name it, the root first.
func allCommands() map[*cobra.Command][]string {
	all := map[*cobra.Command][]string{}
	var add func(command *cobra.Command)
	add = func(command *cobra.Command) {
		all[command] = strings.Fields(command.CommandPath())[1:]
		for _, child := range command.Commands() {
			add(child)
		}
	}
	add(rootCommand(ui.New(time.Now, nil, nil, nil)))
	return all
}

// TestEmptyFlags gives every flag of every command an empty value. A new flag is covered.
func TestEmptyFlags(t *testing.T) {
	t.Chdir(t.TempDir())
	flags, lists := 0, 0
	for command, words := range allCommands() {
		command.Flags().VisitAll(func(f *pflag.Flag) {
			flags++
			name := "--" + f.Name
			tries := [][]string{{name + "="}, {name + "= "}, {name + "=\t\n"}}
			good := "x"
			if offered := f.Annotations[ui.Offered]; offered != nil {
				good = offered[0]
			}
			if f.NoOptDefVal == "" { // the next argument is its value
				tries = append(tries, []string{name, ""}, []string{name, good, name, ""},
					[]string{name, "", name, good})
			}
			if f.Value.Type() == "stringSlice" {
				lists++
				for _, list := range []string{"a,", ",a", "a,,b", "a, ,b", ","} {
					tries = append(tries, []string{name, list})
				}
			}
			if number := f.Value.Type() == "int" || f.Value.Type() == "int64" ||
				f.Value.Type() == "duration"; number {
				tries = slices.DeleteFunc(
					tries,
					func(try []string) bool { return slices.Contains(try, "x") },
				)
			}
			for _, try := range tries {
				code, stdout, stderr := typed(t, append(slices.Clone(words), try...)...)
				if code != ui.ExitUsage || stdout != "" ||
					!strings.HasPrefix(stderr, "pataudit: "+name+" has an empty value") {
					t.Errorf("%q %q: exit %d, %q", words, try, code, stderr)
				}
			}
		})
	}
	if flags < 200 || lists < 3 {
		t.Errorf("%d flags, %d lists of values", flags, lists)
	}
}

// TestFlagForValue gives flags another flag for a value, as a variable does that is not set and
// not in quotes.
func TestFlagForValue(t *testing.T) {
	t.Chdir(t.TempDir())
	for command, words := range allCommands() {
		var flags []*pflag.Flag
		command.Flags().VisitAll(func(f *pflag.Flag) { flags = append(flags, f) })
		for i, f := range flags {
			if f.NoOptDefVal != "" {
				continue
			}
			next := flags[(i+1)%len(flags)]
			names := []string{"--" + next.Name, "--" + next.Name + "=x", "-h"}
			if next.Shorthand != "" {
				names = append(names, "-"+next.Shorthand)
			}
			for _, name := range names {
				code, _, stderr := typed(t, append(slices.Clone(words), "--"+f.Name, name)...)
				if code != ui.ExitUsage || !strings.HasPrefix(stderr, "pataudit: --"+f.Name) {
					t.Errorf("%q --%s %s: exit %d, %q", words, f.Name, name, code, stderr)
				}
			}
		}
	}
}

// TestEmptyArguments gives every command an empty argument, alone and after another.
func TestEmptyArguments(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, words := range allCommands() {
		for _, args := range [][]string{{""}, {" "}, {"x", ""}, {"--", ""}} {
			code, stdout, stderr := typed(t, append(slices.Clone(words), args...)...)
			if code != ui.ExitUsage || stdout != "" ||
				!strings.HasPrefix(stderr, "pataudit: argument ") {
				t.Errorf("%q %q: exit %d, %q", words, args, code, stderr)
			}
		}
	}
}

// TestStrictList holds that values in one list are trimmed.
func TestStrictList(t *testing.T) {
	var f flags.View
	command := &cobra.Command{Use: "x"}
	f.RegisterView(command.Flags())
	strict(command)
	if err := command.ParseFlags([]string{"--owner", "ana, bo", "--owner=\tcy "}); err != nil {
		t.Fatal(err)
	}
	got, err := command.Flags().GetStringSlice("owner")
	if want := []string{"ana", "bo", "cy"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, %v, want %q", got, err, want)
	}
}

// TestGroups holds that a command that only holds others is no job, and that a slip in the name of
// one of them is told. All of them are tried.
func TestGroups(t *testing.T) {
	t.Chdir(t.TempDir())
	slips := 0
	for command, words := range allCommands() {
		if !command.HasSubCommands() {
			continue
		}
		path := command.CommandPath()
		code, stdout, stderr := typed(t, words...)
		if code != ui.ExitUsage || stdout != "" || !strings.Contains(stderr, path+" COMMAND\n") ||
			!strings.HasSuffix(stderr, "\npataudit: name a command: "+path+" COMMAND\n") {
			t.Errorf("%q: exit %d, %q, %q", words, code, stdout, stderr)
		}
		code, stdout, stderr = typed(t, append(words, "--help")...)
		if code != ui.ExitClean || stderr != "" || !strings.Contains(stdout, path+" COMMAND\n") {
			t.Errorf("%q --help: exit %d, %q, %q", words, code, stdout, stderr)
		}
		for _, child := range command.Commands() {
			name := child.Name()
			slip := name[1:2] + name[:1] + name[2:]
			for _, args := range [][]string{
				append(slices.Clone(words), slip), append(slices.Clone(words), slip, "--nonsense", "x"),
				append([]string{"help"}, append(slices.Clone(words), slip)...),
			} {
				slips++
				code, stdout, stderr := typed(t, args...)
				if code != ui.ExitUsage || stdout != "" || !strings.HasPrefix(stderr,
					`pataudit: unknown command "`+slip+`": did you mean `) ||
					!strings.Contains(stderr, path+" "+name) {
					t.Errorf("%q: exit %d, %q, %q", args, code, stdout, stderr)
				}
			}
		}
		code, _, stderr = typed(t, append(words, "yaml")...)
		if code != ui.ExitUsage || strings.Contains(stderr, "did you mean") {
			t.Errorf("%q yaml: exit %d, %q", words, code, stderr)
		}
	}
	if slips < 60 {
		t.Errorf("%d slips tried", slips)
	}
}

// TestClosedPipe holds that who has seen enough, as head has, is told nothing; but that files were
// not written is told.
func TestClosedPipe(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("list.json", []byte("[]"), 0o600); err != nil {
		t.Fatal(err)
	}
	audit := "audit acme --from list.json --as-of 2026-11-22 --allow-empty --allow-incomplete"
	args := strings.Fields(audit + " --snapshot s.json -o r.json")
	if code, _, stderr := typed(t, args...); code != 0 {
		t.Fatal(stderr)
	}
	for line, want := range map[string]string{
		"--help": "", "--version": "", "help audit": "", "version": "", "rules": "", "policy init": "",
		"rules unused": "", "policy check guide": "", "completion bash": "", "setup acme": "",
		"report r.json": "", "report r.json --format json": "", "report r.json --verify s.json": "",
		"diff r.json r.json": "", audit: "", audit + " --format csv": "",
		audit + " -o x.json": "pataudit: writing standard output: closed before its end; " +
			"no file was written\n",
	} {
		read, write, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		_ = read.Close()
		var stderr bytes.Buffer
		code := run(
			context.Background(),
			strings.Fields("pataudit "+line),
			time.Now,
			strings.NewReader(""),
			write,
			&stderr,
		)
		if code != ui.ExitFailed || stderr.String() != want {
			t.Errorf("%s: exit %d, %q", line, code, stderr.String())
		}
		_ = write.Close()
	}
	if ui.ClosedEarly(ui.Failed(fmt.Errorf("asking GitHub: %w", syscall.EPIPE))) {
		t.Error("a broken connection is told")
	}
}

// TestNearFlags holds that a slip in the name of a flag is told, for every flag of every command.
func TestNearFlags(t *testing.T) {
	t.Chdir(t.TempDir())
	for command, words := range allCommands() {
		command.Flags().VisitAll(func(f *pflag.Flag) {
			slip := f.Name[1:2] + f.Name[:1] + f.Name[2:]
			if slip == f.Name {
				slip = f.Name[:1] + f.Name[2:3] + f.Name[1:2] + f.Name[3:] // as in ssp
			}
			for _, arg := range []string{"--" + slip, "--" + slip + "=x", "-" + f.Name} {
				if strings.HasPrefix(arg, "-o") || strings.HasPrefix(arg, "-h") ||
					strings.HasPrefix(arg, "-v") {
					continue // these are flags, with a value or others behind them
				}
				code, stdout, stderr := typed(t, append(slices.Clone(words), arg)...)
				if code != ui.ExitUsage || stdout != "" ||
					!strings.HasPrefix(stderr, "pataudit: unknown ") ||
					!strings.HasSuffix(stderr, ": did you mean --"+f.Name+"?\n") {
					t.Errorf("%q %s: exit %d, %q", words, arg, code, stderr)
				}
			}
		})
		code, _, stderr := typed(t, append(words, "--xyzzy")...)
		if code != ui.ExitUsage || strings.Contains(stderr, "did you mean") {
			t.Errorf("%q --xyzzy: exit %d, %q", words, code, stderr)
		}
	}
}

// TestNumbersOfFlags gives numbers that cannot be to each command that takes them: they are wrong,
// also where a file has the evidence and nobody is asked.
func TestNumbersOfFlags(t *testing.T) {
	t.Chdir(t.TempDir())
	collected(t, "evidence.json", `{"organizations": [{"grants": [{"id": 1, "token_id": 70001}]}]}`)
	args := map[string][]string{
		"audit": nil, "show": {"token", "70001"}, "baseline create": {"-o", "b.yaml"},
		"decide": {"70001", "revoke", "--by", "al", "--reason", "x", "--decisions", "d.yaml"},
	}
	tried := 0
	for command, words := range allCommands() {
		rest, takes := args[strings.Join(words, " ")]
		if !takes || command.Flags().Lookup("concurrency") == nil {
			continue
		}
		for _, flag := range [][]string{
			{"--concurrency", "0"},
			{"--concurrency", "101"},
			{"--concurrency", "-1"},
			{"--max-wait", "-1s"},
			{"--installation-id", "-1"},
		} {
			typedArgs := slices.Concat(words, rest, []string{"--from", "evidence.json"}, flag)
			if code, _, why := typed(t, typedArgs...); code != 2 || !strings.Contains(why, flag[0]) {
				if command.Flags().Lookup(strings.TrimPrefix(flag[0], "--")) != nil {
					t.Errorf("%q: exit %d: %s", typedArgs, code, why)
				}
			}
			tried++
		}
	}
	if tried < 20 {
		t.Errorf("%d tried", tried)
	}
}
