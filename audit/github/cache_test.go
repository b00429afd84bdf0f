// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github"
	"github.com/complytime/pataudit/audit/github/githubtest"
	"github.com/complytime/pataudit/report/json"
)

// written returns the JSON report of what a bench collects, but for the digest of the evidence, of
// which the manifest is a part, and for the instants.
func written(b *bench) string {
	b.t.Helper()
	evidence := b.mustCollect()
	evidence.CollectedAt = time.Date(2000, 2, 1, 0, 0, 0, 0, time.UTC)
	run := audit.Evaluate(evidence, guide(b.t), audit.Options{})
	return string(write(b.t, json.Format, run))
}

// tally tells how many requests were made since the n-th, and how many of them GitHub answered
// with 304.
func tally(b *bench, n int) (requests, confirmed int) {
	for _, entry := range b.server.Log()[n:] {
		requests++
		if entry.Status == 304 {
			confirmed++
		}
	}
	return requests, confirmed
}

// files lists the files below a folder, and fails if others than the owner may read one.
func files(t *testing.T, dir string) (paths []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		if !entry.IsDir() {
			paths = append(paths, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

// TestCache: whatever is in the cache, and whoever put it there, the report is the same; and what
// GitHub confirms is not sent again, though the token is another one.
func TestCache(t *testing.T) {
	const lists = 40
	change := func(edit func(path string, data []byte) []byte) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			for _, path := range files(t, dir) {
				data, err := os.ReadFile(path)
				if err == nil {
					err = os.WriteFile(path, edit(path, data), 0o600)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	var other []byte
	tests := []struct {
		name      string
		tamper    func(t *testing.T, dir string)
		confirmed bool
	}{
		{"warm", func(*testing.T, string) {}, true},
		{"emptied files", change(func(string, []byte) []byte { return nil }), false},
		{"garbage", change(func(string, []byte) []byte { return []byte("garbage") }), false},
		{"cut short", change(func(_ string, data []byte) []byte { return data[:len(data)/2] }), false},
		{"exchanged", change(func(_ string, data []byte) []byte {
			data, other = other, data
			return data
		}), false},
	}
	for i, test := range tests {
		if !tenth(i) {
			continue
		}
		t.Run(test.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "cache")
			inBubble(t, func(w *githubtest.World) {
				subsets(w, lists)
				for i, g := range w.Organizations[0].Grants {
					g.Repositories = []string{w.Organizations[0].Repositories[i%12].Name}
				}
			}, func(b *bench) {
				plain := written(b)
				b.config.Cache = dir
				if cold := written(b); cold != plain {
					b.t.Error("a cold cache changes the report")
				}
				if n := len(files(b.t, dir)); n < lists {
					b.t.Fatalf("%d files", n)
				}
				test.tamper(b.t, dir)
				before := len(b.server.Log())
				if again := written(b); again != plain {
					b.t.Errorf("the cache changes the report:\n%s\n%s", plain, again)
				}
				requests, confirmed := tally(b, before)
				if test.confirmed != (confirmed > lists) {
					b.t.Errorf("%d of %d requests were confirmed", confirmed, requests)
				}
			})
		})
	}
}

// TestCacheNotices: what has changed at GitHub since is seen, even where nothing but the Link
// header tells.
func TestCacheNotices(t *testing.T) {
	inBubble(t, func(w *githubtest.World) {
		o := w.Organizations[0]
		for i := range 130 {
			o.Repositories = append(o.Repositories, &githubtest.Repository{
				Name: "r" + strings.Repeat("x", i),
			})
		}
		subsets(w, 101) // two pages, so that the run learns how many a full one holds
		for i, n := range []int{30, 99, 100} {
			for _, r := range o.Repositories[1:n] { // it has the first
				o.Grants[i].Repositories = append(o.Grants[i].Repositories, r.Name)
			}
		}
	}, func(b *bench) {
		b.config.Cache = b.t.TempDir()
		b.mustCollect()
		b.server.Change(func(w *githubtest.World) {
			o := w.Organizations[0]
			for _, g := range o.Grants {
				g.Repositories = append(g.Repositories, o.Repositories[120].Name)
			}
		})
		for i, want := range []int{31, 100, 101} {
			if n := len(b.mustCollect().Tokens[i].Repositories); n != want {
				b.t.Errorf("token %d reaches %d repositories, not %d", i, n, want)
			}
		}
	})
}

// TestCacheResumes: what an interrupted run has read, the next one does not read again.
func TestCacheResumes(t *testing.T) {
	const lists, enough = 200, 100
	inBubble(t, func(w *githubtest.World) {
		subsets(w, lists)
		w.Latency = githubtest.Duration(20 * time.Millisecond)
	}, func(b *bench) {
		b.config.Cache = b.t.TempDir()
		ctx, cancel := context.WithCancel(context.Background())
		b.config.Progress = func(p github.Progress) {
			if p.Act == "token repositories" && p.Done == enough {
				cancel()
			}
		}
		if _, err := github.New(b.config).Organization("complytime").Collect(
			ctx, everything); err == nil {
			b.t.Fatal("it was not interrupted")
		}
		b.config.Progress = nil
		before := len(b.server.Log())
		if c := b.mustCollect().CoverageOf(audit.SourceRepositories); c.Items != lists {
			b.t.Errorf("coverage %+v", c)
		}
		if _, confirmed := tally(b, before); confirmed < enough {
			b.t.Errorf("%d requests were confirmed", confirmed)
		}
	})
}

// TestCacheIsParted: one organization's answers are not used for another, nor kept with the token.
func TestCacheIsParted(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cache")
	inBubble(t, func(w *githubtest.World) {
		subsets(w, 3)
		w.Organizations = append(w.Organizations, &githubtest.Organization{Login: "other", ID: 99})
	}, func(b *bench) {
		b.config.Cache = dir
		b.mustCollect()
		_, _ = github.New(b.config).Organization("other").Collect(context.Background(), everything)
	})
	parts, err := os.ReadDir(dir)
	if err != nil || len(parts) != 2 {
		t.Errorf("%d parts, %v", len(parts), err)
	}
	for _, path := range files(t, dir) {
		data, err := os.ReadFile(path)
		if err != nil || bytes.Contains(data, []byte("ghs_")) {
			t.Errorf("%s: %v, or it holds a token", path, err)
		}
	}
}
