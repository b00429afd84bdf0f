// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/complytime/pataudit/audit"
)

// TestSave holds that a run comes back as it was saved, and is not kept twice.
func TestSave(t *testing.T) {
	onBoth(t, func(t *testing.T, at string) {
		ctx, s := context.Background(), opened(t, at)
		evidence := partly(seen(noon, token(1), token(2)))
		evidence.Requests = []*audit.Request{{Token: token(9)}}
		e := judged(evidence, rule("r", says{1: fails}))
		e.Batch, e.Criteria = "weekly 47", &audit.Criteria{
			PolicyDigest: e.Run.Policy.Digest, Policy: []byte("policy"), Decisions: []byte("decided"),
			Baseline: []byte("debt"), FailOnOverdue: true, AllowEmpty: true,
			HistoryRequired: true,
			Skip:            audit.FactTwoFactor | audit.FactRepositories,
		}
		number := saved(t, s, e)
		run := e.Run
		want := &Run{
			Number: number, Organization: *acme(), AsOf: noon, CollectedAt: noon, SavedAt: present,
			Verdict: "violations_incomplete", Incomplete: run.Incomplete, Coverage: run.Coverage,
			Skipped: e.Criteria.Skip, Asked: map[string]string{"r": ""}, Policy: audit.PolicyName{
				Name: run.Policy.Name, Digest: run.Policy.Digest, FailOn: run.Policy.FailOn,
			},
			EvidenceDigest: run.Digest, SnapshotDigest: e.Snapshot.Digest(),
			Criteria: e.Criteria.Digest(), Tool: e.Tool, Batch: e.Batch,
			Point: run.Point(), Active: 2, People: 1, Requests: 1,
		}
		got, err := s.Run(ctx, number)
		if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(Run{})); err != nil || diff != "" {
			t.Error(err, diff)
		}
		for _, document := range []struct {
			saved *Document
			read  func(context.Context, int64) (*Document, error)
		}{{e.Report, s.Report}, {e.Snapshot, s.Snapshot}} {
			want, err := textOf(document.saved, nil)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := textOf(document.read(ctx, number)); err != nil || got != want {
				t.Errorf("%v, %q", err, got)
			}
		}
		criteria, err := s.Criteria(ctx, number)
		if diff := cmp.Diff(e.Criteria, criteria); err != nil || diff != "" {
			t.Error(err, diff)
		}
		for _, read := range []func() error{
			func() error { _, err := s.Run(ctx, 99); return err },
			func() error { _, err := s.Report(ctx, 99); return err },
			func() error { _, err := s.Snapshot(ctx, 99); return err },
			func() error { _, err := s.Criteria(ctx, 99); return err },
		} {
			if err := read(); !errors.Is(err, ErrNotFound) {
				t.Errorf("got %v", err)
			}
		}
		if n, again, err := s.Save(ctx, present, e); n != number || !again || err != nil {
			t.Errorf("saved twice: %d, %v, %v", n, again, err)
		}
		other := judged(seen(day(1), token(1)))
		other.Batch = e.Batch
		if n, again, err := s.Save(ctx, present, other); n != number || !again || err != nil {
			t.Errorf("two of a batch: %d, %v, %v", n, again, err)
		}
		other.Run.Organization = &audit.Organization{Login: "acme", Host: "ghe.example"}
		if n := saved(t, s, other); n == number {
			t.Error("an organization of the same name elsewhere is another one")
		}
	})
}

// TestRuns holds what a query chooses, and in what order.
func TestRuns(t *testing.T) {
	onBoth(t, func(t *testing.T, at string) {
		s := opened(t, at)
		for _, n := range []int{3, 1, 2} {
			e := seen(day(n), token(1))
			if n == 2 {
				partly(e)
			}
			if n == 3 {
				e.Organization.Login = "Renamed"
			}
			entry := judged(e)
			entry.Batch = map[int]string{1: "a", 3: "b"}[n]
			saved(t, s, entry)
		}
		other := seen(day(2), token(1))
		other.Organization = &audit.Organization{Login: "other", Host: "GHE.example"}
		saved(t, s, judged(other))
		for name, test := range map[string]struct {
			query Query
			want  string // numbers, as they were saved
		}{
			"all":             {Query{}, "2341"},
			"old name":        {Query{Organization: "ACME"}, "23"},
			"present name":    {Query{Organization: "renamed"}, "231"},
			"elsewhere":       {Query{Host: "ghe.EXAMPLE"}, "4"},
			"nobody":          {Query{Organization: "acme", Host: "ghe.example"}, ""},
			"from":            {Query{From: day(2), Host: "github.com"}, "31"},
			"to":              {Query{To: day(2)}, "2"},
			"complete":        {Query{CompleteOnly: true}, "241"},
			"batch":           {Query{Batch: "b"}, "1"},
			"newest":          {Query{Limit: 1}, "1"},
			"newest complete": {Query{Limit: 2, CompleteOnly: true}, "41"},
		} {
			runs, err := s.Runs(context.Background(), test.query)
			got := ""
			for _, run := range runs {
				got += string(rune('0' + run.Number))
			}
			if err != nil || got != test.want {
				t.Errorf("%s: %v, %q, want %q", name, err, got, test.want)
			}
		}
	})
}

