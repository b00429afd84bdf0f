// SPDX-License-Identifier: Apache-2.0

//go:build linux

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit/github/githubtest"
	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/cmd/pataudit/audit"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// onHistories runs a test with an empty history in SQLite, and in the full tests in PostgreSQL,
// behind a pooler and not.
func onHistories(t *testing.T, test func(t *testing.T, url string)) {
	t.Run("SQLite", func(t *testing.T) { test(t, filepath.Join(t.TempDir(), "pataudit.db")) })
	if os.Getenv("PATAUDIT_TEST_FULL") != "1" {
		return // the others need servers
	}
	direct, pooled := newPostgres(t)
	t.Run("PostgreSQL", func(t *testing.T) { test(t, direct) })
	t.Run("PgBouncer", func(t *testing.T) { test(t, pooled) })
}

// stored lists the runs of a history; none while there is no history.
func stored(t *testing.T, url string) []history.Run {
	t.Helper()
	at, err := history.Parse(url)
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	store, err := history.OpenExisting(ctx, at)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	}()
	runs, err := store.Runs(ctx, history.Query{})
	if err != nil {
		t.Fatal(err)
	}
	return runs
}

// manyOrganizations serves so many of them, each with two tokens.
func manyOrganizations(t *testing.T, n int) (*githubtest.Server, []string) {
	t.Helper()
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, `,{"login": "org-%d", "id": %d, "grants": [{"id": %d}, {"id": %d}]}`,
			i, 1000+i, 2*i+1, 2*i+2)
	}
	world, err := githubtest.Read(strings.NewReader(`{"latency": "5ms", "organizations": [`+
		text.String()[1:]+`]}`), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	return serve(t, world)
}

// TestShards is the Indexed Job: four workers share 200 organizations over one history; one of
// them is killed and started again. Each organization is in the history once, and in one of the
// reports.
func TestShards(t *testing.T) {
	t.Parallel()
	const organizations, workers = 200, 4
	onHistories(t, func(t *testing.T, url string) {
		server, env := manyOrganizations(t, organizations)
		dir := t.TempDir()
		work := func(i int) *trial {
			r := prepare(t, dir, nil, env, "audit", "--all-installations", "--quiet",
				"--shard", fmt.Sprintf("%d/%d", i, workers), "--batch", "job-1", "--history", url,
				"-o", fmt.Sprintf("%d.json", i))
			r.start()
			return r
		}
		trials := make([]*trial, workers)
		for i := range trials {
			trials[i] = work(i)
		}
		killed := 1
		until(t, "the first runs", func() bool { return len(stored(t, url)) >= 3*workers })
		if err := trials[killed].Process.Kill(); err != nil {
			t.Fatal(err)
		}
		trials[killed].ends(-1, "")
		trials[killed] = work(killed)
		for _, r := range trials {
			r.ends(ui.ExitClean, "")
		}
		logins := map[string]int{}
		for _, run := range stored(t, url) {
			logins[run.Organization.Login]++
			if run.Batch != "job-1" || !run.Complete {
				t.Errorf("run %d: %+v", run.Number, run)
			}
		}
		reported := map[string]int{}
		for i := range workers {
			for _, login := range reportedIn(t, filepath.Join(dir, fmt.Sprintf("%d.json", i))) {
				reported[login]++
			}
		}
		again := 0
		listed := listings(server)
		for i := range organizations {
			login := fmt.Sprintf("org-%d", i)
			if logins[login] != 1 || reported[login] != 1 {
				t.Errorf("%s: saved %d times, reported %d times", login, logins[login], reported[login])
			}
			if listed[login] > 2 {
				again++ // it was collected when the worker was killed
			}
		}
		if len(logins) != organizations || len(reported) != organizations {
			t.Errorf("%d saved, %d reported, want %d", len(logins), len(reported), organizations)
		}
		if again > audit.AtOnce {
			t.Errorf("%d organizations were audited twice, and %d at once at most", again, audit.AtOnce)
		}
	})
}

// listings counts how often each organization's tokens were listed; an audit does so twice.
func listings(server *githubtest.Server) map[string]int {
	list := regexp.MustCompile(`/orgs/([^/]+)/personal-access-tokens(\?|$)`)
	counts := map[string]int{}
	for _, entry := range server.Log() {
		if match := list.FindStringSubmatch(entry.URL); match != nil {
			counts[match[1]]++
		}
	}
	return counts
}

// reportedIn lists the organizations of a report.
func reportedIn(t *testing.T, path string) (logins []string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var saved struct {
		Audits []struct {
			Organization struct {
				Login string `json:"login"`
			} `json:"organization"`
		} `json:"audits"`
	}
	if err := json.Unmarshal(text, &saved); err != nil {
		t.Fatal(err)
	}
	for _, audit := range saved.Audits {
		logins = append(logins, audit.Organization.Login)
	}
	return logins
}

// TestTwoAudits lets two audits work at once on one history, one cache and one folder, then kills
// some at any moment: what is there is of one run, or told apart by --verify (two files cannot be
// renamed at once, so a run can be killed between them), and the next run finds all in order.
func TestTwoAudits(t *testing.T) {
	t.Parallel()
	onHistories(t, func(t *testing.T, url string) {
		dir := t.TempDir()
		var once sync.Once
		both, arrived := make(chan struct{}), make(chan struct{}, 1000)
		_, env := serveWith(t, &githubtest.World{OnRequest: func(_ int, request *http.Request) {
			if strings.HasSuffix(request.URL.Path, "/personal-access-tokens") {
				arrived <- struct{}{}
				if len(arrived) >= 2 {
					once.Do(func() { close(both) })
				}
				<-both
			}
		}})
		begin := func() *trial {
			r := prepare(t, dir, nil, env, "audit", "complytime", "--quiet", "--history", url,
				"--cache", "cache", "-o", "a.json", "--snapshot", "a.evidence.json")
			r.start()
			return r
		}
		first, second := begin(), begin()
		first.ends(ui.ExitClean, "")
		second.ends(ui.ExitClean, "")
		oneSet(t, dir, url, ui.ExitClean)
		for range 10 {
			r := begin()
			time.Sleep(time.Duration(rand.IntN(400)) * time.Millisecond)
			_ = r.Process.Kill() // it may have ended
			_ = r.Wait()
			oneSet(t, dir, url, ui.ExitClean, ui.ExitFailed)
		}
		last := begin()
		last.ends(ui.ExitClean, "")
		oneSet(t, dir, url, ui.ExitClean)
	})
}

// oneSet holds that the report is of a run in the history, and that --verify ends with one of some
// codes: by ExitFailed it says that the snapshot is another run's.
func oneSet(t *testing.T, dir, url string, codes ...int) {
	t.Helper()
	var out watched
	path := filepath.Join(dir, "a.json")
	if code := run(t.Context(), []string{
		"pataudit", "report", path, "--verify", filepath.Join(dir, "a.evidence.json"),
		"--history", url,
	}, time.Now, nil, &out, &out); !slices.Contains(codes, code) ||
		code == ui.ExitFailed && !strings.Contains(out.String(), "was not made of") {
		t.Errorf("exit code %d: %v", code, &out)
	}
	saved, err := flags.ReadReport(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(stored(t, url), func(r history.Run) bool {
		return r.EvidenceDigest == saved.Parts[0].Digest
	}) {
		t.Error("the report is of no run in the history")
	}
}
