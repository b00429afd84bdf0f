// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/githubtest"
)

// graphQLCases are section E's last: what goes wrong in an answer with status 200. The members'
// second factors are at stake.
func graphQLCases() []situation {
	const failed = `[{"message": "Something went wrong while executing your query."}]`
	const timeout = `{"data": null, "errors": [{"message": "Something went wrong while executing ` +
		`your query. This may be the result of a timeout, or it could be a GitHub bug."}]}`
	rateLimited := githubtest.Fault{
		Body: body(`{"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]}`),
	}
	hidden := unseen("graphql_hasTwoFactorEnabled_null", "", githubtest.Fault{})
	hidden.exit, hidden.faults, hidden.world = 0, nil, func(w *githubtest.World) {
		w.Organizations[0].TwoFactorHidden = true // no required rule needs it
	}
	hidden.holds = func(o *outcome) {
		neverSecondFactor(o)
		says("owner-not-member", audit.Pass)(o)
	}
	return []situation{
		unseen("graphql_200+errors+data", `GraphQL: "Something went wrong`,
			githubtest.Fault{Errors: json.RawMessage(failed)}),
		{name: "graphql_RATE_LIMITED", variants: []situation{
			seenLater("once", time.Minute, rateLimited),
			seenLater("RATE_LIMIT", time.Minute, githubtest.Fault{Body: body(`{"errors": [{"type": ` +
				`"RATE_LIMIT", "code": "graphql_rate_limit", "message": "API rate limit exceeded"}]}`)}),
			seenLater("code_alone", time.Minute, githubtest.Fault{Body: body(`{"errors": [{"code": ` +
				`"graphql_rate_limit", "message": "API rate limit exceeded"}]}`)}),
			unseen("always", "rate limit of GitHub", rateLimited),
		}},
		unseen("graphql_RESOURCE_LIMITS", "RESOURCE_LIMITS_EXCEEDED", githubtest.Fault{
			Errors: json.RawMessage(`[{"type": "RESOURCE_LIMITS_EXCEEDED", "path": ["organization",
				"membersWithRole", "edges", 1], "message": "Resource limits for this query exceeded."}]`),
		}),
		{name: "graphql_timeout", variants: []situation{
			unseen("error", "GitHub bug.\", after 4 attempts", githubtest.Fault{Body: body(timeout)}),
			stumbling("once", githubtest.Fault{Body: body(timeout)}),
			stumbling("once_beside_data", githubtest.Fault{Errors: json.RawMessage(failed)}),
			unseen("silence", "no whole answer within 30s", githubtest.Fault{
				Delay: githubtest.Duration(time.Hour),
			}),
		}},
		hidden,
		unseen("graphql_node_null", "a member is hidden", githubtest.Fault{Body: membersPage(
			`{"hasNextPage": false, "endCursor": null}`)}),
		unseen("graphql_hasNextPage_true_with_endCursor_null", "a page has a successor without a cursor",
			githubtest.Fault{Body: membersPage(`{"hasNextPage": true, "endCursor": null}`,
				`{"role": "ADMIN", "hasTwoFactorEnabled": true, "node": {"login": "x", "databaseId": 7}}`)}),
	}
}

// membersPage is a page of two members, the first of which is hidden unless edges say otherwise.
func membersPage(info string, edges ...string) *string {
	edge := `{"role": "MEMBER", "hasTwoFactorEnabled": true, "node": null}`
	if len(edges) > 0 {
		edge = edges[0]
	}
	return body(fmt.Sprintf(`{"data": {"organization": {"membersWithRole": {"totalCount": 1,
		"pageInfo": %s, "edges": [%s]}}}}`, info, edge))
}

func ofMembers(f githubtest.Fault) githubtest.Fault {
	f.Path, f.Contains = "/graphql", "membersWithRole"
	return f
}

// unseen is an audit that does not learn who the members are.
func unseen(name, words string, f githubtest.Fault) situation {
	return situation{
		name: name, exit: 4, words: words, faults: []githubtest.Fault{ofMembers(f)},
		holds: func(o *outcome) {
			neverSecondFactor(o)
			for i := range o.evidence.Tokens {
				if got := o.says(i, "owner-not-member").Status; got != audit.Indeterminate {
					o.t.Errorf("owner-not-member says %v", got)
				}
				if got := o.says(i, "no-expiration").Status; got != audit.Pass {
					o.t.Errorf("no-expiration says %v", got)
				}
			}
		},
	}
}

func neverSecondFactor(o *outcome) {
	for i, token := range o.evidence.Tokens {
		got := o.says(i, "owner-without-2fa").Status
		if got != audit.Indeterminate || token.Known.Has(audit.FactTwoFactor) {
			o.t.Errorf("owner-without-2fa says %v", got)
		}
	}
}

// stumbling is a GitHub that fails once with status 200, as it does with 502.
func stumbling(name string, f githubtest.Fault) situation {
	s := seenLater(name, 0, f)
	s.min, s.max = 500*time.Millisecond, time.Second
	return s
}

// seenLater is an audit that learns it after that long.
func seenLater(name string, wait time.Duration, f githubtest.Fault) situation {
	f.Times = 1
	return situation{
		name: name, min: wait, max: wait, faults: []githubtest.Fault{ofMembers(f)},
		holds: says("owner-not-member", audit.Pass, "owner-without-2fa", audit.Pass),
	}
}