// TestFuture holds that nothing is remembered of a time to come.
func TestFuture(t *testing.T) {
	s := opened(t, filepath.Join(t.TempDir(), "a.db"))
	e := judged(seen(day(2), token(1)))
	if _, _, err := s.Save(context.Background(), noon, e); err == nil ||
		!strings.Contains(err.Error(), "a day to come") {
		t.Errorf("got %v", err)
	}
	if _, _, err := s.Save(context.Background(), day(1), e); err != nil {
		t.Error(err)
	}
	e.Run.AsOf = noon // whenever it is judged
	if _, _, err := s.Save(context.Background(), noon, e); err == nil ||
		!strings.Contains(err.Error(), "its evidence is of 2026-11-24T12:00:00Z, a day to come") {
		t.Errorf("got %v", err)
	}
}

// TestFile holds who may read an SQLite history, and what is no such file.
func TestFile(t *testing.T) {
	ctx, folder := context.Background(), t.TempDir()
	path := filepath.Join(folder, "50% of? #1.db")
	if _, err := OpenExisting(ctx, located(t, path)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("of what is not there: %v", err)
	}
	if entries, _ := os.ReadDir(folder); len(entries) != 0 {
		t.Errorf("reading made %v", entries)
	}
	s := opened(t, path)
	saved(t, s, judged(seen(noon, token(1))))
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) != 3 {
		t.Fatalf("%v, %v", entries, err)
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil || info.Mode() != 0o600 || !strings.HasPrefix(info.Name(), "50% of? #1.db") {
			t.Errorf("%s: %v, %v", entry.Name(), info.Mode(), err)
		}
	}
	if s, err := OpenExisting(ctx, located(t, path)); err != nil || s.Close() != nil {
		t.Errorf("reading what is there: %v", err)
	}

	link, open := filepath.Join(folder, "link.db"), filepath.Join(folder, "open.db")
	empty, none := filepath.Join(folder, "empty.db"), filepath.Join(folder, "none.db")
	for _, err := range []error{
		os.Symlink(path, link), os.WriteFile(open, nil, 0o600), os.Chmod(open, 0o602),
		os.WriteFile(empty, nil, 0o600),
		os.WriteFile(none, []byte(strings.Repeat("no database", 100)), 0o600),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for path, want := range map[string]string{
		link: "not a regular file", folder: "not a regular file", open: "everybody may write it",
		none: "file is not a database", filepath.Join(folder, "no/where.db"): "no such file",
	} {
		if s, err := Open(ctx, located(t, path)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, %v", path, s, err)
		}
	}
	if _, err := OpenExisting(ctx, located(t, empty)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an empty file is no history: %v", err)
	}
}

// TestMemoryIsAFile holds that no name means something else to SQLite.
func TestMemoryIsAFile(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{":memory:", "sqlite:file:x.db", "./a"} {
		s := opened(t, name)
		saved(t, s, judged(seen(noon, token(1))))
		info, err := os.Stat(located(t, name).path)
		if err != nil || info.Size() == 0 && name != ":memory:" {
			t.Errorf("%s: %v", name, err)
		}
		if runs, err := opened(t, name).Runs(context.Background(), Query{}); len(runs) != 1 {
			t.Errorf("%s: %v, %v", name, runs, err)
		}
	}
}

// TestCancelled holds that a cancelled run writes nothing, and does not wait for long.
func TestCancelled(t *testing.T) {
	onBoth(t, func(t *testing.T, at string) {
		s, other := opened(t, at), opened(t, at)
		tx, err := other.db.Begin()
		if err != nil {
			t.Fatal(err)
		}
		defer tx.Rollback()
		if s.engine.alone != "" {
			if _, err := tx.Exec(s.engine.alone); err != nil {
				t.Fatal(err)
			}
		}
		ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
		defer cancel()
		begin := time.Now()
		_, _, err = s.Save(ctx, present, judged(seen(noon, token(1))))
		if err == nil || time.Since(begin) > 5*time.Second {
			t.Errorf("%v after %v", err, time.Since(begin))
		}
		if err := tx.Rollback(); err != nil {
			t.Fatal(err)
		}
		if runs, err := s.Runs(context.Background(), Query{}); err != nil || len(runs) != 0 {
			t.Errorf("%v, %v", runs, err)
		}
	})
}
