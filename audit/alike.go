// SPDX-License-Identifier: Apache-2.0

package audit

import "slices"

// alike has findings that tokens share. Most of what is found of a hundred thousand tokens is
// found of many: kept once for each, findings would take more room than all else of a run.
type alike map[likeness]*Finding

// likeness is by what a finding is looked up that may be the same.
type likeness struct {
	rule    *PolicyRule
	message string
}

// mostAlike is how many findings are looked at, so that those that are of one token each do not
// take room twice.
const mostAlike = 10_000

// finding returns one that is the same as f, which may be overwritten then.
func (a alike) finding(f *Finding) *Finding {
	key := likeness{f.Rule, f.Message}
	if known := a[key]; known != nil && known.equal(f) {
		return known
	}
	if len(a) >= mostAlike {
		clear(a)
	}
	kept := *f
	a[key] = &kept
	return &kept
}

// equal reports whether two findings are the same in everything.
func (f *Finding) equal(other *Finding) bool {
	return f.Rule == other.Rule && f.Status == other.Status && f.Severity == other.Severity &&
		f.InBaseline == other.InBaseline && f.Overdue == other.Overdue &&
		f.Unclear == other.Unclear && f.perhaps == other.perhaps && f.Missing == other.Missing &&
		f.Message == other.Message && slices.Equal(f.Basis, other.Basis) &&
		f.Override == other.Override && f.Waiver == other.Waiver && f.Exceeded == other.Exceeded &&
		slices.Equal(f.More, other.More) && f.FirstSeen.Equal(other.FirstSeen) &&
		f.Due.Equal(other.Due)
}
