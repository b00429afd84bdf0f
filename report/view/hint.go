// SPDX-License-Identifier: Apache-2.0

package view

import (
	"math"
	"regexp"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
)

// Hint is a command to type next.
type Hint struct {
	For   string   // what it is good for
	Words []string // of the command, as the program gets them; its own name is the first
}

// Foremost returns what hints about a run may be about: the worst token that has a row, nil if
// none has one; and the rule that most tokens fail, at or above the policy's threshold if any
// does.
func (d *Document) Foremost(run *audit.Run) (token *audit.Token, rule string) {
	var first Place
	for r := range run.Results() {
		findings, chosen := d.View.Choose(r)
		if !chosen || !d.View.RowOf(Stand(run, r)) {
			continue
		}
		if w := PlaceOf(run, r, findings); token == nil || ComparePlaces(w, first) < 0 {
			first, token = w, r.Token
		}
	}
	return token, commonest(run)
}

// commonest returns the rule that most tokens fail.
func commonest(run *audit.Run) string {
	rule, most := "", 0
	for i := range run.Rules {
		r := &run.Rules[i]
		if n := r.Counts[audit.Fail]; n > most && r.Severity >= run.Policy.FailOn {
			rule, most = r.Rule.ID, n
		}
	}
	return rule
}

// String writes the command as a shell reads it.
func (h Hint) String() string { return strings.Join(h.Lines(math.MaxInt), "") }

// Lines writes a command as a shell reads it, in lines of so many columns where its words allow
// it. There are none if one of its words cannot be shown as it is, and so not be typed.
func (h Hint) Lines(room int) (lines []string) {
	const more = ` \`
	line := ""
	for i, word := range h.Words {
		if safe.Terminal(word) != word {
			return nil
		}
		word = ShellWord(word)
		long := len(line) + 1 + len(word) + len(more)
		if i+1 < len(h.Words) && strings.HasPrefix(word, "--") &&
			!strings.HasPrefix(h.Words[i+1], "--") {
			long += 1 + len(ShellWord(h.Words[i+1])) // a flag's value is best beside it
		}
		switch {
		case line == "":
			line = word
		case long > room:
			lines, line = append(lines, line+more), word
		default:
			line += " " + word
		}
	}
	return append(lines, line)
}

// plainWord is what a shell takes as it is.
var plainWord = regexp.MustCompile(`^[A-Za-z0-9_./:@%+,-][A-Za-z0-9_./:@%+,=-]*$`)

// ShellWord writes a text so that a shell reads it as one word.
func ShellWord(text string) string {
	if plainWord.MatchString(text) {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
