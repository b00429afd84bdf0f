// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"fmt"
	"slices"
)

// This file judges a token by the policy and by the overrides that match it.
//
// The policy answers every rule, and so does each override. An override that is bound to owners or
// tokens by their ids replaces the policy; any other is judged beside it, since owners choose the
// names, the permissions and the repositories of their tokens. Of all answers that count, the
// worst stands.
//
// It may be unknown whether an override matches. Then there is a mildest answer and a worst one
// that may be right, and both answers are in the message.

// answer returns a finding of each asked rule about a token. It may use buf for them.
func (j *judge) answer(subject *Subject, buf []Finding) []Finding {
	m := j.matching(subject)
	if m.none() {
		return j.askAll(j.policy.Rules, "", subject, buf)
	}
	subject.enough = nil // one answer of several decides nothing
	ask := func(overrides []*Override) (answers [][]Finding) {
		for _, o := range overrides {
			answers = append(answers, j.askAll(o.Rules, o.Name, subject, nil))
		}
		return answers
	}
	counting, perhaps := ask(m.certain), ask(m.perhapsBeside)
	instead := ask(m.perhapsReplacing)
	if !m.replaced { // so one of these judges in the policy's place, or the policy does
		instead = append([][]Finding{j.askAll(j.policy.Rules, "", subject, buf)}, instead...)
		counting = append([][]Finding{combined(instead, milder)}, counting...)
	}
	mildest := combined(counting, worse)
	if !m.doubtful() {
		return mildest
	}
	worst := combined(slices.Concat(counting, instead, perhaps), worse)
	for k := range mildest {
		mildest[k] = between(&mildest[k], &worst[k], &m, subject.Known())
	}
	return mildest
}

// matching are the overrides that match a token, or may.
type matching struct {
	certain                         []*Override
	replaced                        bool // one of the certain ones replaces the policy
	perhapsBeside, perhapsReplacing []*Override
}

func (j *judge) matching(subject *Subject) (m matching) {
	contested := j.contested[subject.Token.TokenID] != nil
	for i := range j.policy.Overrides {
		o := &j.policy.Overrides[i]
		effect, certain := j.conditions[i].effect(subject)
		if contested && len(o.When.Tokens) > 0 {
			certain = false // which of the grants is of the token that it names, nobody knows
		}
		switch {
		case effect == noEffect:
		case certain:
			m.certain = append(m.certain, o)
			m.replaced = m.replaced || effect == replaces
		case effect == replaces:
			m.perhapsReplacing = append(m.perhapsReplacing, o)
		default:
			m.perhapsBeside = append(m.perhapsBeside, o)
		}
	}
	return m
}

func (m *matching) none() bool { return len(m.certain) == 0 && !m.doubtful() }

func (m *matching) doubtful() bool { return len(m.perhapsBeside)+len(m.perhapsReplacing) > 0 }

// combined returns one answer of each rule, chosen of several.
func combined(answers [][]Finding, choose func(a, b *Finding) Finding) []Finding {
	if len(answers) == 1 {
		return answers[0]
	}
	chosen := slices.Clone(answers[0])
	for _, other := range answers[1:] {
		for k := range chosen {
			chosen[k] = choose(&chosen[k], &other[k])
		}
	}
	return chosen
}

// weight orders answers, mildest first.
func (f *Finding) weight() int {
	switch f.Status {
	case Fail, Waived:
		return 10 + int(f.Severity)
	case Indeterminate:
		return 2
	case Pass:
		return 1
	default:
		return 0
	}
}

// milder returns the answer that weighs less; a, if they weigh the same.
func milder(a, b *Finding) Finding {
	if b.weight() < a.weight() {
		return *b
	}
	return *a
}

// worse returns the answer that weighs more; a, if they weigh the same. What the other one rests
// on has to be accepted, too, or an owner could choose by what a token is judged: of two failures
// the bases are joined, and a failure beside what cannot be judged is Unclear.
func worse(a, b *Finding) Finding {
	if b.weight() > a.weight() {
		a, b = b, a
	}
	worse := *a
	switch {
	case a.Status == Fail && b.Status == Fail:
		worse.Unclear = a.Unclear || b.Unclear
		if worse.Basis = union(a.Basis, b.Basis); len(a.Basis) == 0 || len(b.Basis) == 0 {
			worse.Basis = nil // what rests on nothing is accepted by nothing
		}
	case a.Status == Fail && b.Status == Indeterminate && !a.Unclear:
		worse.Unclear = true
		worse.Message += "; perhaps more, for another answer that counts cannot be judged"
	case a.Status == Pass && b.Status == Pass:
		worse.Basis = union(a.Basis, b.Basis)
	case a.Status == Indeterminate && b.Status == Indeterminate:
		worse.Missing |= b.Missing
	}
	return worse
}

// between returns what is certain of an answer that is no milder than one and no worse than the
// other. A failure in both is one, as severe as the mildest; it is accepted as the worst.
func between(mildest, worst *Finding, m *matching, known Facts) Finding {
	switch {
	case worst.Status != Fail, !worst.Rule.Required:
		return *worst // what cannot be judged would count for nothing if no rule requires it
	case mildest.Status == Fail:
		fail := *mildest
		fail.Basis, fail.Unclear, fail.perhaps = worst.Basis, worst.Unclear, worst.Severity
		if fail.Severity < worst.Severity {
			doubt, _ := m.doubt(known)
			fail.Message += "; perhaps " + worst.Severity.String() + ", for " + doubt
		}
		return fail
	}
	doubt, missing := m.doubt(known)
	return Finding{
		Rule: mildest.Rule, Status: Indeterminate, Missing: missing,
		Message: "cannot be judged: " + doubt,
	}
}

// doubt returns the message that overrides may match, and what was not learned that would decide
// it.
func (m *matching) doubt(known Facts) (doubt string, missing Facts) {
	doubtful := slices.Concat(m.perhapsBeside, m.perhapsReplacing)
	for _, o := range doubtful {
		missing |= o.When.needs() &^ known
	}
	doubt = "it is not known whether the override " + doubtful[0].Name + " applies"
	if more := len(doubtful) - 1; more > 0 {
		doubt += fmt.Sprintf(", nor of %d more", more)
	}
	return doubt, missing
}

// union returns the elements of two bases, as a sorted set.
func union(a, b []string) []string {
	both := slices.Concat(a, b)
	slices.Sort(both)
	return slices.Compact(both)
}
