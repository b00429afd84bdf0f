// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"time"
)

// The kinds of what a finding can be about.
const (
	KindToken   = "token"
	KindRequest = "request"

	// KindGrant is of a debt about a token whose id is not known, or is another grant's.
	KindGrant = "grant"
)

// Debt is one finding that an organization accepted when it began to audit: known, dated, and to
// be paid. It holds ids and no names, so that it may lie in a repository.
type Debt struct {
	Kind      string // KindToken, KindGrant or KindRequest
	ID        int64  // of what the kind says
	Rule      string
	Basis     []string // what was accepted, no more
	Severity  Severity // likewise
	Reach     Reach    // for which it was accepted; the same in all debts of one grant or request
	FirstSeen time.Time
	Until     time.Time // the last day on which it counts
}

// Covers reports whether a failing finding about a token is this debt at an instant: nothing more
// than was accepted, and not after its last day.
func (d *Debt) Covers(f *Finding, t *Token, now time.Time) bool {
	return d.accepts(f, t) && !d.lapsed(now)
}

// lapsed reports whether the debt's last day is over.
func (d *Debt) lapsed(now time.Time) bool { return !now.Before(d.Until.AddDate(0, 0, 1)) }

// accepts reports whether a failing finding is no more than was accepted, on whatever day.
func (d *Debt) accepts(f *Finding, t *Token) bool {
	covered, _ := d.accepted().covers(f, t)
	return covered == matchYes
}

func (d *Debt) accepted() accepted { return accepted{d.Basis, d.Severity, d.Reach} }

// Baseline is an organization's debt.
type Baseline struct {
	Organization   string       // its login; debts of another one are none. "": of any
	OrganizationID int64        // 0: not known, and the login tells
	Created        time.Time    // the day
	Until          time.Time    // the day after which none of the debts counts
	Accepted       []Acceptance // what was added since
	Debts          []Debt       // by kind, id and rule, each once
}

// Acceptance says why a baseline grew.
type Acceptance struct {
	On     time.Time
	By     string // "" if not said
	Reason string
	Added  int // debts
}

// Of reports whether the debts are an organization's: by its id, for a login changes and is taken
// by others; by its login where an id is not known. Those of a nil baseline are nobody's.
func (b *Baseline) Of(o *Organization) bool {
	if b == nil {
		return false
	}
	of := Organization{Login: b.Organization, ID: b.OrganizationID, Host: o.Host}
	return b.Organization == "" && (b.OrganizationID == 0 || o.ID == 0) || of.Same(o)
}

// debtKey identifies the finding that a debt is about.
type debtKey struct {
	kind string
	id   int64
	rule string
}

// byFinding makes an organization's debts quick to find.
func (b *Baseline) byFinding(o *Organization) map[debtKey]*Debt {
	if !b.Of(o) {
		return nil
	}
	found := make(map[debtKey]*Debt, len(b.Debts))
	for i := range b.Debts {
		d := &b.Debts[i]
		found[debtKey{d.Kind, d.ID, d.Rule}] = d
	}
	return found
}
