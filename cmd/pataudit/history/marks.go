// SPDX-License-Identifier: Apache-2.0

package history

import (
	"fmt"
	"strings"

	"github.com/complytime/pataudit/audit/history"
)

// runMarks show in a table what makes a run hard to compare with the others, each by a letter.
var runMarks = []struct{ letter, words string }{
	{"i", "incomplete: there may be more than it saw"},
	{"p", "judged by another policy than the run before it"},
	{"c", "changed after it was saved: `pataudit history check` says what"},
	{"o", "the organization's settings are not as the policy claims: --format json says how many"},
	{"s", "something was not looked at, by choice: --format json says what"},
}

// markChanged is the one of a run of which nothing else is to be believed.
const markChanged = 2

// marksOf returns the marks of each run, which are in their order. Whether the policy of the first
// run of an organization is a new one is not known.
func marksOf(runs []history.Run) []string {
	marks := make([]string, len(runs))
	policies := map[string]string{}
	for i := range runs {
		r := &runs[i]
		which := r.Organization.Key()
		before, known := policies[which]
		policies[which] = r.Policy.Digest
		for j, marked := range []bool{
			!r.Complete, known && before != r.Policy.Digest, r.Changed != nil,
			r.Contradicted > 0, r.Skipped != 0,
		} {
			if marked && (r.Changed == nil || j == markChanged) {
				marks[i] += runMarks[j].letter
			}
		}
	}
	return marks
}

// legend returns what the marks mean, of those that are used, below an empty line.
func legend(marks []string) (text string) {
	used := strings.Join(marks, "")
	for _, mark := range runMarks {
		if strings.Contains(used, mark.letter) {
			text += fmt.Sprintf("%s  %s\n", mark.letter, mark.words)
		}
	}
	if text != "" {
		text = "\n" + text
	}
	return text
}

// shortened cuts a name to a number of characters, which are sanitized already.
func shortened(name string, most int) string {
	if runes := []rune(name); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return name
}

// skippedNames lists what a run did without by choice.
func skippedNames(r *history.Run) []string {
	names := r.Skipped.Names()
	if names == nil {
		names = []string{}
	}
	return names
}
