// SPDX-License-Identifier: Apache-2.0

package githubtest_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/complytime/pataudit/audit/github/githubtest"
)

func TestFaults(t *testing.T) {
	const grants = `"path": "/orgs/*/personal-access-tokens"`
	for _, test := range []struct {
		name, fault string
		status      int    // 0: no answer
		part        string // of the body
		err         string // of reading it
	}{
		{"status", `"status": 502`, 502, "Bad Gateway", ""},
		{"status and body", `"status": 502, "body": "<html>Unicorn!"`, 502, "<html>Unicorn!", ""},
		{"body", `"body": "null"`, 200, "null", ""},
		{"empty", `"mode": "empty"`, 200, "", ""},
		{"cut", `"mode": "cut"`, 200, `[{"id":25001`, ""},
		{"truncate", `"mode": "truncate"`, 200, `[{"id":25001`, "unexpected EOF"},
		{"gzip", `"mode": "gzip"`, 200, "", "gzip: invalid header"},
		{"reset", `"mode": "reset"`, 0, "", "EOF"},
		{"slow", `"mode": "slow"`, 200, `"token_last_used_at":"2026-11-21T00:00:00Z"}]`, ""},
		{"redirect", `"redirect": "/orgs/complytime"`, 200, `"login":"complytime"`, ""},
		{"other path", `"path": "/orgs/*"`, 200, `[{"id":25001`, ""},
		{"other method", `"method": "POST", "status": 500`, 200, `[{"id":25001`, ""},
		{"query", `"query": "page=1", "status": 500`, 500, "", ""},
		{"other query", `"query": "page=2", "status": 500`, 200, `[{"id":25001`, ""},
		{"other token", `"token": "x", "status": 500`, 200, `[{"id":25001`, ""},
		{"token", `"token": "ghs_script", "status": 500`, 500, "", ""},
		{"prefix", grants + `, "status": 500`, 500, "", ""},
		{"header", `"header": {"X-A": "b", "Date": ""}`, 200, `[{"id":25001`, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, _ := serve(t, `{"organizations": [{"grants": [{}]}], "faults": [{`+
				test.fault+`, "times": 1}]}`)
			url, err := s.Start()
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			transport := &http.Transport{}
			defer transport.CloseIdleConnections()
			client := &http.Client{Transport: authorized{transport}}
			r, err := client.Get(url + "/api/v3" + listed + "?page=1")
			var body []byte
			if err == nil {
				body, err = io.ReadAll(r.Body)
				r.Body.Close()
			}
			status := 0
			if r != nil {
				status = r.StatusCode
			}
			if status != test.status || !strings.Contains(string(body), test.part) {
				t.Errorf("status %d, body %q", status, body)
			}
			if (err == nil) != (test.err == "") ||
				err != nil && !strings.Contains(err.Error(), test.err) {
				t.Errorf("error %v, want %q", err, test.err)
			}
			if test.name == "header" && (r.Header.Get("X-A") != "b" || r.Header["Date"] != nil) {
				t.Errorf("header %v", r.Header)
			}
		})
	}
}

func TestFaultTurns(t *testing.T) {
	s, _ := serve(t, `{"organizations": [{}], "faults": [
		{"path": "/orgs/*/personal-access-tokens", "after": 1, "times": 2, "status": 500},
		{"path": "/graphql", "contains": "membersWithRole", "errors": [{"message": "no"}]}
	]}`)
	for i, want := range []int{200, 500, 500, 200, 200} {
		if r := do(t, s, "GET "+listed); r.StatusCode != want {
			t.Errorf("request %d: status %d, want %d", i+1, r.StatusCode, want)
		}
	}
	expect(t, do(t, s, `POST /graphql {"query":"{viewer{login}}"}`), 200, "bot]\"}}}")
	r := do(t, s, `POST /graphql {"query":"{organization(login:\"complytime\")`+
		`{membersWithRole(first:1){totalCount}}}"}`)
	expect(t, r, 200, `{"totalCount":2}}},"errors":[{"message": "no"}]}`)
	log := s.Log()
	if got := log[1]; got.Status != 500 || got.URL != listed || !got.Authorized ||
		got.Method != "GET" || !got.At.Equal(start) || len(log) != 7 {
		t.Errorf("log: %+v", log)
	}
}

// TestChange revokes a token between two pages: the reader misses one that was alive throughout.
func TestChange(t *testing.T) {
	w, err := githubtest.Read(strings.NewReader(world(`{"generate": {"grants": 4}}`)),
		func() time.Time { return start })
	if err != nil {
		t.Fatal(err)
	}
	w.Tokens = []*githubtest.Token{{Value: script}}
	var s *githubtest.Server
	w.OnRequest = func(n int, r *http.Request) {
		if n == 2 {
			s.Change(func(w *githubtest.World) { w.Organization("complytime").RemoveGrant(25001) })
		}
	}
	if s, err = githubtest.New(w); err != nil {
		t.Fatal(err)
	}
	page := func(n string) []int {
		return ids(t, expect(t, do(t, s, "GET "+listed+"?per_page=2&direction=asc&page="+n), 200, ""))
	}
	if one, two := page("1"), page("2"); len(one) != 2 || len(two) != 1 || two[0] != 4 {
		t.Errorf("pages %v and %v, want [1 2] and [4]", one, two)
	}
}

// TestPipes runs a hundred requests of a second each, in no time.
func TestPipes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, err := githubtest.Read(strings.NewReader(`{"latency": "1s",
			"rate_limit": {"core": 1000, "concurrent": 10}, "tokens": [{"value": "ghs_script"}],
			"organizations": [{"generate": {"grants": 100}}]}`), time.Now)
		if err != nil {
			t.Fatal(err)
		}
		s, err := githubtest.New(w)
		if err != nil {
			t.Fatal(err)
		}
		listener := githubtest.NewListener()
		go s.Serve(listener)
		transport := &http.Transport{DialContext: listener.DialContext}
		client := &http.Client{Transport: authorized{transport}}
		begun := time.Now()
		var wait sync.WaitGroup
		for range 10 {
			wait.Go(func() {
				for range 10 {
					r, err := client.Get("http://api.test" + listed + "?per_page=100")
					if err != nil {
						t.Error(err)
						return
					}
					if body, err := io.ReadAll(r.Body); err != nil || r.StatusCode != 200 {
						t.Errorf("%d %v %s", r.StatusCode, err, body)
					}
					r.Body.Close()
				}
			})
		}
		wait.Wait()
		if took := time.Since(begun); took != 10*time.Second {
			t.Errorf("took %v, want 10s", took)
		}
		// Who has the whole answer may ask again before the server is done with it.
		if peak := s.PeakInFlight(); peak < 10 || peak > 20 || len(s.Log()) != 100 {
			t.Errorf("peak %d, %d requests", s.PeakInFlight(), len(s.Log()))
		}

		short, cancel := context.WithTimeout(t.Context(), time.Second/2)
		defer cancel()
		r, err := http.NewRequestWithContext(short, "GET", "http://api.test"+listed, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := client.Do(r); err == nil {
			t.Error("the latency did not outlast the deadline")
		}
		transport.CloseIdleConnections()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if _, err := listener.DialContext(t.Context(), "", ""); err == nil {
			t.Error("dialled a closed listener")
		}
	})
}
