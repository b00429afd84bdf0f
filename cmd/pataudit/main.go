// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

func main() {
	abort()
	ballast := collectEarly()
	code := run(context.Background(), os.Args, time.Now, os.Stdin, os.Stdout, os.Stderr)
	runtime.KeepAlive(ballast)
	os.Exit(code)
}

// collectEarly has garbage collected when there is half as much of it as is held, and 8 MB more;
// not as much again as is held, unless GOGC says otherwise: a large organization takes more memory
// than a runner has before it takes too long. The 8 MB, for which a list of 100,000 tokens takes
// 4 MB more at its peak, save a fourteenth of its time; 8 MB more of them save nothing. They are
// half of the ballast that is returned, which counts as held and, never touched, takes no memory.
func collectEarly() (ballast []byte) {
	if _, set := os.LookupEnv("GOGC"); set {
		return nil
	}
	debug.SetGCPercent(50)
	return make([]byte, 16<<20)
}

// run runs the whole program, and returns the exit code. The first of its arguments is its own
// name, as it was invoked. now is the only clock that counts: it dates what is written, and bounds
// what is believed of GitHub's.
func run(
	ctx context.Context, args []string, now func() time.Time, stdin io.Reader,
	stdout, stderr io.Writer,
) int {
	// A closed pipe is a write error like others, so that temporary files are removed.
	signal.Ignore(syscall.SIGPIPE)
	ctx, stop := interruptible(ctx)
	defer stop()
	u := ui.New(now, stdin, stdout, stderr)
	u.Program, u.Tool = flags.ProgramName(args[0]), thisTool()
	u.Public = ui.PlaceOf(false).Public
	u.Nameless = u.Public
	root := rootCommand(u)
	if len(args) > 1 && strings.HasPrefix(args[1], cobra.ShellCompRequestCmd) {
		completeValues(root)
	}
	root.SetArgs(withHelp(args[1:]))
	finished, err := execute(ctx, root, &u.Ending)
	u.Clear()
	u.Files.Discard()
	// A signal that comes once the files stand in their places comes too late.
	late := finished && u.Late()
	if signalled := new(interrupted); !late && errors.As(context.Cause(ctx), &signalled) {
		u.NoteInterrupted()
		return ui.ExitSignal + int(signalled.signal)
	}
	var exit *ui.ExitError
	switch {
	case u.Help.Err != nil:
		exit = &ui.ExitError{Code: ui.ExitFailed, Err: ui.StdoutError(u.Help.Err)}
	case err == nil:
		return ui.ExitClean
	case !errors.As(err, &exit):
		exit = &ui.ExitError{Code: ui.ExitUsage, Err: err} // cobra's own: flags and arguments
	}
	switch closed := ui.ClosedEarly(exit.Err); {
	case closed && len(u.Files.Files) > 0 && u.Files.Committed:
		u.Errorf("%v: closed before its end; the files are written", ui.ErrStdout)
	case closed && len(u.Files.Files) > 0:
		u.Errorf("%v: closed before its end; no file was written", ui.ErrStdout)
	case exit.Err != nil && !closed: // who closed it, as head does, has seen enough
		u.Errorf("%v", exit.Err)
	}
	return exit.Code
}

// grace is how long a command may take to end after an interruption.
const grace = 500 * time.Millisecond

// execute runs the command, and reports whether it finished. One that is interrupted where no
// context reaches it, reading from a terminal or writing to a full pipe, is left behind; unless it
// does what must not be left half done.
func execute(
	ctx context.Context, root *cobra.Command, ending *ui.Ending,
) (finished bool, err error) {
	done := make(chan error, 1)
	go func() {
		defer func() {
			if caught := recover(); caught != nil {
				done <- &ui.ExitError{Code: ui.ExitFailed, Err: fmt.Errorf("internal error: %v\n%s", caught,
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
	for {
		select {
		case err := <-done:
			return true, err
		case <-time.After(grace):
			if ending.Close() {
				return false, ctx.Err()
			}
		}
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
