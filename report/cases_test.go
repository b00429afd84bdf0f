// SPDX-License-Identifier: Apache-2.0

package report

import (
	"slices"
	"strings"

	"github.com/complytime/pataudit/audit"
)

// incomplete is the same where GitHub refused some of it.
func incomplete(e *audit.Evidence) *audit.Evidence {
	for i := range e.Coverage {
		if c := &e.Coverage[i]; c.Source == audit.SourceRepositories {
			c.Status, c.Items = audit.Partial, 21
			c.Reason = "3 of 24 repository lists refused (403): let the App read metadata"
		}
	}
	for _, t := range e.Tokens[:3] {
		t.Known &^= audit.FactRepositories
		t.Repositories = nil
	}
	e.Tokens[0].Known &^= audit.FactLastUsed
	return e
}

// calm is an organization where nothing is wrong.
func calm() *audit.Evidence {
	e := violating()
	e.Organization.Login = "quiet-org"
	e.Tokens = slices.DeleteFunc(e.Tokens, func(t *audit.Token) bool {
		return !slices.Contains([]string{"org-ai-access", "ci-publish", "waived-mirror"}, t.Name)
	})
	e.Coverage[0].Items, e.Requests = len(e.Tokens), nil
	return e
}

func empty() *audit.Evidence {
	e := calm()
	e.Tokens, e.Coverage[0].Items = nil, 0
	return e
}

func document(evidence ...*audit.Evidence) *Document {
	d := &Document{Tool: Tool{Name: "pataudit", Version: "v0.1.0", Permissions: "2026-11-30"}}
	for _, e := range evidence {
		p := policy()
		for _, t := range e.Tokens {
			if strings.HasPrefix(t.Name, "waived-") {
				p.Decisions = append(p.Decisions, waive(t, "long-expiration", "over 180 days"))
			}
		}
		d.Runs = append(d.Runs, audit.Evaluate(e, p, asOf))
	}
	return d
}

// documents are the cases that every format must write.
func documents() map[string]*Document {
	failed := document(calm())
	failed.Failed = []Failure{{Organization: "acme", Reason: "404: is the App installed there?"}}
	everything := document(violating())
	everything.View.Only = OnlyAll
	return map[string]*Document{
		"violations": document(violating()),
		"clean":      document(calm()),
		"empty":      document(empty()),
		"incomplete": document(incomplete(calm())),
		"both":       document(incomplete(violating())),
		"several":    document(violating(), calm(), incomplete(calm())),
		"failed":     failed,
		"all":        everything,
		"none":       {Tool: Tool{Name: "pataudit", Version: "v0.1.0", Permissions: "2026-11-30"}},
		"hostile":    hostileDocument(),
		"decided":    decidedDocument(),
		"enterprise": document(enterprise()),
		"remembered": rememberedDocument(),
	}
}

// many is an organization of n tokens, of which every third is of the violating kinds.
func many(n int) *audit.Evidence {
	e := violating()
	kinds := e.Tokens
	e.Tokens = make([]*audit.Token, n)
	for i := range e.Tokens {
		t := *kinds[0]
		if i%3 == 0 {
			t = *kinds[i/3%len(kinds)]
		}
		t.ID, t.TokenID = int64(i+1), int64(i+1_000_000)
		e.Tokens[i] = &t
	}
	return e
}
