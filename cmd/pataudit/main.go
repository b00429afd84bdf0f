// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/spf13/cobra"
)

// version is set by the linker at release.
var version string

func main() {
	abort()
	os.Exit(run(context.Background(), os.Args, time.Now, os.Stdin, os.Stdout, os.Stderr))
}

// run is the whole program. It gives the exit code. The first of its arguments is its own name, as
// it was invoked. now is the only clock that counts: it dates what is written, and bounds what is
// believed of GitHub's.
func run(
	ctx context.Context, args []string, now func() time.Time, stdin io.Reader,
	stdout, stderr io.Writer,
) int {
	// A closed pipe is a write error like others, so that temporary files are removed.
	signal.Ignore(syscall.SIGPIPE)
	ctx, stop := interruptible(ctx)
	defer stop()
	ui := newUI(now, stdin, stdout, stderr)
	ui.program = invoked(args[0])
	ui.public = placeOf(false, os.Getenv).public
	ui.nameless = ui.public
	root := rootCommand(ui)
	root.SetArgs(args[1:])
	finished, err := execute(ctx, root)
	ui.clear()
	ui.files.discard()
	// A signal that comes once the files stand in their places comes too late.
	late := finished && ui.files.committed
	if signalled := new(interrupted); !late && errors.As(context.Cause(ctx), &signalled) {
		if ui.files.committed {
			ui.errorf("interrupted while the files were put into their places: look at them")
		} else {
			ui.errorf("interrupted: no file was touched")
		}
		return exitSignal + int(signalled.signal)
	}
	var exit *exitError
	switch {
	case ui.help.err != nil:
		exit = &exitError{exitFailed, stdoutError(ui.help.err)}
	case err == nil:
		return exitClean
	case !errors.As(err, &exit):
		exit = &exitError{exitUsage, err} // cobra's own: flags and arguments
	}
	switch closed := closedEarly(exit.err); {
	case closed && len(ui.files.files) > 0:
		ui.errorf("%v: closed before its end; no file was written", errStdout)
	case exit.err != nil && !closed: // who closed it, as head does, has seen enough
		ui.errorf("%v", exit.err)
	}
	return exit.code
}

// grace is how long a command may take to end after an interruption.
const grace = 500 * time.Millisecond

// execute runs the command, and tells whether it finished. One that is interrupted where no
// context reaches it, reading from a terminal or writing to a full pipe, is left behind.
func execute(ctx context.Context, root *cobra.Command) (finished bool, err error) {
	done := make(chan error, 1)
	go func() {
		defer func() {
			if caught := recover(); caught != nil {
				done <- &exitError{exitFailed, fmt.Errorf("internal error: %v\n%s", caught,
					debug.Stack())}
			}
		}()
		done <- root.ExecuteContext(ctx)
	}()
	select {
	case err := <-done:
		return true, err
	case <-ctx.Done():
	}
	select {
	case err := <-done:
		return true, err
	case <-time.After(grace):
		return false, ctx.Err()
	}
}

// interrupted is the cause of a context that a signal ended.
type interrupted struct{ signal syscall.Signal }

func (i *interrupted) Error() string { return i.signal.String() }

// interruptible ends the context at the first signal to end; a second one kills at once.
func interruptible(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, ends()...)
	go func() {
		select {
		case s := <-signals:
			signal.Stop(signals)
			if number, ok := s.(syscall.Signal); ok {
				cancel(&interrupted{number})
			}
		case <-ctx.Done():
		}
	}()
	return ctx, func() { signal.Stop(signals); cancel(nil) }
}

func rootCommand(ui *ui) *cobra.Command {
	root := &cobra.Command{
		Use:   "pataudit",
		Short: "Audit the fine-grained personal access tokens of a GitHub organization",
		Long: `pataudit lists the approved fine-grained personal access tokens of a GitHub organization,
flags what breaks the organization's token guide, and says whether it saw all of them.

"Clean" is a claim, made only when everything was seen.`,
		Example: `  pataudit demo                               see it work, without credentials
  pataudit setup complytime                   create the GitHub App that may list tokens
  pataudit audit complytime -o audit.xlsx     audit, with a workbook for reviewers`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Version:       toolVersion(),
	}
	root.SetVersionTemplate(versionText())
	root.PersistentPreRun = func(command *cobra.Command, _ []string) {
		ui.files.reads(readFiles(command)...)
	}
	root.AddCommand(
		auditCommand(ui),
		collectCommand(ui),
		reportCommand(ui),
		diffCommand(ui),
		historyCommand(ui),
		showCommand(ui),
		decideCommand(ui),
		baselineCommand(ui),
		policyCommand(ui),
		rulesCommand(ui),
		setupCommand(ui),
		doctorCommand(ui),
		demoCommand(ui),
		versionCommand(ui),
	)
	root.SetIn(ui.in)
	root.SetOut(ui.help) // before there is a command that keeps it
	root.SetErr(ui.err)
	root.SetHelpCommand(helpCommand())
	root.InitDefaultHelpCmd()
	addCompletion(root)
	root.SetUsageTemplate(usageTemplate(root))
	root.SetFlagErrorFunc(flagError)
	groups(root)
	strict(root)
	return root
}
