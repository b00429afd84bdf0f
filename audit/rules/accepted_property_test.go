// SPDX-License-Identifier: Apache-2.0

package rules_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/policy"
)

// What has to hold of what was accepted of a token, by files, with the real rules.

// TestMoreIsNeverCovered: a token that can do more than when its findings were accepted is never
// covered by that, as it was it is, and with fewer repositories it stays so. What is read from the
// files says the same as what was written.
func TestMoreIsNeverCovered(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, o := drawPolicy(t), drawOrganization(t)
		weak := drawToken(t, o)
		strong := drawStronger(t, o, weak)
		narrow := *strong
		if narrow.Selection == audit.SelectSubset {
			narrow.Repositories = someOf(t, strong.Repositories, 0, len(strong.Repositories))
		}
		alone, aloneStrong := judgeOne(p, o, weak), judgeOne(p, o, strong)
		accept := acceptByBaseline
		if rapid.Bool().Draw(t, "by waivers") {
			accept = acceptByWaivers
		}

		with := accept(t, p, o, weak)
		for _, f := range judgeOne(with, o, weak).Findings {
			if !isCovered(f) && f.Acceptable() {
				t.Fatalf("accepted as it is, and not covered: %s\n%s", said(f), described(p, o, weak))
			}
		}
		result := judgeOne(with, o, strong)
		wider := strong.Selection == audit.SelectAll && weak.Selection != audit.SelectAll ||
			weak.Selection != audit.SelectAll && slices.ContainsFunc(strong.Repositories,
				func(r *audit.Repository) bool { return !slices.Contains(weak.Repositories, r) })
		for _, f := range result.Findings {
			was := findingBy(alone, f.Rule.Rule.ID)
			if isCovered(f) && (wider || was == nil || f.Severity > was.Severity ||
				slices.ContainsFunc(f.Basis, func(element string) bool {
					return !slices.Contains(was.Basis, element)
				})) {
				t.Fatalf("more is covered: %s\n%s\nby what was accepted of\n%s", said(f),
					described(p, o, strong), described(p, o, weak))
			}
		}
		if aloneStrong.Severity > alone.Severity && result.New <= alone.Severity {
			t.Fatalf("it is %s, was %s, and counts as %s", aloneStrong.Severity, alone.Severity,
				result.New)
		}

		with = accept(t, p, o, strong)
		for _, f := range judgeOne(with, o, &narrow).Findings {
			was := findingBy(aloneStrong, f.Rule.Rule.ID)
			no := was == nil || f.Severity > was.Severity || !f.Acceptable() ||
				slices.ContainsFunc(f.Basis, func(element string) bool {
					return !slices.Contains(was.Basis, element)
				})
			if isCovered(f) == no {
				t.Fatalf("no more than was accepted: %s\n%s\nafter\n%s", said(f),
					described(p, o, &narrow), described(p, o, strong))
			}
		}
	})
}

// judgeOne judges one token by itself.
func judgeOne(p *audit.Policy, o *audit.Organization, token *audit.Token) *audit.Result {
	for result := range runOf(p, o, token).Results() {
		return result
	}
	return nil
}

func runOf(p *audit.Policy, o *audit.Organization, token *audit.Token) *audit.Run {
	e := &audit.Evidence{Organization: o, Tokens: []*audit.Token{token}}
	return audit.Evaluate(e, p, audit.Options{AsOf: asOf})
}

func isCovered(f *audit.Finding) bool { return f.Status == audit.Waived || f.InBaseline }

func said(f *audit.Finding) string {
	return fmt.Sprintf("%s: %s %s %q, more than accepted: %q", f.Rule.Rule.ID, f.Status, f.Severity,
		f.Basis, f.More)
}

func findingBy(r *audit.Result, rule string) *audit.Finding {
	for _, f := range r.Findings {
		if f.Rule.Rule.ID == rule {
			return f
		}
	}
	return nil
}

// acceptByBaseline returns the policy a baseline of a token, by way of its file.
func acceptByBaseline(
	t *rapid.T, p *audit.Policy, o *audit.Organization, token *audit.Token,
) *audit.Policy {
	made, refused := policy.NewBaseline(runOf(p, o, token), asOf.AddDate(0, 0, 20))
	if len(refused) > 0 {
		t.Fatalf("refused, and all is known: %+v", refused)
	}
	read, err := policy.ParseBaseline("b.yaml", policy.FormatBaseline(made), p)
	if diff := cmp.Diff(made.Debts, read.Debts); err != nil || diff != "" {
		t.Fatalf("%v\n%s", err, diff)
	}
	with := *p
	with.Baseline = read
	return &with
}

// acceptByWaivers returns the policy a waiver of each finding of a token, by way of their file.
func acceptByWaivers(
	t *rapid.T, p *audit.Policy, o *audit.Organization, token *audit.Token,
) *audit.Policy {
	var made []*audit.Decision
	for _, f := range judgeOne(p, o, token).Findings {
		if f.Status == audit.Fail && f.Acceptable() {
			made = append(made, &audit.Decision{
				TokenID: token.TokenID, OwnerID: token.Owner.ID, Kind: audit.Waive,
				Rule: f.Rule.Rule.ID, Basis: f.Basis, Severity: f.ToAccept(), Reach: audit.ReachOf(token),
				Reason: "x", By: "alice", On: asOf.Truncate(day), Until: asOf.Truncate(day).Add(20 * day),
			})
		}
	}
	with := *p
	if len(made) == 0 {
		return &with
	}
	text, err := policy.FormatDecisions(made, p)
	if err == nil {
		with.Decisions, err = policy.ParseDecisions("d.yaml", text, p)
	}
	if diff := cmp.Diff(made, with.Decisions); err != nil || diff != "" {
		t.Fatalf("%v\n%s", err, diff)
	}
	return &with
}
