// SPDX-License-Identifier: Apache-2.0

package policy_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/policy"
)

func aWaiver() *audit.Decision {
	return &audit.Decision{
		TokenID: 7, OwnerID: 5, Kind: audit.Waive, Rule: "all-repositories",
		Basis: []string{"all repositories", "all repositories: read"}, Severity: audit.Medium,
		Reach: audit.SomeRepositories(
			101,
			22,
		), Reason: "moves to an \"App\"", By: "alice", On: today, Until: date(2027, 1, 1),
	}
}

// TestManyDecisions: as many decisions are read as debts are, and no file is written that is not
// read again.
func TestManyDecisions(t *testing.T) {
	p := parse(t, "")
	var many []policy.Recorded
	for id := range int64(6000) {
		d := aWaiver()
		d.TokenID = id + 1
		many = append(many, policy.Recorded{Decision: d, Comment: "x of y"})
	}
	text, err := policy.AppendDecisions("d.yaml", nil, many[:len(many)-1], p)
	if err != nil || len(text) < 1<<20 {
		t.Fatalf("%d bytes, %v", len(text), err)
	}
	if text, err = policy.AppendDecisions("d.yaml", text, many[len(many)-1:], p); err != nil {
		t.Fatal(err)
	}
	if read, err := policy.ParseDecisions("d.yaml", text, p); err != nil || len(read) != len(many) {
		t.Errorf("%d decisions, %v", len(read), err)
	}
	first, err := policy.AppendDecision("d.yaml", nil, aWaiver(), "", p)
	if err != nil {
		t.Fatal(err)
	}
	padding := []byte("#" + strings.Repeat("a", 16<<20-100-len(first)) + "\n" + string(first))
	if _, err := policy.AppendDecision("d.yaml", padding, many[1].Decision, "", p); err == nil ||
		!strings.Contains(err.Error(), "larger than 16777216 bytes") {
		t.Errorf("%.200v", err)
	}
}

func TestAppendDecision(t *testing.T) {
	p := parse(t, "")
	first, err := policy.AppendDecision("d.yaml", nil, aWaiver(),
		"org-ai\x1b[2K of\noctocat: \u202e# é", p)
	if err != nil {
		t.Fatal(err)
	}
	want := `# What people decided of tokens. Records are bound to the ids of a token
# and of its owner; names in comments are for people. See pataudit decide, which appends.
version: 1
decisions:
  # org-ai[2K ofoctocat: # é
  - token: 7
    owner: 5
    kind: waive
    rule: all-repositories
    basis:
      - "all repositories"
      - "all repositories: read"
    reach: [22, 101]
    severity: medium
    reason: "moves to an \"App\""
    by: alice
    on: 2026-11-22
    until: 2027-01-01
`
	if diff := cmp.Diff(want, string(first)); diff != "" {
		t.Error(diff)
	}
	keep := &audit.Decision{
		TokenID: 8, OwnerID: 5, Kind: audit.Keep, Purpose: "releases", Consumer: "ci", By: "true",
		Ticket: "SEC-1", On: today, Until: date(2027, 11, 22),
	}
	second, err := policy.AppendDecision("d.yaml", first, keep, "", p)
	want += `  - token: 8
    owner: 5
    kind: keep
    purpose: "releases"
    consumer: "ci"
    by: "true"
    ticket: "SEC-1"
    on: 2026-11-22
    until: 2027-11-22
`
	if diff := cmp.Diff(want, string(second)); err != nil || diff != "" {
		t.Error(err, diff)
	}
}

// TestAppendKeeps: whatever stood in the file before stays as it was.
func TestAppendKeeps(t *testing.T) {
	p := parse(t, "")
	record := strings.TrimPrefix(waiver, "version: 1\ndecisions:\n")
	for name, text := range map[string]string{
		"as written":       someDecisions,
		"no last newline":  strings.TrimSuffix(waiver, "\n"),
		"blank lines":      waiver + "\n\n",
		"a comment":        "# ours\n" + waiver + "  # that was all",
		"a comment at all": waiver + "# that was all\n",
		"indented":         "version: 1\ndecisions:\n    " + strings.ReplaceAll(record, "\n", "\n    "),
		"windows":          strings.ReplaceAll(waiver, "\n", "\r\n"),
		"a folded end":     waiver + "  note: >\n    long\n    text\n",
		"an open end":      waiver + "  note: |+\n    long\n\n\n",
		"a mark before":    "\ufeff" + waiver,
		"a document":       "---\n" + waiver,
		"blank":            " \n",
	} {
		t.Run(name, func(t *testing.T) {
			got, err := policy.AppendDecision("d.yaml", []byte(text), aWaiver(), "x of y", p)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.HasPrefix(got, []byte(text)) {
				t.Errorf("what was there is changed:\n%s", got)
			}
			all, err := policy.ParseDecisions("d.yaml", got, p)
			if err != nil || !cmp.Equal(all[len(all)-1], aWaiver()) {
				t.Errorf("%v\n%s", err, got)
			}
		})
	}
}

// TestAppendFirst holds that the first decision takes the place of the brackets of an empty list.
func TestAppendFirst(t *testing.T) {
	for _, empty := range []string{"[]", "[]\n", " [ ] \r\n\n"} {
		text, err := policy.AppendDecision("d.yaml", []byte("version: 1\ndecisions: "+empty),
			aWaiver(), "", parse(t, ""))
		if err != nil || !strings.HasPrefix(string(text), "version: 1\ndecisions:\n  - token: ") {
			t.Errorf("%q: %v\n%s", empty, err, text)
		}
	}
}

