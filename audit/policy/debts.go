// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"iter"
	"slices"
	"time"

	"github.com/complytime/pataudit/audit"
)

// NewBaseline accepts what fails in a run until a day. Waived findings are accepted already, and
// pending requests are no debt: somebody has to approve or deny them. Severities below the run's
// FailOn are accepted too: otherwise a policy that becomes stricter later would fail for what was
// there all the time.
func NewBaseline(run *audit.Run, until time.Time) *audit.Baseline {
	day := dayOf(run.AsOf)
	b := &audit.Baseline{Created: day, Until: dayOf(until)}
	name(b, run.Organization)
	accept(b, run, until)
	return b
}

// Grow accepts what is new or worse in a run since a baseline, until a day, and records the
// reason. What fails as it did keeps its debt, and its last day; what is worse or past its last
// day keeps the day on which it was first seen. A run of another organization adds nothing. It
// does not matter whether the run was judged with the baseline.
func Grow(
	b *audit.Baseline, run *audit.Run, until time.Time, reason string,
) (grown *audit.Baseline, added []audit.Debt) {
	grown = copyOf(b)
	if !b.Of(run.Organization) {
		return grown, nil
	}
	name(grown, run.Organization)
	added = accept(grown, run, until)
	if len(added) > 0 {
		grown.Accepted = append(grown.Accepted, audit.Acceptance{
			On: dayOf(run.AsOf), Reason: reason, Added: len(added),
		})
	}
	return grown, added
}

// name writes whose debts they are: an organization may have another login since, and its id may
// be known for the first time.
func name(b *audit.Baseline, o *audit.Organization) {
	b.Organization = o.Login
	if o.ID != 0 {
		b.OrganizationID = o.ID
	}
}

// accept adds to a baseline the debts that a run's findings would be.
func accept(b *audit.Baseline, run *audit.Run, until time.Time) (added []audit.Debt) {
	known := make(map[debtKey]int, len(b.Debts))
	for i := range b.Debts {
		known[keyOf(&b.Debts[i])] = i
	}
	for kind, result := range results(run) {
		if kind == audit.KindRequest {
			continue // what nobody has approved is no debt yet: it is to be decided
		}
		for i := range result.Findings {
			f := &result.Findings[i]
			if f.Status != audit.Fail || !f.Acceptable() {
				continue
			}
			debt := audit.Debt{
				Kind: kind, GrantID: result.Token.ID, Rule: f.Rule.Rule.ID,
				Basis: slices.Clone(f.Basis), Severity: f.ToAccept(),
				FirstSeen: dayOf(run.AsOf), Until: dayOf(until),
			}
			at, old := known[keyOf(&debt)]
			switch {
			case !old:
				b.Debts = append(b.Debts, debt)
			case b.Debts[at].Covers(f, run.AsOf):
				continue
			default:
				debt.FirstSeen = b.Debts[at].FirstSeen
				b.Debts[at] = debt
			}
			added = append(added, debt)
		}
	}
	if last := dayOf(until); len(added) > 0 && last.After(b.Until) {
		b.Until = last
	}
	slices.SortFunc(b.Debts, byKey)
	slices.SortFunc(added, byKey)
	return added
}

// Prune drops the debts whose finding a run did not make any more, and narrows the others to what
// is left of them: what is gone cannot come back unseen. A debt is dropped only if the run saw
// enough: not if its rule was not asked or is indeterminate, nor if its token is missing from a
// list that is not whole. A waived finding is no debt any more. A run of another organization
// drops nothing.
func Prune(b *audit.Baseline, run *audit.Run) (kept *audit.Baseline, dropped []audit.Debt) {
	kept = copyOf(b)
	if !b.Of(run.Organization) {
		return kept, nil
	}
	name(kept, run.Organization)
	listed, findings := look(b, run)
	asked := map[string]bool{}
	for i := range run.Rules {
		asked[run.Rules[i].Rule.ID] = run.Rules[i].Asked
	}
	kept.Debts = kept.Debts[:0]
	for _, d := range b.Debts {
		f := findings[keyOf(&d)]
		switch {
		case f == nil && !paid(&d, listed[debtKey{kind: d.Kind, id: d.GrantID}], asked, run),
			f != nil && f.Status == audit.Indeterminate:
			kept.Debts = append(kept.Debts, d)
		case f == nil || f.Status != audit.Fail:
			dropped = append(dropped, d)
		default:
			left := narrow(d, f, run)
			if len(left.Basis) == 0 {
				dropped = append(dropped, d)
				continue
			}
			kept.Debts = append(kept.Debts, left)
		}
	}
	return kept, dropped
}

// paid reports whether a debt of which a run tells nothing is gone: its rule was asked and had
// nothing to say, or its grant is not in a list that is whole.
func paid(d *audit.Debt, listed bool, asked map[string]bool, run *audit.Run) bool {
	if listed {
		return asked[d.Rule]
	}
	return whole(run, d.Kind)
}

// seen is a finding about a debt, and the facts that it rests on.
type seen struct {
	audit.Finding
	known audit.Facts
}

// look finds which grants of a baseline a run lists, and what the run says of its debts.
func look(b *audit.Baseline, run *audit.Run) (listed map[debtKey]bool, found map[debtKey]*seen) {
	wanted := make(map[debtKey]bool, 2*len(b.Debts)) // the grants, too, with no rule
	for i := range b.Debts {
		key := keyOf(&b.Debts[i])
		wanted[key], wanted[debtKey{kind: key.kind, id: key.id}] = true, true
	}
	listed, found = map[debtKey]bool{}, map[debtKey]*seen{}
	for kind, result := range results(run) {
		grant := debtKey{kind: kind, id: result.Token.ID}
		if !wanted[grant] {
			continue
		}
		listed[grant] = true
		for _, f := range result.Findings {
			key := debtKey{kind, grant.id, f.Rule.Rule.ID}
			if wanted[key] {
				found[key] = &seen{f, result.Token.Known | run.Organization.Known}
			}
		}
	}
	return listed, found
}

// narrow takes from a debt what its finding does not rest on any more, if that is known.
func narrow(d audit.Debt, f *seen, run *audit.Run) audit.Debt {
	if !f.known.Has(f.Rule.Rule.Needs) {
		return d
	}
	d.Severity = min(d.Severity, f.ToAccept())
	d.Basis = slices.DeleteFunc(slices.Clone(d.Basis), func(element string) bool {
		return !slices.Contains(f.Basis, element)
	})
	return d
}

// whole reports whether a run saw the whole list of what a debt is about.
func whole(run *audit.Run, kind string) bool {
	source := audit.SourceTokens
	if kind == audit.KindRequest {
		source = audit.SourceRequests
	}
	return slices.ContainsFunc(run.Coverage, func(c audit.Coverage) bool {
		return c.Source == source && c.Status == audit.Complete
	})
}

// results ranges over a run's tokens, then over its pending requests.
func results(run *audit.Run) iter.Seq2[string, *audit.Result] {
	return func(yield func(string, *audit.Result) bool) {
		for result := range run.Results() {
			if !yield(audit.KindToken, result) {
				return
			}
		}
		for result := range run.Requests() {
			if !yield(audit.KindRequest, result) {
				return
			}
		}
	}
}

func copyOf(b *audit.Baseline) *audit.Baseline {
	copied := *b
	copied.Accepted, copied.Debts = slices.Clone(b.Accepted), slices.Clone(b.Debts)
	return &copied
}
