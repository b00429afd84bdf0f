// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"github.com/complytime/pataudit/audit"
)

// place is where something stands in a file.
type place struct{ line, column int } // from one; 0 if unknown

// problem is something wrong at one place of a file.
type problem struct {
	place
	err error
}

func (p *parser) fail(n *yaml.Node, format string, args ...any) {
	p.problems = append(p.problems, problem{place{n.Line, n.Column}, fmt.Errorf(format, args...)})
}

// failLoad records what the yaml package says, in our words.
func (p *parser) failLoad(what string, err error) {
	var all *yaml.LoadErrors
	var one *yaml.LoadError
	switch {
	case strings.Contains(err.Error(), "found multiple"):
		p.fail(&yaml.Node{Line: p.second(), Column: 1}, "%sa second document begins here: "+
			"a file holds one", what)
	case errors.As(err, &all):
		for _, e := range all.Errors {
			why := expectedValue(e.Message)
			if number, odd := p.odd[place{e.Mark.Line, e.Mark.Column}]; odd {
				why += ": " + numberProblem(number)
			}
			p.fail(&yaml.Node{Line: e.Mark.Line, Column: e.Mark.Column}, "%s%s", what, why)
		}
	case errors.As(err, &one):
		why := one.Message
		if strings.HasPrefix(p.line(one.Mark.Line), "\t") {
			why = "a tab: YAML lines begin with spaces"
		}
		p.fail(&yaml.Node{Line: one.Mark.Line, Column: one.Mark.Column}, "%s%s", what, why)
	default:
		p.fail(&yaml.Node{}, "%s%w", what, err)
	}
}

// line returns a line of the file; "" if there is none of that number.
func (p *parser) line(number int) string {
	if lines := p.lines(); number > 0 && number <= len(lines) {
		return lines[number-1]
	}
	return ""
}

// second returns the line in which a second document of the file begins, after one that holds
// something.
func (p *parser) second() int {
	held := false
	for i, line := range p.lines() {
		begins := strings.HasPrefix(line, "---") || strings.HasPrefix(line, "...")
		switch text := strings.TrimSpace(line); {
		case begins && held:
			return i + 1
		case !begins && text != "" && !strings.HasPrefix(text, "#"):
			held = true
		}
	}
	return 1
}

// numberProblem returns what is wrong with a number that is not written as people do.
func numberProblem(number string) string {
	digits := strings.TrimLeft(number, "0")
	if digits != number && digits != "" && strings.Trim(digits, "0123456789") == "" {
		return fmt.Sprintf("%.40q begins with a zero, and is another number to some programs: "+
			"write %.40s", number, digits)
	}
	return fmt.Sprintf("%.40q is no plain number: write it with digits alone, as in 30", number)
}

// expectedValue returns what a value should be, where the yaml package says which Go type it does
// not fit.
func expectedValue(message string) string {
	if _, goType, ok := strings.Cut(message, " into "); ok {
		return "wants " + belongs(goType)
	}
	if field, _, ok := strings.Cut(message, " not found in type "); ok {
		return "the key " + strconv.Quote(strings.TrimPrefix(field, "field ")) + " is unknown"
	}
	if strings.Contains(message, "no documents") {
		return "there is nothing in it"
	}
	return strings.TrimPrefix(message, "yaml: ")
}

func belongs(goType string) string {
	switch {
	case goType == "bool":
		return "true or false"
	case goType == "string":
		return "text"
	case strings.HasPrefix(goType, "[]"):
		return "a list"
	case strings.HasPrefix(goType, "int"), strings.HasPrefix(goType, "uint"):
		return "a whole number"
	case strings.HasPrefix(goType, "float"):
		return "a number"
	}
	return "keys and values"
}

// unknown refuses a key, and names what may have been meant.
func (p *parser) unknown(key *yaml.Node, kind string, known []string) {
	hint := "one of " + strings.Join(known, ", ")
	if near := audit.Nearest(key.Value, known); near != "" {
		hint = "did you mean " + near
	}
	p.fail(key, "the %s %.40q is unknown; %s?", kind, key.Value, hint)
}

// err joins the problems in the order of their places, the first at each: what follows at the same
// place follows from it. The offending line is shown beneath, with a mark under the place.
func (p *parser) err() error {
	byPlace := func(a, b problem) int {
		return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.column, b.column))
	}
	slices.SortStableFunc(p.problems, byPlace)
	p.problems = slices.CompactFunc(p.problems, func(a, b problem) bool { return byPlace(a, b) == 0 })
	if len(p.problems) == 0 {
		return nil
	}
	lines := p.lines()
	var errs []error
	for i, q := range p.problems {
		if i == maxProblems {
			errs = append(errs, fmt.Errorf("and %d more: mend these first", len(p.problems)-i))
			break
		}
		switch {
		case p.file == "":
			errs = append(errs, onOneLine(q.err))
		case q.line == 0:
			errs = append(errs, fmt.Errorf("%s: %w", escaped(p.file), onOneLine(q.err)))
		default:
			errs = append(errs, fmt.Errorf("%s:%d:%d: %w%s",
				escaped(p.file), q.line, q.column, onOneLine(q.err), excerpt(lines, q.line, q.column)))
		}
	}
	return errors.Join(errs...)
}

// maxProblems is how many problems of one file are reported.
const maxProblems = 100

// lines returns the lines of the file, as its reviewers see them; none of what is not UTF-8.
func (p *parser) lines() []string {
	if p.file == "" || len(p.data) > maxRecords || !utf8.Valid(p.data) {
		return nil
	}
	text := strings.TrimPrefix(string(p.data), mark)
	return strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
}

// excerpt returns a place of a file: the line, and beneath it a mark; "" if there is no such
// place.
func excerpt(lines []string, line, column int) string {
	const before, width = 48, 76 // of a line that is too long
	if line > len(lines) {
		return ""
	}
	text := []rune(lines[line-1])
	at := column - 1
	if at < 0 || at > len(text) || len(text) == 0 {
		return ""
	}
	from := 0
	if len(text) > width {
		from = max(0, min(at-before, len(text)-width))
	}
	shown := slices.Clone(text[from:min(from+width, len(text))])
	for i, r := range shown {
		switch {
		case r == '\t':
			shown[i] = ' '
		case !audit.Visible(r):
			shown[i] = utf8.RuneError // might reorder the line, or hide a part
		}
	}
	return "\n    " + string(shown) + "\n    " + strings.Repeat(" ", at-from) + "^"
}
