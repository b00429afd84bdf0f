// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"

	"github.com/complytime/pataudit/audit/github"
	"github.com/complytime/pataudit/report"
)

// The rules of the terminal:
//
//   - what was asked for goes to standard output, everything else to standard error;
//   - a message begins with "pataudit:", in lower case, without a full stop at its end;
//   - no text from outside reaches a terminal without passing report.Terminal;
//   - progress is shown on a terminal only, and leaves no trace.
type ui struct {
	now      func() time.Time
	in       io.Reader
	out      io.Writer
	err      io.Writer
	program  string   // as it was invoked
	help     *writing // standard output, for what cobra writes by itself
	quiet    bool     // errors only
	public   bool     // everybody may read it: standard output names nobody
	nameless bool     // standard error names nobody: it is public, or the report has pseudonyms
	files    outputs
	traced   bool // a progress line stands on the terminal

	several *sums // how far several organizations have come; nil for one

	mu sync.Mutex
}

func newUI(now func() time.Time, in io.Reader, out, err io.Writer) *ui {
	return &ui{now: now, in: in, out: out, err: err, help: &writing{Writer: out}}
}

// errorf says why the program ends.
func (u *ui) errorf(format string, args ...any) { u.say("", format, args...) }

// warnf says what the user should mend, though the program goes on.
func (u *ui) warnf(format string, args ...any) {
	if !u.quiet {
		u.say("warning: ", format, args...)
	}
}

// notef says what happened.
func (u *ui) notef(format string, args ...any) {
	if !u.quiet {
		u.say("", format, args...)
	}
}

func (u *ui) say(prefix, format string, args ...any) {
	u.clear()
	if u.nameless {
		args = impersonal(args)
	}
	text := strings.ReplaceAll(fmt.Sprintf(format, args...), "\t", "  ") // of PostgreSQL's
	for line := range strings.SplitSeq(text, "\n") {
		// The one place without a remedy for a failing write.
		_, _ = fmt.Fprintf(u.err, "pataudit: %s%s\n", prefix, report.Terminal(line))
	}
}

// impersonal gives the arguments of a message without what somebody else wrote. Numbers are ours.
func impersonal(args []any) []any {
	told := slices.Clone(args)
	for i, arg := range told {
		switch arg := arg.(type) {
		case string:
			told[i] = report.Impersonal(arg)
		case error:
			told[i] = report.Impersonal(arg.Error())
		}
	}
	return told
}

// logger logs to standard error, one quoted line per record.
func (u *ui) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(&cleaner{u}, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{} // a log has its own clock
			}
			if u.nameless && a.Value.Kind() == slog.KindString {
				return slog.String(a.Key, impersonalField(a.Key, a.Value.String()))
			}
			return a
		},
	}))
}

// figure is a number that GitHub may tell, and no id.
var figure = regexp.MustCompile(`^-?[0-9]{0,6}$`)

// quotas are what GitHub counts requests against.
var quotas = regexp.MustCompile(`^(?:core|graphql|search|audit_log|audit_log_streaming)?$`)

// impersonalField gives a field of a log without people and ids.
func impersonalField(key, value string) string {
	switch {
	case key == "path":
		return report.ImpersonalRoute(value)
	case key == "query":
		return report.ImpersonalQuery(value)
	case key == "remaining" && figure.MatchString(value):
		return value
	case key == "resource" && quotas.MatchString(value):
		return value
	case key == "remaining", key == "resource":
		return "…" // a header's text
	}
	return report.Impersonal(value)
}

// cleaner passes log lines through the sanitizer.
type cleaner struct{ ui *ui }

func (c *cleaner) Write(p []byte) (int, error) {
	c.ui.clear()
	line := report.Terminal(strings.TrimSuffix(string(p), "\n"))
	if _, err := fmt.Fprintf(c.ui.err, "pataudit: %s\n", line); err != nil {
		return 0, err
	}
	return len(p), nil
}

// progress shows how far a collection has come, if standard error is a terminal.
func (u *ui) progress() func(github.Progress) {
	if u.quiet || !isTerminal(u.err) {
		return nil
	}
	return func(p github.Progress) {
		u.mu.Lock()
		defer u.mu.Unlock()
		u.traced = true
		line := fmt.Sprintf("%s %d", p.Act, p.Done)
		switch {
		case u.several != nil:
			line = u.several.line(p)
		case p.Total > 0:
			line = fmt.Sprintf("%s %d of %d", p.Act, p.Done, p.Total)
		}
		_, _ = fmt.Fprint(u.err, "\r\x1b[K", line)
	}
}

// forecast says what an audit will take: always if it is more than GitHub allows, else to who
// looks on, or if it is long.
func (u *ui) forecast(verbose bool) func(github.Forecast) {
	return func(f github.Forecast) {
		switch {
		case !f.Enough:
			u.warnf("%s needs about %d requests, %d of them from a quota of which %d are left until "+
				"%s: that is more than --max-wait allows for; raise it, or ask for less with "+
				"--repositories failing", f.Organization, f.Requests, f.Quota, f.Left,
				f.Reset.UTC().Format(time.RFC3339))
		case verbose, isTerminal(u.err), f.Takes >= time.Minute:
			u.notef("%s needs about %d requests and %s%s", f.Organization, f.Requests,
				roughly(f.Takes), quotaWords(f))
		}
	}
}

func quotaWords(f github.Forecast) string {
	if f.Left < 0 {
		return ""
	}
	return fmt.Sprintf("; %d of them from the quota, of which %d are left", f.Quota, f.Left)
}

// plural writes a count with its noun.
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// roughly words a time that nobody can know exactly.
func roughly(d time.Duration) string {
	if d < time.Minute {
		return "less than a minute"
	}
	return fmt.Sprintf("%d min", int(d.Round(time.Minute).Minutes()))
}

// clear removes the progress line.
func (u *ui) clear() {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.traced {
		_, _ = fmt.Fprint(u.err, "\r\x1b[K")
		u.traced = false
	}
}

func isTerminal(stream any) bool {
	file, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// width is how wide the table may be: the terminal's width, else COLUMNS, else 0 for the default.
func (u *ui) width() int {
	if file, ok := u.out.(*os.File); ok {
		if width, _, err := term.GetSize(int(file.Fd())); err == nil && width > 0 {
			return width
		}
	}
	width, err := strconv.Atoi(os.Getenv("COLUMNS"))
	if err != nil || width <= 0 {
		return 0
	}
	return width
}

// color decides whether the table is coloured.
func (u *ui) color(flag string) (bool, error) {
	switch flag {
	case "always":
		return true, nil
	case "never":
		return false, nil
	case "auto":
		return isTerminal(u.out) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb", nil
	}
	return false, usagef("--color %q is none of auto, always, never", flag)
}
