// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"hash/maphash"
	"slices"
)

// alike has findings that tokens share. Most of what is found of a hundred thousand tokens is
// found of many: kept once for each, findings would take more room than all else of a run.
type alike struct {
	findings map[likeness]*Finding
	basis    maphash.Hash
}

// likeness is by what a finding is looked up that may be the same.
type likeness struct {
	rule     *PolicyRule
	severity Severity
	message  string
	basis    uint64 // a hash
}

// mostAlike is how many findings are looked at, so that those that are of one token each do not
// take room twice.
const mostAlike = 10_000

func newAlike() *alike { return &alike{findings: map[likeness]*Finding{}} }

// finding returns one that is the same as f, which may be overwritten then.
func (a *alike) finding(f *Finding) *Finding {
	a.basis.Reset()
	for _, element := range f.Basis {
		_, _ = a.basis.WriteString(element) // never fails
	}
	key := likeness{f.Rule, f.Severity, f.Message, a.basis.Sum64()}
	if known := a.findings[key]; known != nil && known.equal(f) {
		return known
	}
	if len(a.findings) >= mostAlike {
		clear(a.findings)
	}
	kept := *f
	a.findings[key] = &kept
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
