// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/complytime/pataudit/report/reporttest"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/view"
)

// TestForgottenReport takes each owner out of each report: what is left can be read, has the same
// figures, and names nobody but the others.
func TestForgottenReport(t *testing.T) {
	for name, d := range reporttest.Documents() {
		if !d.Single() {
			continue
		}
		text := jsonText(t, d)
		owners := map[string]int64{}
		for r := range view.Both(d.Runs[0]) {
			if o := r.Token.Owner; o != nil && o.Login != "" {
				owners[o.Login] = o.ID
			}
		}
		for _, login := range slices.Sorted(maps.Keys(owners))[:min(2, len(owners))] {
			id := owners[login]
			f := &Forgotten{
				IDs: map[int64]int{id: 3}, Logins: map[string]int{strings.ToLower(login): 3},
			}
			write, err := Forget(f, bytes.NewReader(text), "sha256:other", "")
			if err != nil {
				t.Fatalf("%s: %s: %v", name, login, err)
			}
			var after bytes.Buffer
			if err := write(&after); err != nil {
				t.Fatalf("%s: %s: %v", name, login, err)
			}
			saved, err := ReadJSON(&after, name)
			if err != nil {
				t.Fatalf("%s: %s: %v", name, login, err)
			}
			again, err := saved.Document(reporttest.FakeRules())
			if err != nil {
				t.Errorf("%s: %s: %v", name, login, err)
				continue
			}
			if saved.Parts[0].Digest != "sha256:other" {
				t.Errorf("%s: the evidence is still %s", name, saved.Parts[0].Digest)
			}
			if again.Runs[0].Summary != d.Runs[0].Summary {
				t.Errorf("%s: %s: other figures", name, login)
			}
			for r := range view.Both(again.Runs[0]) {
				if o := r.Token.Owner; o != nil && (o.ID == id || strings.EqualFold(o.Login, login) ||
					StandIn(o.ID) == 3 && r.Token.Name != "(forgotten-3)") {
					t.Errorf("%s: %s is still there: %q of %+v", name, login, r.Token.Name, o)
				}
			}
		}
	}
}

// TestForgottenNobody: a report that does not name the person comes back as it was, byte by byte.
func TestForgottenNobody(t *testing.T) {
	f := &Forgotten{IDs: map[int64]int{4711: 1}, Logins: map[string]int{"nobody-here": 1}}
	for name, d := range reporttest.Documents() {
		if !d.Single() {
			continue
		}
		text := jsonText(t, d)
		if write, err := Forget(f, bytes.NewReader(text), "", ""); err != nil || write != nil {
			t.Errorf("%s: %v: changed", name, err)
		}
	}
}

func jsonText(t *testing.T, d *view.Document) []byte {
	t.Helper()
	var text bytes.Buffer
	if err := JSON.Write(&text, d); err != nil {
		t.Fatal(err)
	}
	return text.Bytes()
}

