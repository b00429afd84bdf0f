// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"context"
	"strings"
	"testing"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github"
	"github.com/complytime/pataudit/audit/github/githubtest"
)

// countsRequests holds that each source's coverage counts the requests that the manifest lists for
// it: a repeated one counts each time that it was sent.
func countsRequests(t *testing.T, e *audit.Evidence) {
	t.Helper()
	sent := map[string]int{}
	for _, exchange := range e.Manifest {
		sent[exchange.Source] += exchange.Attempts
	}
	for _, c := range e.Coverage {
		if c.Requests != sent[c.Source] {
			t.Errorf("%s: %d requests, but the manifest lists %d", c.Source, c.Requests, sent[c.Source])
		}
		delete(sent, c.Source)
	}
	for source, n := range sent {
		t.Errorf("%s: the manifest lists %d requests, but there is no coverage", source, n)
	}
}

// TestRequestsOfRequests holds that the lists of what requests ask for are counted as theirs.
func TestRequestsOfRequests(t *testing.T) {
	inBubble(t, func(w *githubtest.World) {
		o := w.Organizations[0]
		for range 3 {
			r := o.NewRequest(w.Now())
			r.Selection = "subset"
			o.Requests = append(o.Requests, r)
		}
	}, func(b *bench) {
		e := b.mustCollect()
		const lists, passes = 3, 2
		if c := e.CoverageOf(audit.SourceRequests); c.Requests != passes+lists {
			t.Errorf("coverage %+v", c)
		}
	})
}

// TestLearnedContradiction holds that a contradiction in lists that are read for information alone
// is told beside why they were read.
func TestLearnedContradiction(t *testing.T) {
	inBubble(t, func(w *githubtest.World) { grants(w, 3) }, func(b *bench) {
		lie := ofFirst(
			`[{"id": 1, "full_name": "complytime/a"}, {"id": 2, "full_name": "complytime/A"}]`,
		)
		b.world.Faults = append(b.world.Faults, &lie[0])
		source := github.New(b.config).Organization(b.world.Organizations[0].Login)
		e, err := source.Collect(context.Background(), everything&^audit.FactRepositories)
		if err != nil {
			t.Fatal(err)
		}
		if err := source.Learn(context.Background(), e, e.Tokens, everything); err != nil {
			t.Fatal(err)
		}
		countsRequests(t, e)
		c := e.CoverageOf(audit.SourceRepositories)
		for _, want := range []string{
			"are both called", "read for information, for 2 of 3 failing tokens only",
		} {
			if !strings.Contains(c.Reason.String(), want) {
				t.Errorf("%q is not in %+v", want, c)
			}
		}
		if c.Status != audit.NotAsked || c.Items != 2 {
			t.Errorf("coverage %+v", c)
		}
	})
}
