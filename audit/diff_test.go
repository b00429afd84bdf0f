// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit"
)

// wide fails on tokens that can write.
var wide = audit.PolicyRule{
	Rule: &audit.Rule{ID: "wide", Severity: audit.High},
	Checker: checkerFunc(func(s *audit.Subject) audit.Verdict {
		if !s.Token.Known.Has(audit.FactPermissions) {
			return audit.Verdict{}
		}
		if s.Token.Writes(audit.GroupRepository) {
			return audit.Verdict{Status: audit.Fail, Basis: []string{"write"}}
		}
		return audit.Verdict{Status: audit.Pass}
	}),
	Severity: audit.High, Asked: true, Required: true,
}

func right(level string) []audit.Permission {
	return []audit.Permission{{Group: audit.GroupRepository, Name: "contents", Level: level}}
}

// evidenceOf is complete evidence of tokens that can read one repository, and live to the end of
// the year, but for what change does.
func evidenceOf(change func(*audit.Evidence)) *audit.Evidence {
	e := seen()
	repository := &audit.Repository{ID: 7, Name: "acme/one"}
	e.Tokens = nil
	for id := int64(1); id <= 3; id++ {
		e.Tokens = append(e.Tokens, &audit.Token{
			ID: id, TokenID: id + 10, Selection: audit.SelectSubset, Permissions: right("read"),
			Repositories: []*audit.Repository{repository}, ExpiresAt: noon.AddDate(0, 1, 0),
			Owner: &audit.Member{ID: 5, Login: "octocat", Role: audit.RoleMember},
			Known: ^audit.Facts(0),
		})
	}
	if change != nil {
		change(e)
	}
	return e
}

// said sums a difference up in words.
func said(d *audit.Delta) string {
	var words []string
	say := func(word string, happened bool) {
		if happened {
			words = append(words, word)
		}
	}
	say("new", d.Appeared())
	say("gone", d.Gone())
	say("unseen", d.Unseen)
	say("+"+strings.Join(d.Gained, "+"), len(d.Gained) > 0)
	say("-"+strings.Join(d.Lost, "-"), len(d.Lost) > 0)
	say("renewed", d.Renewed)
	say("expired", d.Expired)
	say("role", d.RoleChanged)
	say("opened", len(d.Opened) > 0)
	say("fixed", len(d.Fixed) > 0)
	say("milder", len(d.Milder) > 0)
	say("waived", len(d.Waived) > 0)
	say("indebted", len(d.Indebted) > 0)
	return strings.Join(words, " ")
}