// TestForgottenWords holds that a login that is an ordinary word changes what people and GitHub
// wrote, and nothing of what the rules say.
func TestForgottenWords(t *testing.T) {
	f := &Forgotten{Logins: map[string]int{"never": 1, "apps": 1, "tokens": 1}}
	w := &wireReport{
		Coverage:   []wireCoverage{{Source: "tokens", Reason: "403 for never"}},
		Incomplete: []string{"tokens: 403 for never", "unused cannot judge 3 of 4 tokens"},
		NotSeen:    []string{"apps", "pending requests (403 for never)"},
		Tokens: []*wireResult{{Findings: []wireFinding{
			{Rule: "unused", Message: "was never used", Remedy: "never mind"},
		}}},
		Requests:  []*wireRequest{{Denial: "use apps"}},
		Decisions: []wireDecision{{By: "never", Reason: "apps of never", Detail: "the tokens grew"}},
	}
	forgetInReport(f, w)
	told := strings.Join(slices.Concat(w.Incomplete, w.NotSeen, []string{
		w.Tokens[0].Findings[0].Message, w.Tokens[0].Findings[0].Remedy, w.Requests[0].Denial,
		w.Decisions[0].By, w.Decisions[0].Reason, w.Decisions[0].Detail, w.Coverage[0].Reason,
	}), "\n")
	want := `tokens: 403 for (forgotten-1)
unused cannot judge 3 of 4 tokens
apps
pending requests (403 for (forgotten-1))
was never used
never mind
use apps
(forgotten-1)
(forgotten-1) of (forgotten-1)
the tokens grew
403 for (forgotten-1)`
	if told != want {
		t.Errorf("got\n%s\nwant\n%s", told, want)
	}
	for name, want := range map[string]string{
		"Never-weekly": "(forgotten-1)-weekly", "2026-never": "2026-(forgotten-1)",
		"nevermore": "nevermore",
	} {
		if got := f.Batch(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// TestForgottenEvidence holds that evidence is rid of a person wherever one can stand.
func TestForgottenEvidence(t *testing.T) {
	owner := &audit.Member{ID: 7, Login: "Jane-Doe"}
	other := &audit.Member{ID: 8, Login: "jane-doe-2"}
	token := func(id int64, o *audit.Member) *audit.Token {
		return &audit.Token{ID: id, Name: "of " + o.Login, Owner: o, ApprovedBy: "JANE-DOE"}
	}
	e := &audit.Evidence{
		Tokens: []*audit.Token{token(1, owner), token(2, owner), token(3, other)},
		Requests: []*audit.Request{
			{Token: token(4, owner), Reason: "I am Jane"},
			{Token: token(5, other), Reason: "as jane-doe’s boss said"},
		},
		Coverage: []audit.Coverage{{Reason: "memberships/jane-doe: 403"}},
		Dropped:  []audit.Dropped{{ID: 9, Reason: "of jane-doe"}},
		Manifest: []audit.Exchange{{Route: "GET /orgs/x/memberships/Jane-Doe"}},
		Classic: []*audit.Credential{
			{ID: 1, Login: "jane-doe", Note: "mine", LastEight: "12345678"}, {ID: 2, Login: "zoe"},
		},
	}
	f := &Forgotten{IDs: map[int64]int{7: 1}, Logins: map[string]int{"jane-doe": 1}}
	f.Evidence(e)
	for _, t2 := range e.Tokens[:2] {
		if t2.Owner.ID != firstStandIn+1 || t2.Owner.Login != "(forgotten-1)" ||
			t2.Name != "(forgotten-1)" || t2.ApprovedBy != "(forgotten-1)" {
			t.Errorf("%+v of %+v", t2, t2.Owner)
		}
	}
	if other.ID != 8 || other.Login != "jane-doe-2" || e.Tokens[2].Name != "of jane-doe-2" {
		t.Errorf("somebody else was forgotten: %+v", other)
	}
	for got, want := range map[string]string{
		e.Requests[0].Reason: "(forgotten-1)", e.Requests[1].Reason: "as (forgotten-1)’s boss said",
		e.Coverage[0].Reason: "memberships/(forgotten-1): 403", e.Dropped[0].Reason: "of (forgotten-1)",
		e.Manifest[0].Route: "GET /orgs/x/memberships/(forgotten-1)",
		e.Classic[0].Login:  "(forgotten-1)", e.Classic[0].Note: "(forgotten-1)",
		e.Classic[0].LastEight: "",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if !slices.IsSortedFunc(e.Classic, audit.CompareCredentials) {
		t.Error("classic tokens are not in their order")
	}
}

func FuzzReplaceFolded(f *testing.F) {
	for _, text := range []string{
		"jane", "JANE jane", "ijanes jane", "jane-doe @jane.", "éjane jane’s jane\xff",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		after := replaceFolded(text, "jane", "(forgotten-1)", inLogin)
		if replaceFolded(after, "jane", "(forgotten-1)", inLogin) != after {
			t.Errorf("%q: still there in %q", text, after)
		}
	})
}

// TestForgetOwners: of an owner whom an override names, the id and the login are each the person's
// or not: the login beside an id is only what somebody wrote.
func TestForgetOwners(t *testing.T) {
	f := &Forgotten{IDs: map[int64]int{7: 1}, Logins: map[string]int{"jane-doe": 1}}
	p := &audit.Policy{Overrides: []audit.Override{{When: audit.Condition{Owners: []audit.Account{
		{ID: 7, Login: "Jane-Doe"},
		{ID: 7},
		{ID: 7, Login: "other"},
		{ID: 8, Login: "jane-doe"},
		{ID: 8, Login: "other"},
	}}}}}
	f.Policy(p)
	gone, login := standInID(1), standInLogin(1)
	want := []audit.Account{
		{ID: gone, Login: login},
		{ID: gone},
		{ID: gone, Login: login},
		{ID: 8, Login: login},
		{ID: 8, Login: "other"},
	}
	if got := p.Overrides[0].When.Owners; !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
}
