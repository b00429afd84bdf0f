// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/githubtest"
)

// mayLack are the values of GraphQL's answers without which a list is whole.
var mayLack = regexp.MustCompile(`\.(hasTwoFactorEnabled|login|visibility|endCursor) `)

// TestPromiseNulls is the promise for GraphQL's values: whichever one is null, or left out, the
// list is not complete; or it is one that may be missing, and the audit says the same.
func TestPromiseNulls(t *testing.T) {
	prepare := func(w *githubtest.World) {
		today()
		w.Organizations[0].Repositories = []*githubtest.Repository{
			{Name: "a", Visibility: "public"}, {Name: "b", Visibility: "private"},
		}
		everyKind(w, 4)
	}
	var whole *audit.Run
	var mu sync.Mutex
	answers := map[string][]byte{}
	inBubble(t, prepare, func(b *bench) {
		b.between(func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
			question := bodyOf(r)
			response, err := next.RoundTrip(r)
			mu.Lock()
			defer mu.Unlock()
			for _, ask := range []string{askMembers, askRepositories} {
				if err == nil && strings.Contains(question, ask) {
					if answers[ask], err = io.ReadAll(response.Body); err == nil {
						response.Body = io.NopCloser(bytes.NewReader(answers[ask]))
					}
				}
			}
			return response, err
		})
		var err error
		if whole, err = b.audit(); err != nil || !whole.Complete {
			b.t.Fatalf("the audit without faults: %v, %q", err, whole.Incomplete)
		}
	})
	for ask, source := range map[string]string{
		askMembers: audit.SourceMembers, askRepositories: audit.SourceOrganizationRepositories,
	} {
		texts := lacking(t, answers[ask])
		if len(texts) < 20 {
			t.Errorf("only %d values", len(texts))
		}
		for i, what := range slices.Sorted(maps.Keys(texts)) {
			if !tenth(i) {
				continue
			}
			fault := &githubtest.Fault{
				Path: "/graphql", Contains: ask, Status: http.StatusOK, Body: body(texts[what]),
			}
			t.Run(ask+" "+what, func(t *testing.T) {
				t.Parallel()
				inBubble(t, func(w *githubtest.World) {
					prepare(w)
					w.Faults = append(w.Faults, fault)
				}, func(b *bench) {
					run, err := b.audit()
					switch {
					case err != nil:
						b.t.Error(err)
					case coverageOf(run, source).Status != audit.Complete:
					case !mayLack.MatchString(what):
						b.t.Error("complete")
					default:
						saysTheSame(b.t, whole, run)
					}
				})
			})
		}
	}
}

// lacking returns a JSON text with each of its values null, and left out, by what that is.
func lacking(t *testing.T, text []byte) map[string]string {
	t.Helper()
	without := map[string]string{}
	var whole any
	if err := json.Unmarshal(text, &whole); err != nil {
		t.Fatal(err)
	}
	note := func(what string) {
		changed, err := json.Marshal(whole)
		if err != nil {
			t.Fatal(err)
		}
		without[what] = string(changed)
	}
	var visit func(at string, value any)
	visit = func(at string, value any) {
		switch value := value.(type) {
		case map[string]any:
			for _, key := range slices.Sorted(maps.Keys(value)) {
				old := value[key]
				value[key] = nil
				note(at + "." + key + " null")
				delete(value, key)
				note(at + "." + key + " absent")
				value[key] = old
				visit(at+"."+key, old)
			}
		case []any:
			for i, old := range value {
				value[i] = nil
				note(fmt.Sprintf("%s.%d null", at, i))
				value[i] = old
				visit(fmt.Sprintf("%s.%d", at, i), old)
			}
		}
	}
	visit("", whole)
	return without
}
