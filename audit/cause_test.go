// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
)

// judgedAs makes a judgement of evidence as of a number of days after noon.
func judgedAs(e *audit.Evidence, p *audit.Policy, days int) *audit.Judged {
	at := audit.Options{AsOf: noon.AddDate(0, 0, days)}
	return &audit.Judged{
		Evidence: e, Policy: p, Options: at, Outcome: audit.Evaluate(e, p, at).Outcome(),
		Tool: audit.Tool{Name: "pataudit", Version: "v1", Permissions: "2026-11-30"},
	}
}

func TestChangedBy(t *testing.T) {
	writing := func() *audit.Evidence {
		return evidenceOf(func(e *audit.Evidence) { e.Tokens[0].Permissions = right("write") })
	}
	indebted := func(days int) *audit.Policy {
		p := asked(wide)
		p.Baseline = &audit.Baseline{Debts: []audit.Debt{{
			Kind: audit.KindGrant, ID: 1, Rule: "wide", Basis: []string{"write"},
			Severity: audit.High, Until: noon.AddDate(0, 0, days),
		}}}
		return p
	}
	waived := func(days int) *audit.Policy {
		p := asked(wide)
		p.Decisions = []*audit.Decision{{
			TokenID: 11, OwnerID: 5, Kind: audit.Waive, Rule: "wide", Basis: []string{"write"},
			Severity: audit.High, Until: noon.AddDate(0, 0, days),
		}}
		return p
	}
	mild := func() *audit.Policy {
		p := asked(wide)
		p.Rules[0].Severity = audit.Low
		return p
	}
	part := func() *audit.Evidence {
		return evidenceOf(func(e *audit.Evidence) { e.Coverage[0].Status = audit.Partial })
	}
	anotherTool := func(j *audit.Judged) *audit.Judged {
		j.Tool.Version = "v2"
		return j
	}
	said := func(j *audit.Judged, o audit.Outcome) *audit.Judged {
		j.Outcome = o
		return j
	}
	calm := evidenceOf(nil)
	for name, test := range map[string]struct {
		last, now *audit.Judged
		want      string
	}{
		"nothing": {judgedAs(calm, asked(wide), 0), judgedAs(calm, asked(wide), 7), "[]"},
		"the same verdict": {
			judgedAs(writing(), asked(wide), 0), anotherTool(judgedAs(writing(), asked(wide), 7)), "[]",
		},
		"a token": {judgedAs(calm, asked(wide), 0), judgedAs(writing(), asked(wide), 7), "[tokens]"},
		"a token mended": {
			judgedAs(writing(), asked(wide), 0), judgedAs(calm, asked(wide), 7), "[tokens]",
		},
		"stricter": {judgedAs(writing(), mild(), 0), judgedAs(writing(), asked(wide), 7), "[policy]"},
		"milder":   {judgedAs(writing(), asked(wide), 0), judgedAs(writing(), mild(), 7), "[policy]"},
		"both, each alone": {
			judgedAs(writing(), mild(), 0),
			judgedAs(evidenceOf(nil), mild(), 7), "[]",
		},
		"both, needed": {
			judgedAs(calm, mild(), 0), judgedAs(writing(), asked(wide), 7), "[tokens policy]",
		},
		"a waiver that ended": {
			judgedAs(writing(), waived(3), 0), judgedAs(writing(), waived(3), 7), "[acceptances]",
		},
		"a waiver that was withdrawn": {
			judgedAs(writing(), waived(30), 0), judgedAs(writing(), asked(wide), 7), "[acceptances]",
		},
		"a waiver that was given": {
			judgedAs(writing(), asked(wide), 0), judgedAs(writing(), waived(30), 7), "[acceptances]",
		},
		"a debt that ended": {
			judgedAs(writing(), indebted(3), 0), judgedAs(writing(), indebted(3), 7), "[acceptances]",
		},
		"a waiver that ended, of a token that is mended": {
			judgedAs(calm, waived(3), 0), judgedAs(calm, waived(3), 7), "[]",
		},
		"a waiver that ended, and another token": {
			judgedAs(writing(), waived(3), 0),
			judgedAs(evidenceOf(func(e *audit.Evidence) {
				e.Tokens[0].Permissions, e.Tokens[1].Permissions = right("write"), right("write")
			}), waived(3), 7), "[tokens acceptances]",
		},
		"incomplete": {judgedAs(calm, asked(wide), 0), judgedAs(part(), asked(wide), 7), "[tokens]"},
		"incomplete, and stricter": {
			judgedAs(writing(), mild(), 0),
			judgedAs(evidenceOf(func(e *audit.Evidence) {
				e.Tokens[0].Permissions = right("write")
				e.Coverage[0].Status = audit.Partial
			}), asked(wide), 7), "[tokens policy]",
		},
		"another version": {
			said(judgedAs(writing(), asked(wide), 0), audit.Clean),
			anotherTool(judgedAs(writing(), asked(wide), 7)), "[tool]",
		},
		"another version, and a token": {
			said(judgedAs(calm, asked(wide), 0), audit.Incomplete),
			anotherTool(judgedAs(writing(), asked(wide), 7)), "[tokens tool]",
		},
		"another version's defaults": {
			judgedAs(writing(), mild(), 0), anotherTool(judgedAs(writing(), asked(wide), 7)),
			"[policy tool]",
		},
		"another version, a token only": {
			judgedAs(calm, asked(wide), 0), anotherTool(judgedAs(writing(), asked(wide), 7)), "[tokens]",
		},
		"what cannot be judged again": {
			said(judgedAs(writing(), asked(wide), 0), audit.Clean),
			judgedAs(writing(), asked(wide), 7), "[]",
		},
	} {
		if got := fmt.Sprint(audit.ChangedBy(test.last, test.now)); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

// TestChangedByIsRight holds that a verdict that changed has a cause, and that a part that is as
// it was is none.
func TestChangedByIsRight(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) (*audit.Evidence, *audit.Policy) {
			writes := rapid.SliceOfN(rapid.Bool(), 3, 3).Draw(t, name+" writes")
			whole := rapid.Bool().Draw(t, name+" whole")
			e := evidenceOf(func(e *audit.Evidence) {
				for i, token := range e.Tokens {
					if writes[i] {
						token.Permissions = right("write")
					}
				}
				if !whole {
					e.Coverage[0].Status = audit.Partial
				}
			})
			p := asked(wide)
			p.Rules[0].Severity = rapid.SampledFrom([]audit.Severity{audit.Low, audit.High}).
				Draw(t, name+" severity")
			for id := int64(11); id <= 13; id++ {
				if until := rapid.IntRange(-1, 9).Draw(t, name+" until"); until >= 0 {
					p.Decisions = append(p.Decisions, &audit.Decision{
						TokenID: id, OwnerID: 5, Kind: audit.Waive, Rule: "wide",
						Basis: []string{"write"}, Severity: audit.High, Until: noon.AddDate(0, 0, until),
					})
				}
			}
			return e, p
		}
		e, p := draw("last")
		last := judgedAs(e, p, 0)
		e, other := draw("now")
		now := judgedAs(e, other, rapid.IntRange(0, 9).Draw(t, "days"))
		same := rapid.SampledFrom(audit.Causes).Draw(t, "the same")
		mixed := *other
		switch same {
		case audit.CauseTokens:
			now.Evidence = last.Evidence
		case audit.CausePolicy:
			mixed.Rules = p.Rules
		case audit.CauseAcceptances:
			mixed.Decisions, now.Options = p.Decisions, last.Options
		case audit.CauseTool: // it always is
		}
		now.Policy = &mixed
		now.Outcome = audit.Evaluate(now.Evidence, &mixed, now.Options).Outcome()
		causes := audit.ChangedBy(last, now)
		if (len(causes) > 0) != (last.Outcome != now.Outcome) {
			t.Errorf("from %s to %s by %v", last.Outcome, now.Outcome, causes)
		}
		for _, cause := range causes {
			if cause == same {
				t.Errorf("by %v, and the %s are the same", causes, same)
			}
		}
	})
}
