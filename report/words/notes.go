// SPDX-License-Identifier: Apache-2.0

package words

import (
	"slices"
	"strings"

	"github.com/complytime/pataudit/audit"
)

// Notable returns the findings that are worth a line: what fails, the worst first; then what is
// not known; then what was waived.
func Notable(findings []*audit.Finding) []*audit.Finding {
	place := func(f *audit.Finding) int {
		switch f.Status {
		case audit.Fail:
			return -int(f.Severity)
		case audit.Indeterminate:
			return 1
		default:
			return 2
		}
	}
	told := slices.DeleteFunc(slices.Clone(findings), func(f *audit.Finding) bool {
		return f.Status == audit.Pass || f.Status == audit.NotApplicable
	})
	slices.SortStableFunc(told, func(a, b *audit.Finding) int { return place(a) - place(b) })
	return told
}

// Note is a text about a finding beside its message. Its text is not sanitized.
type Note struct{ Label, Text string }

// Notes returns what was not learned of a finding of a token, what people accepted of it, and by
// what it was judged; nil if there is nothing to say.
func Notes(f *audit.Finding, t *audit.Token) (notes []Note) {
	add := func(label, text string) {
		if text != "" {
			notes = append(notes, Note{label, text})
		}
	}
	add("not learned", strings.ReplaceAll(f.Missing.String(), "_", " "))
	if d := f.Waiver; d != nil {
		add("waived", f.Severity.String()+", "+Waiver(d, t))
	}
	if d := f.Exceeded; d != nil {
		add("more than was waived", strings.Join(f.More, ", ")+" (waived "+Waiver(d, t)+")")
	} else {
		add("more than accepted debt", strings.Join(f.More, ", "))
	}
	add("known", Term(f))
	if f.InBaseline {
		add("baseline", "accepted debt of severity "+f.Severity.String()+", which does not count")
	}
	add("judged by the override", f.Override)
	return notes
}