func TestAppendRefuses(t *testing.T) {
	change := func(f func(*audit.Decision)) *audit.Decision {
		d := aWaiver()
		f(d)
		return d
	}
	for name, test := range map[string]struct {
		text     string
		decision *audit.Decision
		want     string
	}{
		"brackets": {
			"version: 1\ndecisions: [] # none", aWaiver(),
			"d.yaml:2:12: nothing can be appended within brackets: write each decision in lines",
		},
		"all in brackets": {"{version: 1, decisions: []}", aWaiver(), "within brackets"},
		"not last": {
			"decisions:\n" + strings.TrimPrefix(waiver, "version: 1\ndecisions:\n") + "version: 1",
			aWaiver(), "d.yaml:13:1: nothing can be appended: move version behind the decisions",
		},
		"ended":  {waiver + "...\n", aWaiver(), "the decision cannot be appended: d.yaml:"},
		"broken": {"version: 1", aWaiver(), "d.yaml:1:1: decisions: the key decisions is missing"},
		"again": {
			waiver + "- {token: 9, owner: 5, kind: keep, by: x, purpose: x, on: 2026-11-22, until: " +
				"2026-11-22}",
			&audit.Decision{
				TokenID: 9, OwnerID: 5, Kind: audit.Keep, By: "x", Purpose: "x", On: today, Until: today,
			},
			"cannot be appended: d.yaml:15:3: the same decision is there twice; first in line 14",
		},
		"too long": {
			"", change(func(d *audit.Decision) { d.Until = date(2028, 1, 1) }),
			"the decision cannot be recorded: until: a waiver of a finding that is medium lasts 180",
		},
		"no reason": {
			"", change(func(d *audit.Decision) { d.Reason = "" }),
			"the decision cannot be recorded: a decision to waive: the key reason is missing",
		},
		"no ids":   {"", change(func(d *audit.Decision) { d.OwnerID = 0 }), "owner: wants an id"},
		"no kind":  {"", change(func(d *audit.Decision) { d.Kind = "" }), `the kind "" is unknown`},
		"no bytes": {waiver, change(func(d *audit.Decision) { d.By = "\xff" }), "is not UTF-8"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := policy.AppendDecision("d.yaml", []byte(test.text), test.decision, "", p(t))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got  %v\nwant %s\n%s", err, test.want, got)
			}
		})
	}
}

func p(t *testing.T) *audit.Policy { return parse(t, "") }

// TestAppendWords: a login that means something else in YAML stays a login.
func TestAppendWords(t *testing.T) {
	for _, by := range []string{
		"octocat", "null", "true", "no", "on", "y", "~", "1e3", "0x10", "2026-11-22", "-", "-a", "a-b",
		"Alice", "a: b", "*a", "#a",
	} {
		d := aWaiver()
		d.By = by
		text, err := policy.AppendDecision("d.yaml", nil, d, "", p(t))
		if err != nil {
			t.Errorf("%s: %v", by, err)
			continue
		}
		if got, err := policy.ParseDecisions("d.yaml", text, p(t)); err != nil || got[0].By != by {
			t.Errorf("%s: %v\n%s", by, err, text)
		}
	}
}

// TestAppendAnything: no text in a decision or a comment reads as anything else.
func TestAppendAnything(t *testing.T) {
	policyOf := p(t)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringN(1, 40, -1).Filter(func(s string) bool {
			return strings.TrimSpace(s) != ""
		})
		d := aWaiver()
		d.Reason, d.By, d.Ticket = text.Draw(
			t,
			"reason",
		), text.Draw(
			t,
			"by",
		), text.Draw(
			t,
			"ticket",
		)
		d.Basis = []string{text.Draw(t, "basis")}
		got, err := policy.AppendDecision("d.yaml", []byte(someDecisions), d,
			rapid.String().Draw(t, "comment"), policyOf)
		if err != nil {
			t.Fatal(err)
		}
		all, err := policy.ParseDecisions("d.yaml", got, policyOf)
		if err != nil || len(all) != 5 || !cmp.Equal(all[4], d) {
			t.Fatalf("%v\n%s", err, got)
		}
	})
}

// TestFormatDecisions: what is written is read as it was, and what cannot be is not written.
func TestFormatDecisions(t *testing.T) {
	p := parse(t, "")
	keep := &audit.Decision{
		TokenID: 8, OwnerID: 5, Kind: audit.Keep, Purpose: "releases", By: "ci", On: today,
		Until: date(2027, 11, 22),
	}
	want := []*audit.Decision{aWaiver(), keep}
	text, err := policy.FormatDecisions(want, p)
	if err != nil {
		t.Fatal(err)
	}
	got, err := policy.ParseDecisions("d.yaml", text, p)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	without, garbled := aWaiver(), aWaiver()
	without.Basis, garbled.Reason = nil, "\xff"
	for _, d := range []*audit.Decision{without, garbled} {
		if text, err := policy.FormatDecisions([]*audit.Decision{keep, d}, p); err == nil {
			t.Errorf("%+v is written as\n%s", d, text)
		}
	}
}
