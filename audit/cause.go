// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"slices"
	"time"
)

// Tool is the program that judged, the date of its table of permissions, and the file that told it
// what to do.
type Tool struct {
	Name, Version string
	Permissions   string // the day as of which it knows GitHub's permissions
	ProjectFile   string // its name, without folders; "" if there was none
	ProjectDigest string // "sha256:…" of its bytes
}

// judgesAs reports whether two are one version of the program.
func (t Tool) judgesAs(other Tool) bool {
	t.ProjectFile, t.ProjectDigest = other.ProjectFile, other.ProjectDigest
	return t == other
}

// Home is where the project lives; the rules' pages are below it.
const Home = "https://github.com/complytime/pataudit"

// Cause is why a verdict is not that of the last complete run.
type Cause string

// The causes.
const (
	CauseTokens      Cause = "tokens"      // what was seen of them, what is remembered, and their age
	CausePolicy      Cause = "policy"      // or the flags that stand beside it
	CauseAcceptances Cause = "acceptances" // decisions and baseline, and which of them still hold
	CauseTool        Cause = "tool"        // it judges what the last one judged otherwise
)

// Causes lists all of them.
var Causes = []Cause{CauseTokens, CausePolicy, CauseAcceptances, CauseTool}

// Judged is a judgement that can be made again.
type Judged struct {
	Evidence *Evidence
	Policy   *Policy // with decisions and baseline
	Options  Options // with the instant, and the memory
	Outcome  Outcome // as it was then
	Tool     Tool
}

// ChangedBy lists why a verdict is not the last one, in the order of [Causes]. Nothing is guessed:
// the last judgement is made again with one part of it as it is now. A part that alone makes the
// verdict what it is now is a cause. Where none does, those are that it would not be without; and
// where there are none either, all that change something. What a policy leaves open is the tool's
// to say: where both are other ones, the tool is named beside the policy. It is nil if the verdict
// is the same, or if the last one cannot be made again.
func ChangedBy(last, now *Judged) (causes []Cause) {
	if last.Outcome == now.Outcome {
		return nil
	}
	before := mixed{last, last, last}.outcome()
	var tool []Cause
	if before != last.Outcome {
		if last.Tool.judgesAs(now.Tool) {
			return nil
		}
		tool = []Cause{CauseTool}
		if before == now.Outcome {
			return tool
		}
	}
	var alone, needed, changing []Cause
	for _, part := range []struct {
		cause            Cause
		changed, without mixed
	}{
		{CauseTokens, mixed{now, last, last}, mixed{last, now, now}},
		{CausePolicy, mixed{last, now, last}, mixed{now, last, now}},
		{CauseAcceptances, mixed{last, last, now}, mixed{now, now, last}},
	} {
		changed, without := part.changed.outcome(), part.without.outcome()
		if changed == now.Outcome {
			alone = append(alone, part.cause)
		}
		if without == before {
			needed = append(needed, part.cause)
		}
		if changed != before || without != now.Outcome {
			changing = append(changing, part.cause)
		}
	}
	for _, causes = range [][]Cause{alone, needed, changing} {
		if len(causes) > 0 {
			break
		}
	}
	if tool == nil && !last.Tool.judgesAs(now.Tool) && slices.Contains(causes, CausePolicy) {
		tool = []Cause{CauseTool}
	}
	return append(causes, tool...)
}

// mixed is a judgement of which each part may be of another one: the tokens and the instant, the
// rules, and what is accepted.
type mixed struct{ tokens, policy, accepted *Judged }

func (m mixed) outcome() Outcome {
	p := *m.policy.Policy
	o := m.policy.Options
	o.AsOf, o.Memory = m.tokens.Options.AsOf, m.tokens.Options.Memory.WithoutLast()
	p.Decisions, p.Baseline = m.accepted.holding(o.AsOf)
	return Evaluate(m.tokens.Evidence, &p, o).Outcome()
}

// holding returns the acceptances that hold at the judgement's own instant, as they would hold at
// another one.
func (j *Judged) holding(at time.Time) (decisions []*Decision, baseline *Baseline) {
	for _, d := range j.Policy.Decisions {
		if d.lapsed(j.Options.AsOf) && d.Kind != Keep { // what a keep accepted stays accepted
			continue
		}
		held := *d
		switch over := d.lapsed(j.Options.AsOf); {
		case over && !held.lapsed(at):
			held.Until = at.AddDate(0, 0, -1) // it is over there, too
		case !over && held.lapsed(at):
			held.Until = at
		}
		decisions = append(decisions, &held)
	}
	if j.Policy.Baseline == nil {
		return decisions, nil
	}
	held := *j.Policy.Baseline
	held.Debts = slices.DeleteFunc(slices.Clone(held.Debts), func(d Debt) bool {
		return d.lapsed(j.Options.AsOf)
	})
	for i := range held.Debts {
		if d := &held.Debts[i]; d.lapsed(at) {
			d.Until = at
		}
	}
	return decisions, &held
}
