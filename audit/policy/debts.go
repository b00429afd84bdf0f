// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/complytime/pataudit/audit"
)

// NewBaseline accepts what fails in a run until a day, for the repositories that its tokens reach.
// Waived findings are accepted already, and pending requests are no debt: somebody has to approve
// or deny them. Severities below the run's FailOn are accepted too: otherwise a policy that
// becomes stricter later would fail for what was there all the time. Refused are those that nobody
// can accept: they rest on repositories, and which their token reaches is not known.
func NewBaseline(run *audit.Run, until time.Time) (b *audit.Baseline, refused []audit.Debt) {
	day := dayOf(run.AsOf)
	b = &audit.Baseline{Created: day, Until: dayOf(until)}
	name(b, run.Organization)
	grown := accept(b, run, until)
	return b, grown.Refused
}

// Growth is what became of a baseline that grew.
type Growth struct {
	Added   []audit.Debt
	Refused []audit.Debt // see [NewBaseline]
	Dropped []audit.Debt // see [Grow]
}

// Grow accepts what is new or worse in a run since a baseline, until a day, and records the
// reason. What fails as it did keeps its debt, and its last day; what is worse or past its last
// day keeps the day on which it was first seen. A token of which something is added has its debts
// for the repositories that it reaches now; those that do not fail now, and were accepted for
// fewer, are dropped: nobody accepted them for these. A run of another organization adds nothing.
// It does not matter whether the run was judged with the baseline.
func Grow(
	b *audit.Baseline, run *audit.Run, until time.Time, reason string,
) (grown *audit.Baseline, growth Growth) {
	grown = copyOf(b)
	if !b.Of(run.Organization) {
		return grown, growth
	}
	name(grown, run.Organization)
	growth = accept(grown, run, until)
	if len(growth.Added) > 0 {
		grown.Accepted = append(grown.Accepted, audit.Acceptance{
			On: dayOf(run.AsOf), Reason: reason, Added: len(growth.Added),
		})
	}
	return grown, growth
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
func accept(b *audit.Baseline, run *audit.Run, until time.Time) (growth Growth) {
	bySubject := map[debtKey][]audit.Debt{}
	for _, d := range b.Debts {
		bySubject[subjectOf(&d)] = append(bySubject[subjectOf(&d)], d)
	}
	identity := run.Identities()
	for result := range run.Results() { // what nobody has approved is no debt yet
		subjects := tokenSubjects(identity(result.Token), result.Token)
		var old []audit.Debt
		for _, subject := range subjects {
			old = append(old, bySubject[subject]...)
			delete(bySubject, subject)
		}
		debts := acceptToken(subjects[0], old, result, run, until, &growth)
		if len(debts) > 0 {
			bySubject[subjects[0]] = debts
		}
	}
	b.Debts = slices.Concat(slices.Collect(maps.Values(bySubject))...)
	if last := dayOf(until); len(growth.Added) > 0 && last.After(b.Until) {
		b.Until = last
	}
	slices.SortFunc(b.Debts, byKey)
	for _, debts := range [][]audit.Debt{growth.Added, growth.Refused, growth.Dropped} {
		slices.SortFunc(debts, byKey)
	}
	return growth
}

// acceptToken returns the debts of one token once what fails of it is accepted. The new ones are
// about the subject.
func acceptToken(
	subject debtKey, old []audit.Debt, result *audit.Result, run *audit.Run, until time.Time,
	growth *Growth,
) (debts []audit.Debt) {
	reach := audit.ReachOf(result.Token)
	known := reach.Known()
	if !known && len(old) > 0 {
		reach = old[0].Reach // no more than it was accepted for
	}
	kept := map[string]bool{} // rules whose debt covers what fails
	var added []audit.Debt
	for _, f := range result.Findings {
		if f.Status != audit.Fail || !f.Acceptable() {
			continue
		}
		debt := audit.Debt{
			Kind: subject.kind, ID: subject.id, Rule: f.Rule.Rule.ID,
			Basis: slices.Clone(f.Basis), Severity: f.ToAccept(), Reach: reach,
			FirstSeen: dayOf(run.AsOf), Until: dayOf(until),
		}
		if first := dayOf(f.FirstSeen); !f.FirstSeen.IsZero() && first.Before(debt.FirstSeen) {
			debt.FirstSeen = first // as a history knows
		}
		at := slices.IndexFunc(old, func(d audit.Debt) bool { return d.Rule == debt.Rule })
		switch {
		case at >= 0 && old[at].Covers(f, result.Token, run.AsOf):
			kept[debt.Rule] = true
			continue
		case f.RestsOnRepositories() && !known:
			growth.Refused = append(growth.Refused, debt)
			continue
		case at >= 0:
			debt.FirstSeen = old[at].FirstSeen
		}
		added = append(added, debt)
	}
	if len(added) == 0 {
		return old
	}
	growth.Added = append(growth.Added, added...)
	for _, d := range old {
		renewed := slices.ContainsFunc(added, func(a audit.Debt) bool { return a.Rule == d.Rule })
		switch {
		case renewed:
			continue
		case !kept[d.Rule] && !reach.Equal(d.Reach) && !reach.Within(d.Reach):
			growth.Dropped = append(growth.Dropped, d)
			continue
		}
		d.Reach = reach
		added = append(added, d)
	}
	return added
}

// Pruned is what is left of a baseline, and what became of its debts.
type Pruned struct {
	Kept     *audit.Baseline
	Dropped  []audit.Debt
	Unjudged []audit.Debt // of those that are kept: the run did not see enough to judge
}

// Prune drops the debts whose finding a run did not make any more, and narrows the others to what
// is left of them, and to the repositories that their tokens still reach: what is gone cannot come
// back unseen. A debt is dropped only if the run saw enough: not if its rule was not asked or is
// indeterminate, nor if its token is missing from a list that is not whole. A waived finding is no
// debt any more. A run of another organization drops nothing.
func Prune(b *audit.Baseline, run *audit.Run) (p Pruned) {
	kept := copyOf(b)
	p.Kept = kept
	if !b.Of(run.Organization) {
		return p
	}
	name(kept, run.Organization)
	listed, findings := findDebts(b, run)
	asked := map[string]bool{}
	for i := range run.Rules {
		asked[run.Rules[i].Rule.ID] = run.Rules[i].Asked
	}
	sawAll := map[string]bool{}
	for _, kind := range []string{audit.KindToken, audit.KindGrant, audit.KindRequest} {
		sawAll[kind] = run.ListedAll(kind)
	}
	kept.Debts = kept.Debts[:0]
	for _, d := range b.Debts {
		f, token := findings[keyOf(&d)], listed[subjectOf(&d)]
		if token != nil {
			if reach := audit.ReachOf(token); reach.Known() {
				d.Reach = d.Reach.Both(reach)
			}
		}
		switch {
		case f == nil && token != nil && !asked[d.Rule], f == nil && token == nil && !sawAll[d.Kind],
			f != nil && f.Status == audit.Indeterminate:
			kept.Debts, p.Unjudged = append(kept.Debts, d), append(p.Unjudged, d)
		case f == nil || f.Status != audit.Fail:
			p.Dropped = append(p.Dropped, d)
		default:
			left := reduced(d, f, run)
			if len(left.Basis) == 0 {
				p.Dropped = append(p.Dropped, d)
				continue
			}
			kept.Debts = append(kept.Debts, left)
		}
	}
	return p
}

// debtFinding is a finding about a debt, and the facts that it rests on.
type debtFinding struct {
	*audit.Finding
	known audit.Facts
}

// findDebts finds which tokens and requests of a baseline a run lists, and what the run says of
// its debts.
func findDebts(
	b *audit.Baseline, run *audit.Run,
) (listed map[debtKey]*audit.Token, found map[debtKey]*debtFinding) {
	wanted := make(map[debtKey]bool, 2*len(b.Debts)) // what they are about, too, with no rule
	for i := range b.Debts {
		key := keyOf(&b.Debts[i])
		wanted[key], wanted[subjectOf(&b.Debts[i])] = true, true
	}
	listed, found = map[debtKey]*audit.Token{}, map[debtKey]*debtFinding{}
	for subject, result := range subjects(run) {
		if !wanted[subject] {
			continue
		}
		listed[subject] = result.Token
		for _, f := range result.Findings {
			key := debtKey{subject.kind, subject.id, f.Rule.Rule.ID}
			if wanted[key] {
				found[key] = &debtFinding{f, result.Token.Known | run.Organization.Known}
			}
		}
	}
	return listed, found
}

// reduced returns a debt without what its finding does not rest on any more, if that is known.
func reduced(d audit.Debt, f *debtFinding, run *audit.Run) audit.Debt {
	if !f.known.Has(f.Rule.Rule.Needs) {
		return d
	}
	d.Severity = min(d.Severity, f.ToAccept())
	d.Basis = slices.DeleteFunc(slices.Clone(d.Basis), func(element string) bool {
		return !slices.Contains(f.Basis, element)
	})
	return d
}

// tokenSubjects returns by what debts may name a token: first as new debts do, then by its grant.
func tokenSubjects(identity audit.Identity, t *audit.Token) []debtKey {
	byGrant := debtKey{kind: audit.KindGrant, id: t.ID}
	if id := identity.TokenID(); id != 0 {
		return []debtKey{{kind: audit.KindToken, id: id}, byGrant}
	}
	return []debtKey{byGrant}
}

// subjects ranges over what debts may be about: a run's tokens, by each of their ids, then its
// pending requests.
func subjects(run *audit.Run) iter.Seq2[debtKey, *audit.Result] {
	return func(yield func(debtKey, *audit.Result) bool) {
		identity := run.Identities()
		for result := range run.Results() {
			for _, subject := range tokenSubjects(identity(result.Token), result.Token) {
				if !yield(subject, result) {
					return
				}
			}
		}
		for result := range run.Requests() {
			if !yield(debtKey{kind: audit.KindRequest, id: result.Token.ID}, result) {
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
