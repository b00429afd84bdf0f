// SPDX-License-Identifier: Apache-2.0

package history

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit"
)

// payloads are hostile names: of FAULTS T1 to T31, what could matter to a database.
func payloads() []string {
	return []string{
		"'; DROP TABLE pataudit_runs; --", `" OR 1=1`, "$1", "?1", ":name", "%s", `\`, `\x00`, `\\x41`,
		"\x00nul", "a\x00b\x00", "a\xff\xfe", "\xed\xa0\x80", "\ufffd", "\ufeffbom", "\u2028\u2029",
		"ok\x1b[1A\x1b[2K", "\u009b2J", "a\x9bb", "x\rPASS", "tab\tbed\v", "\u202enimda\u202c",
		"adm\u200bin", "tag\U000e0041\U000e007f", "z" + strings.Repeat("\u0301", 400),
		strings.Repeat("long ", 20_000), "İstanbul ẞ", `=HYPERLINK("https://evil")`, "::add-mask::0",
		"_x000D_", "<script>&amp;", "\U000f0000", "\U0010ffff", "{}", "[null]", "null", "", " ",
	}
}

// TestHostile holds that every text comes back as it was, from both engines.
func TestHostile(t *testing.T) {
	onBoth(t, func(t *testing.T, at string) {
		ctx, s := context.Background(), opened(t, at)
		var tokens []*audit.Token
		for i, payload := range payloads() {
			hostile := token(int64(i + 1))
			hostile.Name, hostile.Owner = payload, &audit.Member{ID: int64(i + 1), Login: payload}
			hostile.Selection = audit.Selection(payload)
			hostile.Permissions = []audit.Permission{{Group: payload, Name: payload, Level: payload}}
			hostile.Repositories = []*audit.Repository{{Name: payload}}
			tokens = append(tokens, hostile)
		}
		for i, payload := range payloads() {
			evidence := partly(seen(day(i), tokens...))
			evidence.Organization = &audit.Organization{Login: payload, Host: payload}
			evidence.Coverage[0].Reason, evidence.Digest = audit.Because(payload), "sha256:"+payload
			e := judged(evidence, rule("r", says{1: fails}))
			e.Run.Policy.Name, e.Run.Policy.Digest, e.Tool = payload, "sha256:"+payload, "pataudit "+payload
			e.Report, e.Snapshot = documentOf(reported(e.Run, payload)), documentOf(payload)
			e.Criteria.PolicyDigest, e.Criteria.Policy = e.Run.Policy.Digest, []byte(payload)
			e.Batch = payload[:min(len(payload), 200)]
			run, err := s.Run(ctx, saved(t, s, e))
			if err != nil {
				t.Fatalf("%.60q: %v", payload, err)
			}
			if run.Organization.Login != payload || run.Tool != e.Tool || run.Batch != e.Batch ||
				run.Policy.Name != payload || run.EvidenceDigest != "sha256:"+payload {
				t.Errorf("%.60q: %+v", payload, run)
			}
			runs, err := s.Runs(ctx, Query{Organization: payload, Batch: e.Batch})
			if err != nil || payload != "" && len(runs) != 1 {
				t.Errorf("%.60q: %v: found %d times", payload, err, len(runs))
			}
			criteria, err := s.Criteria(ctx, run.Number)
			if err != nil || string(criteria.Policy) != payload {
				t.Errorf("%.60q: %v: policy %.60q", payload, err, criteria.Policy)
			}
			m, err := s.Recall(ctx, evidence.Organization, nil, 0, time.Time{})
			if err != nil || len(m.Tokens) != len(tokens) {
				t.Errorf("%.60q: %v: %d tokens", payload, err, len(m.Tokens))
			}
		}
		for i, payload := range payloads() {
			var owner, name text
			if err := s.db.QueryRow(`SELECT owner, name FROM pataudit_tokens
				WHERE id = $1 ORDER BY organization LIMIT 1`, i+1).Scan(&owner, &name); err != nil {
				t.Fatal(err)
			}
			if string(owner) != payload || string(name) != payload {
				t.Errorf("%.60q came back as %.60q and %.60q", payload, owner, name)
			}
		}
	})
}

// forgetting rewrites documents that name a person.
func forgetting(w *Words) error {
	for _, document := range []**Document{&w.Report, &w.Snapshot} {
		text, err := textOf(*document, nil)
		if err != nil {
			return err
		}
		*document = documentOf(strings.ReplaceAll(text, "octocat", "nobody"))
	}
	w.Batch = strings.ReplaceAll(w.Batch, "octocat", "nobody")
	for i := range w.Incomplete {
		w.Incomplete[i].Quoted = strings.ReplaceAll(w.Incomplete[i].Quoted, "Octocat", "nobody")
	}
	for i := range w.Coverage {
		w.Coverage[i].Reason = w.Coverage[i].Reason.Changed(func(words string) string {
			return strings.ReplaceAll(words, "Octocat", "nobody")
		})
	}
	return nil
}

// TestForget holds that nothing of a person is left, and all else is.
func TestForget(t *testing.T) {
	onBoth(t, func(t *testing.T, at string) {
		ctx, s := context.Background(), opened(t, at)
		other := token(2)
		other.Owner, other.Name = &audit.Member{ID: 6, Login: "hubot"}, "robot's"
		before := token(3)
		before.Owner, before.Name = &audit.Member{ID: 5, Login: "old-octocat"}, "renamed"
		for n, document := range []string{"of octocat", "of hubot", "octocat"} {
			e := judged(seen(day(n), token(1), other, before), rule("r", says{1: fails}))
			e.Report = documentOf(append(reported(e.Run, "test"), "|"+document...))
			e.Snapshot = documentOf(document)
			saved(t, s, e)
		}
		failed := errors.New("cannot be read")
		if _, err := s.Forget(ctx, []string{"OCTOCAT"}, func(w *Words) error {
			if w.Snapshot.Digest() == documentOf("of hubot").Digest() {
				return failed
			}
			return forgetting(w)
		}); !errors.Is(err, failed) {
			t.Errorf("got %v", err)
		}
		if got, err := textOf(s.Report(ctx, 1)); err != nil || !strings.HasSuffix(got, "|of octocat") {
			t.Errorf("forgot a part: %v, %s", err, got)
		}
		if n, err := s.Forget(ctx, []string{"somebody", "OCTOCAT"}, forgetting); n != 2 || err != nil {
			t.Errorf("%d runs, %v", n, err)
		}
		for number, want := range map[int64]string{1: "of nobody", 2: "of hubot", 3: "nobody"} {
			report, err := textOf(s.Report(ctx, number))
			snapshot, err2 := textOf(s.Snapshot(ctx, number))
			if err != nil || err2 != nil || !strings.HasSuffix(report, "|"+want) || snapshot != want {
				t.Errorf("run %d: %s, %s, %v, %v", number, report, snapshot, err, err2)
			}
		}
		owners := ""
		for id := range int64(3) {
			var owner, name text
			if err := s.db.QueryRow(`SELECT owner, name FROM pataudit_tokens WHERE id = $1`,
				id+1).Scan(&owner, &name); err != nil {
				t.Fatal(err)
			}
			owners += string(owner+" "+name) + "\n"
		}
		if owners != "(forgotten) (forgotten)\nhubot robot's\n(forgotten) (forgotten)\n" {
			t.Error(owners)
		}
		if got := since(recalled(t, s, time.Time{}), 1); !got.Equal(noon) {
			t.Errorf("forgot since when the token fails: %v", got)
		}
		if n, err := s.Forget(ctx, []string{"octocat"}, forgetting); n != 0 || err != nil {
			t.Errorf("again: %d runs, %v", n, err)
		}
	})
}

// TestForgetWords holds that nothing is left of a person in what is kept of a run beside its
// documents, and that batches that become the same stay two.
func TestForgetWords(t *testing.T) {
	onBoth(t, func(t *testing.T, at string) {
		ctx, s := context.Background(), opened(t, at)
		for n, batch := range []string{"octocat-1", "nobody-1", "other"} {
			e := judged(partly(seen(day(n), token(1))), rule("r", says{1: fails}))
			e.Run.Coverage[0].Reason = audit.Because("no access for Octocat")
			e.Run.Incomplete, e.Batch = audit.Gaps{{
				Code: audit.GapSource, Source: audit.SourceTokens, Quoted: "no access for Octocat",
			}}, batch
			saved(t, s, e)
		}
		owners, err := s.Owners(ctx)
		if err != nil || len(owners) != 1 || owners[0].ID != 5 || owners[0].Login != "Octocat" {
			t.Errorf("%v: %+v", err, owners)
		}
		if n, err := s.Forget(ctx, []string{"octocat"}, forgetting); n != 3 || err != nil {
			t.Fatalf("%d runs, %v", n, err)
		}
		runs, err := s.Runs(ctx, Query{})
		if err != nil {
			t.Fatal(err)
		}
		for i, batch := range []string{"nobody-1 of run 1", "nobody-1", "other"} {
			r := runs[i]
			if r.Batch != batch || r.Incomplete.String() != "tokens: no access for nobody" ||
				r.Coverage[0].Reason.String() != "no access for nobody" {
				t.Errorf("run %d: %q, %q, %+v", r.Number, r.Batch, r.Incomplete, r.Coverage[0])
			}
		}
	})
}

// TestForgottenBytes holds that no byte of an SQLite history's files tells of who was forgotten.
func TestForgottenBytes(t *testing.T) {
	at := filepath.Join(t.TempDir(), "pataudit.db")
	s := opened(t, at)
	for n := range 3 {
		var tokens []*audit.Token
		for id := range int64(300) {
			named := token(id + 1)
			named.Name = strings.Repeat("of Octocat, ", 1+int(id)%40)
			tokens = append(tokens, named)
		}
		saved(t, s, judged(seen(day(n), tokens...), rule("r", says{1: fails})))
	}
	holds := func() (found []string) {
		files, err := filepath.Glob(at + "*")
		if err != nil || len(files) != 3 {
			t.Fatal(err, files)
		}
		for _, file := range files {
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(content, []byte("Octocat")) {
				found = append(found, filepath.Base(file))
			}
		}
		return found
	}
	if holds() == nil {
		t.Error("the name was never there")
	}
	if _, err := s.Forget(context.Background(), []string{"octocat"}, forgetting); err != nil {
		t.Fatal(err)
	}
	if found := holds(); found != nil {
		t.Errorf("still in %v", found)
	}
}

// TestPrune holds what is deleted, and what a later audit still finds.
func TestPrune(t *testing.T) {
	onBoth(t, func(t *testing.T, at string) {
		ctx, s := context.Background(), opened(t, at)
		grown := token(1)
		grown.Selection = audit.SelectAll
		fail1 := rule("r", says{1: fails})
		for n, evidence := range []*audit.Evidence{
			seen(day(0), token(1), token(2)), // 1
			seen(day(1), token(1), token(3)), // 2: without a second factor
			seen(day(2), grown, token(3)),    // 3
			seen(day(3), grown, token(3)),    // 4: the last complete one
			partly(seen(day(4), grown)),      // 5
			partly(seen(day(9), grown)),      // 6
		} {
			e := judged(evidence, fail1)
			e.Criteria.Policy = []byte("policy " + string(rune('a'+n)))
			e.Criteria.Decisions = []byte("decisions of all")
			if n == 1 {
				e.Criteria.Skip = audit.FactTwoFactor
			}
			saved(t, s, e)
		}
		if n, err := s.Prune(ctx, day(0)); n != 0 || err != nil {
			t.Errorf("%d, %v", n, err)
		}
		if n, err := s.Prune(ctx, day(9)); n != 3 || err != nil {
			t.Errorf("%d, %v", n, err)
		}
		kept := ""
		runs, err := s.Runs(ctx, Query{})
		for _, run := range runs {
			kept += string(rune('0' + run.Number))
			if _, err := s.Report(ctx, run.Number); err != nil {
				t.Error(err)
			}
		}
		if err != nil || kept != "246" {
			t.Errorf("%v: kept %s", err, kept)
		}
		if _, err := s.Report(ctx, 1); !errors.Is(err, ErrNotFound) {
			t.Errorf("the document is still there: %v", err)
		}
		m := recalled(t, s, time.Time{})
		if m.LastRun != 4 || !since(m, 1).Equal(day(0)) || !m.Tokens[1].FirstSeen.Equal(day(0)) ||
			m.Tokens[2] != nil || m.Tokens[3] == nil {
			t.Errorf("%+v", m)
		}
		life, err := s.Life(ctx, acme(), 1)
		if err != nil || len(life.States) != 2 || life.States[1].Selection != audit.SelectAll {
			t.Errorf("%v: %+v", err, life)
		}
		for table, want := range map[string]int{
			"texts": 4, "documents": 3, "states": 3, "contents": 4, "tokens": 2,
		} {
			var n int
			if err := s.db.QueryRow(`SELECT count(*) FROM pataudit_` + table).Scan(&n); err != nil ||
				n != want {
				t.Errorf("%s: %v, %d rows, want %d", table, err, n, want)
			}
		}
		// The newest complete run stays: what is older than it closes nothing.
		if _, err := s.Prune(ctx, day(99)); err != nil {
			t.Fatal(err)
		}
		saved(t, s, judged(seen(day(2), token(1)), rule("r", nil)))
		if got := since(recalled(t, s, time.Time{}), 1); !got.Equal(day(0)) {
			t.Errorf("closed by an old run: %v", got)
		}
		if n := saved(t, s, judged(seen(day(10), token(1)), rule("r", nil))); n < 7 {
			t.Errorf("the number %d was used before", n)
		}
	})
}
