// SPDX-License-Identifier: Apache-2.0

// Package ui is how the program meets the person or the job that runs it: the terminal and its
// messages, exit codes, files that appear whole or not at all, and places where everybody reads.
package ui

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"

	"github.com/spf13/pflag"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

// UI is the terminal of a run. Its rules:
//
//   - what was asked for goes to standard output, everything else to standard error;
//   - a message begins with "pataudit:", in lower case, without a full stop at its end;
//   - no text from outside reaches a terminal without passing safe.Terminal;
//   - progress is shown on a terminal only, and leaves no trace.
type UI struct {
	Now      func() time.Time
	In       io.Reader
	Out      io.Writer
	Err      io.Writer
	Program  string    // as it was invoked
	Tool     view.Tool // this program, as reports name it
	Help     *writing  // standard output, for what cobra writes by itself
	Quiet    bool      // errors only
	Public   bool      // everybody may read it: standard output names nobody
	Nameless bool      // standard error names nobody: it is public, or the report has pseudonyms
	Files    Files
	Ending   Ending
	Settings map[string]string // by flag, where the project file sets it: "pataudit.yaml:5"
	traced   bool              // a progress line stands on the terminal

	organizations *sums // how far several organizations have come; nil for one

	mu sync.Mutex // of Err, which organizations that are audited at once share
}

// New returns the terminal of these streams. now is the only clock that counts.
func New(now func() time.Time, in io.Reader, out, err io.Writer) *UI {
	return &UI{
		Now: now, In: in, Out: out, Err: err, Help: &writing{Writer: out},
		Settings: map[string]string{},
	}
}

// Setting returns what sentences call a flag: "--redact", and where the project file sets it.
func (u *UI) Setting(flag string) string {
	if place := u.Settings[flag]; place != "" {
		return fmt.Sprintf("--%s (%s sets it)", flag, place)
	}
	return "--" + flag
}

// Errorf prints why the program ends.
func (u *UI) Errorf(format string, args ...any) { u.say("", format, args...) }

// Warnf prints what the user should mend, though the program goes on.
func (u *UI) Warnf(format string, args ...any) {
	if !u.Quiet {
		u.say("warning: ", format, args...)
	}
}

// Notef prints what happened.
func (u *UI) Notef(format string, args ...any) {
	if !u.Quiet {
		u.say("", format, args...)
	}
}

// Promptf asks the user for something, at the end of whose line the answer is typed.
func (u *UI) Promptf(format string, args ...any) {
	_, _ = fmt.Fprint(u.Err, safe.Terminal(fmt.Sprintf(format, args...)))
}

func (u *UI) say(prefix, format string, args ...any) {
	if u.Nameless {
		args = impersonal(args)
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.clear()
	text := strings.ReplaceAll(fmt.Sprintf(format, args...), "\t", "  ") // of PostgreSQL's
	for line := range strings.SplitSeq(text, "\n") {
		// The one place without a remedy for a failing write.
		_, _ = fmt.Fprintf(u.Err, "pataudit: %s%s\n", prefix, safe.Terminal(line))
	}
}

// impersonal returns the arguments of a message without what somebody else wrote. Numbers are
// ours.
func impersonal(args []any) []any {
	cleaned := slices.Clone(args)
	for i, arg := range cleaned {
		switch arg := arg.(type) {
		case string:
			cleaned[i] = Impersonal(arg)
		case audit.Reason:
			cleaned[i] = arg.Nameless()
		case error:
			cleaned[i] = Impersonal(arg.Error())
		}
	}
	return cleaned
}

// Clear removes the progress line.
func (u *UI) Clear() {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.clear()
}

func (u *UI) clear() {
	if u.traced {
		_, _ = fmt.Fprint(u.Err, "\r\x1b[K")
		u.traced = false
	}
}

// IsTerminal reports whether a stream is a terminal.
func IsTerminal(stream any) bool {
	file, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// maxWidth is the widest that a table is: lines are padded, and COLUMNS may be any number.
const maxWidth = 1000

// Width returns how wide the table may be: the terminal's width, else COLUMNS, else 0 for a log.
func (u *UI) Width() int {
	if file, ok := u.Out.(*os.File); ok {
		if width, _, err := term.GetSize(int(file.Fd())); err == nil && width > 0 {
			return min(width, maxWidth)
		}
	}
	width, err := strconv.Atoi(os.Getenv("COLUMNS"))
	if err != nil || width <= 0 {
		return 0
	}
	return min(width, maxWidth)
}

// RegisterColor registers --color.
func RegisterColor(set *pflag.FlagSet, value *string) {
	Choice(set, value, "color", "auto", []string{"auto", "always", "never"},
		"auto, always or never; NO_COLOR is honoured")
}

// Color reports whether the table is coloured, by the value of --color.
func (u *UI) Color(value string) bool {
	return value == "always" || value != "never" && IsTerminal(u.Out) &&
		os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}
