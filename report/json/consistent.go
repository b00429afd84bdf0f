// SPDX-License-Identifier: Apache-2.0

package json

import (
	"fmt"
	"slices"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/view"
)

// agrees holds what the report says on the whole against its parts. One that was cut, edited or
// merged by hand would otherwise read cleaner than what it holds.
func (r *restorer) agrees(run *audit.Run, tokens, requests *listing) {
	r.coherent(run)
	r.verdict(run)
	s := &r.wire.Summary
	r.figure("tokens", s.Tokens, len(r.part.tokens), true)
	r.figure("tokens_violating", s.TokensViolating, tokens.violating, false)
	r.same("summary/overdue", s.Overdue, tokens.overdue, true)
	if n := run.Contradicted(); s.Contradicted != n {
		r.fail("summary/settings_contradicted", "is %d, and %d are", s.Contradicted, n)
	}
	r.figure("requests", s.Requests, len(r.part.requests), true)
	r.figure("requests_violating", s.RequestsViolating, requests.violating, false)
	r.counts(tokens)
}

// verdict holds the verdict against the figures, and being complete against what was seen.
func (r *restorer) verdict(run *audit.Run) {
	w := r.wire
	if o := run.Outcome(); w.Verdict != o.String() {
		r.fail("verdict", "is %s, and its figures say %s", w.Verdict, o)
	}
	if w.Complete != (len(w.Incomplete) == 0) {
		r.fail("complete", "is %v, with %d reasons why it is not", w.Complete, len(w.Incomplete))
	}
	if !slices.ContainsFunc(w.Rules, func(rule ruleObject) bool { return rule.Asked }) {
		r.fail("rules", "were none asked: that is no audit")
	}
	whole := *run
	whole.Coverage = slices.Clone(run.Coverage)
	for _, source := range audit.Sources[1:] { // all but the list itself, which no audit is without
		if audit.CoverageOf(run.Coverage, source).Status == audit.NotAsked &&
			!slices.ContainsFunc(run.Coverage, func(c audit.Coverage) bool { return c.Source == source }) {
			whole.Coverage = append(whole.Coverage, audit.Coverage{Source: source, Status: audit.Complete})
		}
	}
	if gaps := whole.Gaps(r.required); w.Complete && len(gaps) > 0 {
		r.fail("complete", "is true, and yet: %s", gaps[0])
	}
}

// coherent wants words that this version knows where a verdict rests on them.
func (r *restorer) coherent(run *audit.Run) {
	for _, c := range run.Coverage {
		switch c.Status {
		case audit.Complete, audit.Partial, audit.Refused, audit.NotAsked, audit.Unverified:
		default:
			r.fail("coverage/"+c.Source+"/status", "is no status: %q", c.Status)
		}
		if !c.Reason.Known() {
			r.fail("coverage/"+c.Source+"/reason_codes", "has a code that this version does not know")
		}
	}
	for _, c := range r.wire.Coverage {
		if c.Reason != c.ReasonCodes.String() {
			r.fail("coverage/"+c.Source+"/reason_codes", "does not say what reason does")
		}
	}
}

// gaps holds a list of gaps against the sentences beside it, which say the same to people.
func (r *restorer) gaps(name string, sentences []string, gaps audit.Gaps) audit.Gaps {
	for _, g := range gaps {
		if !slices.Contains(audit.GapCodes, g.Code) {
			r.fail(name+"_codes", "has a code that this version does not know: %q", g.Code)
		} else if g.Code.Incomplete() != (name == "incomplete") {
			r.fail(name+"_codes", "has a code of another list: %q", g.Code)
		}
	}
	if !slices.Equal(sentences, gaps.Texts()) {
		r.fail(name+"_codes", "does not say what %s does", name)
	}
	return gaps
}

// listing is what a list of results says.
type listing struct {
	violating int
	overdue   int // findings
	byWorst   [audit.Critical + 1]int
	rules     map[string]*audit.Counts
}

func newListing() *listing { return &listing{rules: map[string]*audit.Counts{}} }

