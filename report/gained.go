// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/complytime/pataudit/audit"
)

// gained are the places of the keys that version 1 of the format has gained since its first
// release. Reports from before lack them, and are read as far as the rest of them tells the same.
var gained = regexp.MustCompile(`^(/audits/\d+)?(` + strings.Join([]string{
	`/(failed|incomplete|collected_at|classic|debt|debt/waived)`,
	`/policy/(fail_on_requests|ratified)`,
	`/summary/(tokens_(active|violating|by_severity)|people|requests|requests_violating)`,
	`/rules/[^/]+/(required|pass|not_applicable)`,
	`/(tokens|requests)/\d+/unknown`,
	`/(tokens|requests)/\d+/findings/[^/]+/exceeded`,
	`/requests/\d+/denial`,
	`/decisions/\d+/(owner_id|detail|by|by_owner|reason|ticket|purpose|consumer|on)`,
}, "|") + `)$`)

// older fills in what a report from before a key was gained does not say.
type older struct {
	lacks map[string]bool // by place
	at    string          // of the audit: "" or "/audits/3"
	err   error
}

func (o *older) without(place string) bool { return o.lacks[o.at+place] }

// fill never makes more of a report than it says: a rule is taken for a required one, and a null
// for something unknown.
func (o *older) fill(w *wireReport) {
	if o.without("/incomplete") && !w.Complete {
		w.Incomplete = []string{"an older report, which does not say why"}
	}
	for i := range w.Tokens {
		o.token("/tokens/", &w.Tokens[i])
	}
	for i := range w.Requests {
		o.token("/requests/", &w.Requests[i].wireResult)
	}
	if left := w.accepted(); left > 0 && o.without("/debt") {
		w.Debt = &wireDebt{Accepted: left, Left: left}
	}
	for i := range w.Rules {
		o.rule(&w.Rules[i], w)
	}
	o.summary(w)
}

func (o *older) token(list string, t *wireResult) {
	if !o.without(fmt.Sprint(list, t.ID, "/unknown")) {
		return
	}
	known := audit.FactRepositories
	for fact, said := range map[audit.Facts]bool{
		audit.FactSelection:   t.Selection != nil,
		audit.FactPermissions: t.Permissions != nil,
		audit.FactGranted:     t.GrantedAt != nil,
		audit.FactExpiry:      t.Expired != nil,
		audit.FactLastUsed:    t.LastUsedAt != nil,
		audit.FactOwner:       t.Owner != nil,
		audit.FactMembership:  t.Owner != nil && t.Owner.Role != nil,
		audit.FactTwoFactor:   t.Owner != nil && t.Owner.TwoFactor != nil,
	} {
		if said {
			known |= fact
		}
	}
	subset := audit.Selection(orZero(t.Selection)) == audit.SelectSubset
	if t.Selection == nil || subset && t.Repositories == nil {
		known &^= audit.FactRepositories
	}
	t.Unknown = (tokenFacts &^ known).Names()
}

func (o *older) rule(r *wireRule, w *wireReport) {
	place := "/rules/" + r.ID
	if o.without(place + "/required") {
		r.Required = r.Indeterminate == 0 || !w.Complete
	}
	if o.without(place+"/not_applicable") && r.Asked {
		said := r.Fail + r.Waived + r.Indeterminate + r.Pass
		r.NotApplicable = max(w.Summary.Tokens-said, 0) // passes, too: they cannot be told apart
	}
}

// summary counts what the lists hold, if that is everything.
func (o *older) summary(w *wireReport) {
	filled := o.figures(&w.Summary, w.listed())
	if filled && len(w.Tokens) != w.Summary.Tokens {
		o.err = &lackingError{o.at + "/summary", fmt.Sprintf(
			"lacks figures, and lists only %d of %d tokens to count", len(w.Tokens), w.Summary.Tokens)}
	}
}

// total sums what the parts say.
func (o *older) total(w *wireReports) {
	var runs []*audit.Run
	for i := range w.Audits {
		runs = append(runs, w.Audits[i].figures())
	}
	o.figures(&w.Summary, wireSummaryOf(total(runs)))
}

// figures fills in those that a summary lacks.
func (o *older) figures(s *wireSummary, counted wireSummary) (filled bool) {
	for name, fill := range map[string]func(){
		"tokens_active":      func() { s.TokensActive = counted.TokensActive },
		"tokens_violating":   func() { s.TokensViolating = counted.TokensViolating },
		"tokens_by_severity": func() { s.TokensBySeverity = counted.TokensBySeverity },
		"people":             func() { s.People = counted.People },
		"requests":           func() { s.Requests = counted.Requests },
		"requests_violating": func() { s.RequestsViolating = counted.RequestsViolating },
	} {
		if o.without("/summary/" + name) {
			fill()
			filled = true
		}
	}
	return filled
}

// listed makes a summary of the lists alone.
func (w *wireReport) listed() (s wireSummary) {
	failOn, _ := audit.ParseSeverity(w.Policy.FailOn)
	people := map[int64]bool{}
	var worst [audit.Critical + 1]int
	for i := range w.Tokens {
		t := &w.Tokens[i]
		if t.Expired == nil || !*t.Expired {
			s.TokensActive++
		}
		if t.Owner != nil {
			people[t.Owner.ID] = true
		}
		severity, _ := audit.ParseSeverity(orZero(t.Severity))
		worst[severity]++
		if t.breaks(failOn) {
			s.TokensViolating++
		}
	}
	for i := range w.Requests {
		if w.Requests[i].breaks(failOn) {
			s.RequestsViolating++
		}
	}
	s.People, s.Requests = len(people), len(w.Requests)
	s.TokensBySeverity = wireSeveritiesOf(&worst)
	return s
}

// accepted counts the findings of tokens that a baseline accepts.
func (w *wireReport) accepted() (n int) {
	for i := range w.Tokens {
		for j := range w.Tokens[i].Findings {
			if w.Tokens[i].Findings[j].InBaseline {
				n++
			}
		}
	}
	return n
}

// breaks reports whether a finding fails at this severity or above and is no debt.
func (w *wireResult) breaks(failOn audit.Severity) bool {
	for i := range w.Findings {
		f := &w.Findings[i]
		severity, err := audit.ParseSeverity(orZero(f.Severity))
		if f.Status == audit.Fail.String() && !f.InBaseline && err == nil && severity >= failOn {
			return true
		}
	}
	return false
}
