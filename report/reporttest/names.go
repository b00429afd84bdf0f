// SPDX-License-Identifier: Apache-2.0

package reporttest

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/view"
)

// denying is a checker with a parameter.
type denying struct {
	asked audit.Checker
	Deny  []string `yaml:"deny"`
}

func (d *denying) Check(s *audit.Subject) audit.Verdict { return d.asked.Check(s) }

// Telling returns the report of an organization whose every text names somebody. It is longer than
// a function should be, for it names them one by one.
func Telling() *view.Document {
	e, p := Violating(), DecidedPolicy()
	p.Name, p.Digest = "/home/somebody-else/policy.yaml", "sha256:0123456789abcdef"
	for i := range p.Overrides {
		p.Overrides[i].Name = "the bots of jdoe"
	}
	for i := range e.Tokens {
		t := e.Tokens[i]
		t.ApprovedBy, t.Known = "the-approver", t.Known|audit.FactCreated
		t.CreatedAt = t.GrantedAt
	}
	for i, r := range e.Organization.Repositories {
		r.ID = int64(7_000_000 + i)
		if i%2 == 0 {
			r.Name, r.Visibility = fmt.Sprintf("complytime/secret-%02d", i), "private"
		}
	}
	e.Tokens[0].Repositories = e.Organization.Repositories[:6]
	e.Organization.Repositories[4].Visibility = ""
	e.Organization.Repositories[4].Name = "complytime/nobody-knows"
	says := func(r *audit.Rule, message string, basis ...string) audit.Checker {
		return Check(func(s *audit.Subject) audit.Verdict { return Fails(message, basis...) })
	}
	for i := range p.Rules {
		switch r := &p.Rules[i]; r.Rule.ID {
		case "broad-selection":
			r.Checker = Check(func(s *audit.Subject) audit.Verdict {
				text := s.Token.Name
				if s.Token.Owner != nil {
					text += " of " + s.Token.Owner.Login
				}
				return Fails(text, text, "token "+strconv.FormatInt(s.Token.ID, 10),
					strconv.FormatInt(s.Token.TokenID, 10))
			})
		case "undescriptive-name":
			r.Checker = says(r.Rule, `reads "nightly-01"`, "reads complytime/secret-00",
				"reads complytime/unlisted-repo")
		case "all-repositories":
			r.Checker = &denying{says(r.Rule, "contents:write: as Marta-H wants it", "contents:write",
				"for-release-bot-legacy", "of “secret-00”"), []string{"stranger-three"}}
		case "expired-grant":
			r.Checker = says(r.Rule, "writes to complytime/secret-02, complytime/repo-02 and 3 more")
		}
	}
	e.Coverage[0].Reason = audit.Reason{{
		Code: audit.ReasonContradiction, Words: "token 101 is expired, yet expires; grant 90101",
	}, {Code: audit.ReasonReaches, Words: "token 90101"}}
	e.Coverage[1].Status, e.Coverage[1].Reason = audit.Partial,
		audit.Because("GET /orgs/complytime/memberships/ex-kim: 403")
	e.Coverage[2].Reason = audit.Reason{{Code: audit.ReasonMalformed, Words: `secret-00 is hidden`}}
	e.Coverage[3].Reason = audit.Reason{{
		Code: audit.ReasonPermission, Status: 403, Words: "stranger-one may not",
		Needs: []string{"members", "stranger-two=read"},
	}}
	e.Coverage[4].Reason = audit.Reason{{
		Code: audit.ReasonLists, Count: 3, Of: 4, Words: "stranger-one",
	}, {
		Code: audit.ReasonServer, Status: 500, Words: "stranger-two may not", Whole: "marta-h: 500",
	}}
	e.Requests[0].Reason = "because marta-h said so"
	e.Classic = []*audit.Credential{{
		ID: 811111, TokenID: 822222, Login: "classic-person", Note: "their old note",
		LastEight: "abcd1234", Scopes: []string{"repo"},
	}}
	d := documentOf(audit.Evaluate(e, p, DecidedOptions))
	d.Failed = []view.Failure{{Organization: "acme", Reason: audit.Reason{{
		Code: audit.ReasonPermission, Status: 403, Words: "Tsuki is gone", Needs: []string{"members"},
	}}}}
	d.View.Hints = map[*audit.Run][]view.Hint{}
	for _, run := range []*audit.Run{nil, d.Runs[0]} {
		d.View.Hints[run] = []view.Hint{
			{For: "A file", Words: []string{"pataudit", "audit", "--from", "/home/jdoe/x"}},
		}
	}
	d.View.Deciding = map[*audit.Run]*view.Deciding{d.Runs[0]: view.NewDeciding(
		d.Runs[0], "pataudit", []string{"--decisions", "/home/jdoe/x"}, nil)}
	return d
}

// NamesIn returns the names and ids that no pseudonymised report may hold.
func NamesIn(d *view.Document) map[string]bool {
	names := map[string]bool{
		"marta-h": true, "Tsuki": true, "somebody-else": true, "the bots": true, "mirrors until": true,
		"SEC-7": true, "after the review": true, "release.yml": true, "because": true,
		"unlisted-repo": true, "security board": true, "classic-person": true, "their old note": true,
		"abcd1234": true, "811111": true, "822222": true, "/home": true, "stranger": true,
		"policy.yaml": true,
	}
	for _, run := range d.Runs {
		for r := range view.Both(run) {
			t := r.Token
			names[strconv.FormatInt(t.TokenID, 10)] = true
			if names[t.ApprovedBy] = true; len(t.Name) > 3 {
				names[t.Name] = true
			}
			if t.Owner != nil && t.Owner.Login != "bob" {
				names[t.Owner.Login] = true
			}
			for _, repository := range t.Repositories {
				_, bare, _ := strings.Cut(repository.Name, "/")
				if repository.Visibility != "public" {
					names[bare], names[strconv.FormatInt(repository.ID, 10)] = true, true
				}
			}
		}
	}
	delete(names, "")
	return names
}
