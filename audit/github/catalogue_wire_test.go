// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/githubtest"
)

// spot is a request of an audit of 150 tokens that a fault can hit, and the exit code then.
type spot struct {
	name        string
	path, query string
	exit        int
}

func spots() []spot {
	return []spot{
		{"first_page", tokensPath, "asc&per_page", 1},
		{"second_page", tokensPath, "&page=2", 4},
		{"repositories", tokensPath + "/25001/repositories", "", 4},
	}
}

func (p spot) is(r *http.Request) bool {
	return strings.HasSuffix(r.URL.Path, p.path) && strings.Contains(r.URL.RawQuery, p.query)
}

// atEachSpot makes a situation of a fault at each of the spots: what is seen nevertheless is
// judged, and an empty list is never read into it.
func atEachSpot(s situation, strike func(spot, *situation)) situation {
	whole := situation{name: s.name}
	for _, p := range spots() {
		variant := s
		variant.name, variant.grants, variant.exit = p.name, 150, p.exit
		strike(p, &variant)
		holds := variant.holds
		variant.holds = func(o *outcome) {
			p.spared(o)
			if holds != nil {
				holds(o)
			}
		}
		whole.variants = append(whole.variants, variant)
	}
	return whole
}

// spared holds that all is judged but for what the spot gives.
func (p spot) spared(o *outcome) {
	switch p.name {
	case "second_page":
		o.tokens(100)
	case "repositories":
		o.tokens(150)
		if o.evidence.Tokens[0].Known.Has(audit.FactRepositories) {
			o.t.Error("repositories are known that were not had")
		}
		if o.says(0, "broad-selection").Status != audit.Indeterminate ||
			o.says(1, "broad-selection").Status != audit.Pass {
			o.t.Error("the fault hit another token, or none")
		}
	}
}

// replied is a situation in which the spots are answered with a fault.
func replied(name, words string, fault githubtest.Fault) situation {
	return atEachSpot(situation{name: name, words: words}, func(p spot, s *situation) {
		fault.Path, fault.Query = p.path, p.query
		s.faults = []githubtest.Fault{fault}
	})
}

// onTheWire is a situation in which the spots are answered with these bytes, after which the
// connection closes; attempts times.
func onTheWire(name, words string, attempts int, bytes func(w net.Conn)) situation {
	return atEachSpot(situation{name: name, words: words}, func(p spot, s *situation) {
		var sent *atomic.Int64
		s.bench = func(b *bench) { sent = b.byHand(p.is, 0, handMade(bytes)) }
		s.holds = func(o *outcome) {
			if n := int(sent.Load()); n != attempts {
				o.t.Errorf("asked %d times, not %d", n, attempts)
			}
		}
	})
}

// wire is what lies below the client.
type wire func(*http.Request) (*http.Response, error)

func (w wire) RoundTrip(r *http.Request) (*http.Response, error) { return w(r) }

// between puts something between the client and the server.
func (b *bench) between(do func(*http.Request, http.RoundTripper) (*http.Response, error)) {
	next := b.config.Base
	b.config.Base = wire(func(r *http.Request) (*http.Response, error) { return do(r, next) })
}

// byHand sends requests elsewhere than to the server, the first so many of them (0: all). sent
// counts them, and those that went to the server after all.
func (b *bench) byHand(
	is func(*http.Request) bool, times int64, by http.RoundTripper,
) (sent *atomic.Int64) {
	sent = new(atomic.Int64)
	if transport, ok := by.(*http.Transport); ok {
		by = transport.Clone() // what it keeps of its connections belongs to one bubble
	}
	b.between(func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
		if !is(r) {
			return next.RoundTrip(r)
		}
		if n := sent.Add(1); times > 0 && n > times {
			return next.RoundTrip(r)
		}
		return by.RoundTrip(r)
	})
	return sent
}

// handMade answers each request on a connection of its own.
func handMade(answer func(net.Conn)) *http.Transport {
	return &http.Transport{DisableKeepAlives: true, DialContext: dialTo(answer)}
}

// dialTo makes connections that read one request, answer, and close.
func dialTo(answer func(net.Conn)) func(context.Context, string, string) (net.Conn, error) {
	return func(context.Context, string, string) (net.Conn, error) {
		client, server := net.Pipe()
		go func() {
			defer func() { _ = server.Close() }()
			if _, err := http.ReadRequest(bufio.NewReader(server)); err == nil {
				answer(server)
			}
		}()
		return client, nil
	}
}

// ok writes a successful answer's head with these headers, and its body, as far as it is wanted.
func ok(body string, headers ...string) func(net.Conn) {
	head := "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" +
		strings.Join(append(headers, "", ""), "\r\n")
	return func(w net.Conn) { _, _ = fmt.Fprint(w, head+body) }
}

// relink rewrites the Link header of every answer.
func relink(rewrite func(link string) []string) func(*bench) {
	return func(b *bench) {
		b.between(func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
			response, err := next.RoundTrip(r)
			if err == nil && response.Header.Get("Link") != "" {
				response.Header["Link"] = rewrite(response.Header.Get("Link"))
			}
			return response, err
		})
	}
}