// list counts a result of a list, and holds it against its own findings.
func (r *restorer) list(l *listing, name string, w *resultObject) {
	place := fmt.Sprintf("%s/%d/", name, w.ID)
	if w.ID <= 0 || w.Owner != nil && w.Owner.ID < 0 {
		r.fail(place+"id", "is none that GitHub gives")
	}
	worst, fresh := audit.NoSeverity, audit.NoSeverity
	for i := range w.Findings {
		f := &w.Findings[i]
		severity := r.weight(place+"findings/"+f.Rule+"/", f)
		if f.Status == audit.Fail.String() {
			worst = max(worst, severity)
			if !f.InBaseline {
				fresh = max(fresh, severity)
			}
			if f.Overdue {
				l.overdue++
			}
		}
		l.count(f, r)
	}
	said := r.severity(place+"severity", w.Severity)
	if said < worst || r.everyFinding() && said != worst {
		r.fail(place+"severity", "is %s, and its findings say %s", said, worst)
	}
	l.byWorst[said]++
	if r.wire.Debt == nil || r.wire.Debt.Left == 0 {
		fresh = said // whatever of it the view left out
	}
	if fresh >= r.part.Policy.FailOn {
		l.violating++
	}
}

// weight wants a finding to have what its status has to have.
func (r *restorer) weight(place string, f *findingObject) audit.Severity {
	severity := r.severity(place+"severity", f.Severity)
	failing := f.Status == audit.Fail.String()
	switch waived := f.Status == audit.Waived.String(); {
	case (failing || waived) != (severity != audit.NoSeverity):
		r.fail(place+"severity", "is %s of an answer that is %s", severity, f.Status)
	case waived != (f.Waiver != nil):
		r.fail(place+"waiver", "and status do not agree")
	case f.InBaseline && (!failing || r.wire.Debt == nil):
		r.fail(place+"in_baseline", "is true without a debt")
	}
	return severity
}

func (l *listing) count(f *findingObject, r *restorer) {
	if l.rules[f.Rule] == nil {
		l.rules[f.Rule] = new(audit.Counts)
	}
	l.rules[f.Rule][r.status("findings/"+f.Rule+"/status", f.Status)]++
}

// everyFinding reports whether the view left out no finding of a token that it lists.
func (r *restorer) everyFinding() bool { return !r.part.View.Filter.Active() }

// figure wants what is said to be what is listed; of a part, not more than that.
func (r *restorer) figure(name string, said, listed int, all bool) {
	whole := r.everyFinding() && (!all || r.part.View.Only != view.OnlyFailing)
	if said < listed || whole && said != listed {
		r.fail("summary/"+name, "is %d, and %d are listed", said, listed)
	}
}

// counts holds the figures of the rules, and of all of them, against the findings of tokens.
// Pseudonyms stand for several rules at once.
func (r *restorer) counts(l *listing) {
	s := &r.wire.Summary
	var total statusesObject
	for i := range r.wire.Rules {
		w := &r.wire.Rules[i]
		counts := l.rules[w.ID]
		if counts == nil {
			counts = new(audit.Counts)
		}
		place := "rules/" + w.ID + "/"
		r.same(place+"fail", w.Fail, counts[audit.Fail], true)
		r.same(place+"indeterminate", w.Indeterminate, counts[audit.Indeterminate], true)
		r.same(place+"waived", w.Waived, counts[audit.Waived], r.part.View.Only != view.OnlyFailing)
		total.Fail += w.Fail
		total.Waived += w.Waived
		total.Indeterminate += w.Indeterminate
	}
	if r.wire.Pseudonymised {
		return
	}
	for name, pair := range map[string][2]int{
		"fail":           {s.Findings.Fail, total.Fail},
		"waived":         {s.Findings.Waived, total.Waived},
		"indeterminate":  {s.Findings.Indeterminate, total.Indeterminate},
		"by_severity":    {view.Sum(s.BySeverity.restored()), total.Fail},
		"tokens_failing": {s.TokensFailing, view.Sum(s.TokensBySeverity.restored())},

		"tokens_violating": {s.TokensViolating, view.Sum(s.ViolatingBy.restored())},
	} {
		if pair[0] != pair[1] {
			r.fail("summary/"+name, "is %d, and its parts make %d", pair[0], pair[1])
		}
	}
}

func (r *restorer) same(place string, said, listed int, all bool) {
	if said < listed || r.everyFinding() && all && said != listed && !r.wire.Pseudonymised {
		r.fail(place, "is %d, and %d are listed", said, listed)
	}
}
