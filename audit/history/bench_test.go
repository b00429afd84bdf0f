// SPDX-License-Identifier: Apache-2.0

package history

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit"
)

// many is evidence of many tokens, of which every fourth fails a rule, and which hold a few
// hundred sets of permissions and of repositories.
func many(at time.Time, n int) *audit.Evidence {
	tokens := make([]*audit.Token, 0, n)
	for i := range n {
		t := token(int64(i + 1))
		t.Owner = &audit.Member{ID: int64(i % 1000), Login: fmt.Sprintf("owner-%d", i%1000)}
		for k := range 1 + i%7 {
			t.Permissions = append(t.Permissions, audit.Permission{
				Group: "repository", Name: fmt.Sprintf("permission_%02d", k+i%40), Level: "write",
			})
		}
		for k := range 1 + i%5 {
			t.Repositories = append(t.Repositories, &audit.Repository{
				ID: int64(i%500 + k), Name: fmt.Sprintf("acme/repository-%d", i%500+k),
			})
		}
		tokens = append(tokens, t)
	}
	return seen(at, tokens...)
}

// everyFourth fails for one token in four.
type everyFourth struct{}

func (everyFourth) Check(s *audit.Subject) audit.Verdict {
	if s.Token.ID%4 == 0 {
		return fails
	}
	return passes
}

func twenty() (rules []audit.PolicyRule) {
	for i := range 20 {
		r := rule(fmt.Sprintf("rule-number-%02d", i), nil)
		if i%5 == 0 {
			r.Checker = everyFourth{}
		}
		rules = append(rules, r)
	}
	return rules
}

// entryOf is a run of many tokens, with documents of their usual size.
func entryOf(n, tokens int) *Entry {
	e := judged(many(day(n), tokens), twenty()...)
	document := fmt.Appendf(nil, "as of day %d\n", n)
	for i := range tokens {
		document = fmt.Appendf(document, `{"id": %d, "token_id": %d, "name": "deploy key of build %d", `+
			`"owner": {"id": %d, "login": "owner-%d", "role": "member"}, "selection": "subset", `+
			`"repositories": ["acme/repository-%d", "acme/repository-%d"], "permissions": `+
			`{"repository": {"contents": "write", "metadata": "read"}}, "findings": [`+
			`{"rule": "long-expiration", "status": "pass"}, {"rule": "stale", "status": "fail"}]},`+"\n",
			i, i*10, i, i%1000, i%1000, i%500, i%333)
	}
	// The head of a report is read with its run.
	e.Report = documentOf(append(bytes.TrimSuffix(reported(e.Run, "test"), []byte("}")),
		fmt.Sprintf(`,"document":%q}`, document)...))
	e.Snapshot = documentOf(document[:len(document)/3])
	return e
}

func benchBoth(b *testing.B, bench func(b *testing.B, at string)) {
	b.Run("SQLite", func(b *testing.B) { bench(b, filepath.Join(b.TempDir(), "pataudit.db")) })
	if os.Getenv("PATAUDIT_TEST_FULL") == "1" {
		b.Run("PostgreSQL", func(b *testing.B) { bench(b, postgresServer.database(b)) })
	}
}

func numbered(b *testing.B, s *Store, e *Entry) int64 {
	number, again, err := s.Save(context.Background(), present, e)
	if err != nil || again {
		b.Fatal(again, err)
	}
	return number
}

// BenchmarkSaveFirst saves a run of 100,000 tokens into an empty history.
func BenchmarkSaveFirst(b *testing.B) {
	e := entryOf(0, 100_000)
	benchBoth(b, func(b *testing.B, at string) {
		s := opened(b, at)
		b.ReportAllocs()
		n := int64(0)
		for b.Loop() {
			n++
			e.Run.Organization = &audit.Organization{Login: "acme", ID: n}
			numbered(b, s, e)
		}
	})
}

// BenchmarkSaveNext saves a run of 100,000 tokens, one in a hundred of which changed.
func BenchmarkSaveNext(b *testing.B) {
	benchBoth(b, func(b *testing.B, at string) {
		s := opened(b, at)
		numbered(b, s, entryOf(0, 100_000))
		b.ReportAllocs()
		n := 0
		for b.Loop() {
			b.StopTimer()
			n++
			e := many(day(n), 100_000)
			for i := n; i < len(e.Tokens); i += 100 {
				e.Tokens[i].Selection = audit.SelectAll
			}
			next := judged(e, twenty()...)
			next.Report = documentOf(make([]byte, 1<<20))
			b.StartTimer()
			numbered(b, s, next)
		}
	})
}

// BenchmarkLoad reads the documents of a run of 100,000 tokens.
func BenchmarkLoad(b *testing.B) {
	benchBoth(b, func(b *testing.B, at string) {
		ctx, s := context.Background(), opened(b, at)
		e := entryOf(0, 100_000)
		number := numbered(b, s, e)
		b.ReportAllocs()
		for b.Loop() {
			for _, read := range []func(context.Context, int64) (*Document, error){s.Report, s.Snapshot} {
				if _, err := read(ctx, number); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}

// BenchmarkRecall remembers 100,000 tokens.
func BenchmarkRecall(b *testing.B) {
	benchBoth(b, func(b *testing.B, at string) {
		s := opened(b, at)
		numbered(b, s, entryOf(0, 100_000))
		b.ReportAllocs()
		for b.Loop() {
			m, err := s.Recall(context.Background(), acme(), nil, 0, time.Time{})
			if err != nil || len(m.Tokens) != 100_000 {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkTrend lists 365 runs of 1,000 tokens.
func BenchmarkTrend(b *testing.B) {
	benchBoth(b, func(b *testing.B, at string) {
		s := opened(b, at)
		for n := range 365 {
			numbered(b, s, entryOf(n, 1000))
		}
		for b.Loop() {
			runs, err := s.Runs(context.Background(), Query{Organization: "acme"})
			if err != nil || len(runs) != 365 {
				b.Fatal(err)
			}
		}
	})
}
