// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"fmt"
	"log/slog"
	"regexp"
	"strings"

	"github.com/complytime/pataudit/report/safe"
)

// Logger logs to standard error, one quoted line per record.
func (u *UI) Logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(&cleaner{u}, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{} // a log has its own clock
			}
			if u.Nameless && a.Value.Kind() == slog.KindString {
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

// impersonalField returns a field of a log without people and ids.
func impersonalField(key, value string) string {
	switch {
	case key == "path":
		return impersonalRoute(value)
	case key == "query":
		return impersonalQuery(value)
	case key == "remaining" && figure.MatchString(value):
		return value
	case key == "resource" && quotas.MatchString(value):
		return value
	case key == "remaining", key == "resource":
		return "…" // a header's text
	}
	return Impersonal(value)
}

// cleaner passes log lines through the sanitizer.
type cleaner struct{ ui *UI }

func (c *cleaner) Write(p []byte) (int, error) {
	c.ui.mu.Lock()
	defer c.ui.mu.Unlock()
	c.ui.clear()
	line := safe.Terminal(strings.TrimSuffix(string(p), "\n"))
	if _, err := fmt.Fprintf(c.ui.Err, "pataudit: %s\n", line); err != nil {
		return 0, err
	}
	return len(p), nil
}
