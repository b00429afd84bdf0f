// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/api"
	"github.com/complytime/pataudit/audit/github/githubtest"
)

// TestGateway holds that a refusal which is no JSON says nothing of permissions, nor of what there
// is: it is a gateway's, whatever its status.
func TestGateway(t *testing.T) {
	for _, status := range []int{401, 403, 404, 451} {
		for name, page := range map[string]struct{ media, text string }{
			"HTML":     {"text/html", "<html>Sign in to the network</html>"},
			"text":     {"text/plain; charset=utf-8", "blocked"},
			"no media": {"", "<html>Sign in</html>"},
			"nothing":  {"", ""},
		} {
			for _, path := range []string{
				"/orgs/complytime/installation", tokensPath, tokensPath + "/1/repositories",
			} {
				t.Run(fmt.Sprint(status, name, path), func(t *testing.T) {
					inBubble(t, func(w *githubtest.World) {
						grants(w, 1)
						w.Organizations[0].Grants[0].ID = 1
						w.Faults = []*githubtest.Fault{{
							Path: path, Status: status, Body: body(page.text),
							Header: header("Content-Type", page.media),
						}}
					}, func(b *bench) { b.isGateways() })
				})
			}
		}
	}
}

// isGateways holds that a run fails or is incomplete by a gateway's doing.
func (b *bench) isGateways() {
	b.t.Helper()
	run, err := b.audit()
	var refused *api.Error
	said := ""
	switch {
	case err != nil:
		if !errors.As(err, &refused) || refused.Kind != api.Gateway {
			b.t.Errorf("the error is %v", err)
		}
		said = err.Error()
	case run.Outcome() != audit.Incomplete:
		b.t.Errorf("the run is %v", run.Outcome())
	default:
		said = run.Incomplete.String()
	}
	if !strings.Contains(said, "a gateway or proxy in between answered, not GitHub") ||
		strings.Contains(said, "the App needs") || strings.Contains(said, "not installed there") {
		b.t.Errorf("it says %s", said)
	}
}

// TestIntegrationNotFound holds that an App that GitHub does not know is told from one that is not
// installed.
func TestIntegrationNotFound(t *testing.T) {
	inBubble(t, func(w *githubtest.World) {
		w.Faults = []*githubtest.Fault{{
			Path: "/orgs/complytime/installation", Status: 404,
			Body: body(`{"message": "Integration not found"}`),
		}}
	}, func(b *bench) {
		_, err := b.collect()
		if err == nil || !strings.Contains(err.Error(), "GitHub knows no App with this id") ||
			strings.Contains(err.Error(), "not installed") {
			b.t.Errorf("the error is %v", err)
		}
	})
}