func TestDiff(t *testing.T) {
	other := &audit.Repository{ID: 8, Name: "acme/two"}
	incomplete := func(e *audit.Evidence) { e.Coverage[0].Status = audit.Partial }
	first := func(change func(*audit.Token)) func(*audit.Evidence) {
		return func(e *audit.Evidence) { change(e.Tokens[0]) }
	}
	writes := first(func(t *audit.Token) { t.Permissions = right("write") })
	for name, test := range map[string]struct {
		old, new func(*audit.Evidence)
		want     string
	}{
		"nothing": {},
		"used":    {new: first(func(t *audit.Token) { t.LastUsedAt = noon })},
		"gone":    {new: func(e *audit.Evidence) { e.Tokens = e.Tokens[1:] }, want: "gone"},
		"not seen": {
			new:  func(e *audit.Evidence) { e.Tokens = e.Tokens[1:]; incomplete(e) },
			want: "unseen",
		},
		"new": {old: func(e *audit.Evidence) { e.Tokens = e.Tokens[1:] }, want: "new"},
		"not seen before": {
			old:  func(e *audit.Evidence) { e.Tokens = e.Tokens[1:]; incomplete(e) },
			want: "unseen",
		},
		"not seen before, and failing": {
			old:  func(e *audit.Evidence) { e.Tokens = e.Tokens[1:]; incomplete(e) },
			new:  writes,
			want: "unseen opened",
		},
		"wider":    {new: writes, want: "+repository:contents:write opened"},
		"narrower": {old: writes, want: "-repository:contents:write fixed"},
		"wider, then not known": {
			new:  first(func(t *audit.Token) { t.Known &^= audit.FactPermissions }),
			want: "",
		},
		"failed, now not known": {
			old:  writes,
			new:  first(func(t *audit.Token) { t.Known &^= audit.FactPermissions }),
			want: "",
		},
		"repository": {
			new:  first(func(t *audit.Token) { t.Repositories = append(t.Repositories[:1:1], other) }),
			want: "+reaches acme/two",
		},
		"renamed repository": {
			new: first(func(t *audit.Token) {
				t.Repositories = []*audit.Repository{{ID: 7, Name: "acme/uno"}}
			}),
		},
		"another repository of its name": {
			new: first(func(t *audit.Token) {
				t.Repositories = []*audit.Repository{{ID: 9, Name: "acme/one"}}
			}),
			want: "+reaches acme/one -reaches acme/one",
		},
		"all": {
			new:  first(func(t *audit.Token) { t.Selection = audit.SelectAll }),
			want: "+all repositories",
		},
		"renewed": {
			new:  first(func(t *audit.Token) { t.ExpiresAt = t.ExpiresAt.AddDate(0, 1, 0) }),
			want: "renewed",
		},
		"for ever": {
			new:  first(func(t *audit.Token) { t.ExpiresAt = time.Time{} }),
			want: "renewed",
		},
		"expired": {
			new:  first(func(t *audit.Token) { t.ExpiresAt, t.Expired = time.Time{}, true }),
			want: "expired",
		},
		"another grant of the same token": {
			new: func(e *audit.Evidence) {
				e.Tokens = append(e.Tokens[1:], e.Tokens[0])
				e.Tokens[2].ID, e.Tokens[2].ExpiresAt = 99, noon.AddDate(1, 0, 0)
			},
			want: "renewed",
		},
		"role": {
			new: first(func(t *audit.Token) {
				t.Owner = &audit.Member{ID: 5, Login: "octocat", Role: audit.RoleAdmin}
			}),
			want: "role",
		},
	} {
		t.Run(name, func(t *testing.T) {
			old := audit.Evaluate(evidenceOf(test.old), asked(wide), atNoon)
			deltas := audit.Diff(old, audit.Evaluate(evidenceOf(test.new), asked(wide), atNoon))
			got := ""
			if len(deltas) > 1 {
				t.Errorf("%d differences", len(deltas))
			} else if len(deltas) == 1 {
				got = said(&deltas[0])
			}
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// TestDiffOrder holds that what needs a look comes first, and what is better last.
func TestDiffOrder(t *testing.T) {
	old := audit.Evaluate(evidenceOf(func(e *audit.Evidence) {
		e.Tokens[1].Permissions = right("write")
	}), asked(wide), atNoon)
	now := audit.Evaluate(evidenceOf(func(e *audit.Evidence) {
		e.Tokens[2].Permissions = right("write")
		e.Tokens[0].ExpiresAt = noon.AddDate(1, 0, 0)
	}), asked(wide), atNoon)
	var ids []int64
	for _, d := range audit.Diff(old, now) {
		ids = append(ids, d.Token().ID)
	}
	if want := []int64{3, 1, 2}; !slices.Equal(ids, want) {
		t.Errorf("got %v, want %v", ids, want)
	}
}

// TestDiffAccepted holds that a baseline accepts as a waiver does, and that its end opens again.
func TestDiffAccepted(t *testing.T) {
	writes := func(e *audit.Evidence) { e.Tokens[0].Permissions = right("write") }
	indebted := asked(wide)
	indebted.Baseline = &audit.Baseline{Debts: []audit.Debt{{
		Kind: audit.KindGrant, ID: 1, Rule: "wide", Basis: []string{"write"}, Severity: audit.High,
		Until: noon.AddDate(0, 1, 0),
	}}}
	without := audit.Evaluate(evidenceOf(writes), asked(wide), atNoon)
	with := audit.Evaluate(evidenceOf(writes), indebted, atNoon)
	if d := audit.Diff(without, with); len(d) != 1 || said(&d[0]) != "indebted" {
		t.Errorf("accepting: %v", d)
	}
	if d := audit.Diff(with, without); len(d) != 1 || said(&d[0]) != "opened" {
		t.Errorf("its end: %v", d)
	}
}

// TestDiffRules holds that a rule that only one of the runs asked opens and closes nothing.
func TestDiffRules(t *testing.T) {
	writes := func(e *audit.Evidence) { e.Tokens[0].Permissions = right("write") }
	off := wide
	off.Asked = false
	with := audit.Evaluate(evidenceOf(writes), asked(wide), atNoon)
	without := audit.Evaluate(evidenceOf(writes), asked(off), atNoon)
	if d := slices.Concat(audit.Diff(with, without), audit.Diff(without, with)); len(d) > 0 {
		t.Errorf("got %v", said(&d[0]))
	}
}

// TestDiffPolicies holds that between two policies a rule that only one of them asks opens or
// closes findings, and that a finding that fails less severely is told.
func TestDiffPolicies(t *testing.T) {
	e := evidenceOf(func(e *audit.Evidence) { e.Tokens[0].Permissions = right("write") })
	off, mild := wide, wide
	off.Asked, mild.Severity = false, audit.Low
	for name, test := range map[string]struct {
		old, new audit.PolicyRule
		want     string
	}{
		"same":   {wide, wide, ""},
		"off":    {wide, off, "fixed"},
		"on":     {off, wide, "opened"},
		"milder": {wide, mild, "milder"},
		"graver": {mild, wide, "opened"},
	} {
		var got []string
		for _, d := range audit.DiffPolicies(
			audit.Evaluate(e, asked(test.old), atNoon), audit.Evaluate(e, asked(test.new), atNoon),
		) {
			got = append(got, said(&d))
		}
		if strings.Join(got, "; ") != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}
