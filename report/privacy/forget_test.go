// SPDX-License-Identifier: Apache-2.0

package privacy

import (
	"slices"
	"testing"

	"github.com/complytime/pataudit/audit"
)

// TestForgottenBatch holds that a login goes from the name of a batch, a part of which it is.
func TestForgottenBatch(t *testing.T) {
	f := &Forgotten{Logins: map[string]int{"never": 1}}
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
		Coverage: []audit.Coverage{{Reason: audit.Because("memberships/jane-doe: 403")}},
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
		e.Coverage[0].Reason.String(): "memberships/(forgotten-1): 403",
		e.Manifest[0].Route:           "GET /orgs/x/memberships/(forgotten-1)",
		e.Classic[0].Login:            "(forgotten-1)", e.Classic[0].Note: "(forgotten-1)",
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
	gone, login := StandInID(1), StandInLogin(1)
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
