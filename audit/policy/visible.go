// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"github.com/complytime/pataudit/audit"
)

// This file keeps out of YAML what its reviewers cannot see. YAML ends a line at characters that
// no diff shows as line breaks, so that what reads as a comment could be a setting; others reorder
// a line, or make a name differ from the one that it looks like.

// mark may begin a file: the byte order mark that editors write.
const mark = "\ufeff"

// visible reports whether people see all of a file, as text in lines that end with LF or CRLF. It
// refuses each character that they do not see; whatever else the file says is not looked at then.
func (p *parser) visible(data []byte) bool {
	text := strings.TrimPrefix(string(data), mark)
	line, column := 1, 0
	refuse := func(format string, args ...any) {
		p.fail(&yaml.Node{Line: line, Column: column}, format, args...)
	}
	for i, r := range text {
		column++
		switch {
		case r == '\n':
			line, column = line+1, 0
		case r == '\t', r == '\r' && strings.HasPrefix(text[i+1:], "\n"):
		case r == utf8.RuneError && !strings.HasPrefix(text[i:], string(r)):
			refuse("the file is not UTF-8: save it as that")
			return false
		case !audit.Visible(r):
			refuse("reviewers cannot see %U: remove it or, if a value needs it, "+
				"write %s in double quotes", r, escape(r))
		}
		if len(p.problems) > maxProblems {
			break
		}
	}
	return len(p.problems) == 0
}

// escape writes a character as YAML and Go do in double quotes.
func escape(r rune) string {
	quoted := strconv.QuoteRuneToASCII(r)
	return quoted[1 : len(quoted)-1]
}

// escaped writes out what people do not see of a text, line breaks and tabs, too.
func escaped(text string) string {
	if !strings.ContainsFunc(text, unseen) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if unseen(r) {
			b.WriteString(escape(r))
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func unseen(r rune) bool { return !audit.Visible(r) }

// quote writes a text in double quotes, for YAML. Of Go's escapes YAML has those that valid UTF-8
// needs.
func quote(text string) string { return escaped(strconv.Quote(text)) }

// onOneLine returns an error on one line that hides nothing: its text quotes the file.
func onOneLine(err error) error {
	text := err.Error()
	if shown := escaped(text); shown != text {
		return errors.New(shown)
	}
	return err
}
