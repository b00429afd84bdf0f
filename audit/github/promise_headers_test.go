// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/githubtest"
)

// aHeader is one header of the answers to one kind of question; without a path, of all answers.
type aHeader struct{ path, ask, name string }

// telling are the headers that say something of the very answer. The others are of no route, and
// are taken away from all at once.
var telling = []string{"Link", "Date", "Etag", "Content-Type"}

// fault takes the header away.
func (h aHeader) fault() *githubtest.Fault {
	return &githubtest.Fault{Path: h.path, Contains: h.ask, Header: header(h.name, "")}
}

// TestPromiseHeaders is the promise for headers: whichever one is taken away, of whichever route,
// and whatever unknown ones are added, an audit that calls itself complete says what it says when
// nothing is missing.
func TestPromiseHeaders(t *testing.T) {
	prepare := func(w *githubtest.World) {
		today()
		o := w.Organizations[0]
		o.OutsideCollaborators = []*githubtest.Member{{Login: "contractor"}}
		many(w)
		w.Tokens = []*githubtest.Token{{Value: "ghs_bare"}}
		onEnterpriseCloud(w)
	}
	seen := map[aHeader]bool{}
	for _, credentials := range []string{"app", "bare token"} { // which has some routes of its own
		t.Run(credentials, func(t *testing.T) {
			use := func(b *bench) {
				b.also = enterpriseFacts
				if credentials != "app" {
					bare(b)
				}
			}
			var whole *audit.Run
			watch := &watch{known: seen}
			inBubble(t, prepare, func(b *bench) {
				use(b)
				b.between(watch.note)
				var err error
				if whole, err = b.audit(); err != nil || !whole.Complete {
					b.t.Fatalf("the audit without faults: %v, %q", err, whole.Incomplete)
				}
			})
			for i, taken := range watch.news() {
				if !tenth(i) {
					continue
				}
				t.Run(strings.Trim(fmt.Sprint(taken.path, " ", taken.ask, " ", taken.name), " "),
					func(t *testing.T) {
						t.Parallel()
						inBubble(t, prepare, func(b *bench) {
							use(b)
							b.server.Change(func(w *githubtest.World) {
								w.Faults = append(w.Faults, taken.fault())
							})
							if run, err := b.audit(); err == nil && run.Complete {
								saysTheSame(b.t, whole, run)
							}
						})
					})
			}
			t.Run("unknown ones", func(t *testing.T) {
				inBubble(t, prepare, func(b *bench) {
					use(b)
					b.between(addUnknown)
					run, err := b.audit()
					if err != nil || !run.Complete {
						b.t.Fatalf("%v, %q", err, run.Incomplete)
					}
					saysTheSame(b.t, whole, run)
				})
			})
		})
	}
}

// many makes the lists that have pages have several, the last of them neither full nor empty.
func many(w *githubtest.World) {
	o := w.Organizations[0]
	grants(w, 250)
	for i := range 120 {
		o.OutsideCollaborators = append(o.OutsideCollaborators,
			&githubtest.Member{Login: fmt.Sprintf("outside-%03d", i)})
		o.Repositories = append(o.Repositories, &githubtest.Repository{Name: fmt.Sprintf("r%03d", i)})
		o.Grants[0].Repositories = append(o.Grants[0].Repositories, fmt.Sprintf("r%03d", i))
	}
	o.Grants[1].Owner, o.Grants[2].Owner = "outside-110", "departed"
	o.Grants[249].Owner = "departed" // a finding on the last page
	o.Requests = append(o.Requests, o.NewRequest(w.Now()))
}

// watch notes the headers of a whole audit.
type watch struct {
	mu    sync.Mutex
	known map[aHeader]bool
	first []aHeader // seen here first
}

var grantID = regexp.MustCompile(`/\d{5}/repositories$`)

func (w *watch) note(r *http.Request, next http.RoundTripper) (*http.Response, error) {
	ask, question := "", bodyOf(r)
	for _, one := range []string{askMembers, askRepositories} {
		if strings.Contains(question, one) {
			ask = one
		}
	}
	response, err := next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	path := grantID.ReplaceAllString(strings.TrimPrefix(r.URL.Path, "/api/v3"), "/*/repositories")
	if ask != "" {
		path = "/graphql"
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for name := range response.Header {
		h := aHeader{name: name}
		if slices.Contains(telling, name) {
			h.path, h.ask = path, ask
		}
		if !w.known[h] {
			w.known[h], w.first = true, append(w.first, h)
		}
	}
	return response, nil
}

// news returns those that no watch saw before, in an order that is always the same.
func (w *watch) news() []aHeader {
	slices.SortFunc(w.first, func(a, b aHeader) int {
		return strings.Compare(fmt.Sprint(a), fmt.Sprint(b))
	})
	return w.first
}

// addUnknown adds a header and a link that nobody knows to each answer.
func addUnknown(r *http.Request, next http.RoundTripper) (*http.Response, error) {
	response, err := next.RoundTrip(r)
	if err == nil {
		response.Header.Set("X-Of-Next-Year", "1")
		response.Header.Add("Link", `<https://docs.github.com/x>; rel="deprecation"; type="text/html"`)
	}
	return response, err
}

// saysTheSame holds that two complete audits come to the same.
func saysTheSame(t *testing.T, whole, run *audit.Run) {
	t.Helper()
	if run.Outcome() != whole.Outcome() || run.Summary.Tokens != whole.Summary.Tokens {
		t.Errorf("%s of %d tokens, not %s of %d", run.Outcome(), run.Summary.Tokens,
			whole.Outcome(), whole.Summary.Tokens)
	}
	for _, c := range whole.Coverage {
		if now := coverageOf(run, c.Source); now.Status == audit.Complete && now.Items != c.Items {
			t.Errorf("complete, with %d of %d: %+v", now.Items, c.Items, now)
		}
	}
}
