// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/complytime/pataudit/audit"
)

// counter counts the statements that a server is sent.
type counter struct{ atomic.Int64 }

func (c *counter) TraceQueryStart(
	ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData,
) context.Context {
	c.Add(1)
	return ctx
}

func (c *counter) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// counted opens a history whose statements are counted.
func counted(t testing.TB, at string) (*Store, *counter) {
	t.Helper()
	place, statements := located(t, at), &counter{}
	place.postgres.Tracer = statements
	s, err := Open(context.Background(), place)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s, statements
}

// week is what an audit asks of a history: what it remembers, and to save the next run, of which
// every tenth token changed.
func week(t testing.TB, s *Store, n, tokens int) {
	t.Helper()
	memory, err := s.Recall(context.Background(), acme(), nil, 0, day(n))
	if err != nil || len(memory.Tokens) != tokens {
		t.Fatalf("%d tokens, %v", len(memory.Tokens), err)
	}
	saved(t, s, changed(n, tokens))
}

func changed(n, tokens int) *Entry {
	e := many(day(n), tokens)
	for i := n; i < len(e.Tokens); i += 10 {
		e.Tokens[i].Selection, e.Tokens[i].ExpiresAt = audit.SelectAll, day(100+n)
	}
	return judged(e, twenty()...)
}

// TestFewStatements holds that an audit sends a history as few statements for many tokens as for
// one, whatever it remembers of them.
func TestFewStatements(t *testing.T) {
	onServer(t, func(t *testing.T, at string) {
		const most = 60
		s, statements := counted(t, at)
		for n, tokens := range []int{1, 9_000} {
			e := judged(many(day(1), tokens), twenty()...)
			e.Run.Organization = &audit.Organization{Login: "first", ID: int64(n + 100)}
			statements.Store(0)
			saved(t, s, e)
			if got := statements.Load(); got > most {
				t.Errorf("%d statements save a first run of %d tokens", got, tokens)
			}
		}
		saved(t, s, judged(many(day(0), 9_000), twenty()...))
		for n := range 3 {
			statements.Store(0)
			week(t, s, n+1, 9_000)
			if got := statements.Load(); got > most {
				t.Errorf("%d statements remember and save run %d", got, n+2)
			}
		}
		future := changed(3_000, 9_000)
		number := saved(t, s, future)
		statements.Store(0)
		if err := s.PruneAhead(context.Background(), day(2_000), number); err != nil {
			t.Error(err)
		}
		if got := statements.Load(); got > most {
			t.Errorf("%d statements take a run back", got)
		}
	})
}

// farAway lets what a server is sent arrive 5 ms later, as over a network.
func farAway(b *testing.B, at string) string {
	const late = 5 * time.Millisecond
	listener, err := (&net.ListenConfig{}).Listen(b.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = listener.Close() })
	socket := filepath.Join(postgresServer.folder, fmt.Sprintf(".s.PGSQL.%d", serverPort))
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return // the benchmark has ended
			}
			server, err := (&net.Dialer{}).DialContext(b.Context(), "unix", socket)
			if err != nil {
				_ = client.Close()
				continue
			}
			go func() {
				_, _ = io.Copy(client, server)
				_ = client.Close()
			}()
			go func() {
				delayed(client, server, late)
				_ = server.Close()
			}()
		}
	}()
	name, _, _ := strings.Cut(strings.TrimPrefix(at, "postgres://tester@/"), "?")
	return "postgres://tester@" + listener.Addr().String() + "/" + name + "?sslmode=disable"
}

// delayed copies each piece when its time has come; pieces that follow do not wait for each other.
func delayed(from io.Reader, to io.Writer, late time.Duration) {
	type piece struct {
		text []byte
		due  time.Time
	}
	pieces := make(chan piece, 1000)
	go func() {
		defer close(pieces)
		for {
			text := make([]byte, 1<<16)
			n, err := from.Read(text)
			pieces <- piece{text[:n], time.Now().Add(late)}
			if err != nil {
				return
			}
		}
	}()
	for p := range pieces {
		time.Sleep(time.Until(p.due))
		_, _ = to.Write(p.text) // who reads has gone
	}
}

// BenchmarkFarAway remembers 20,000 tokens and saves their next run, over a network of 5 ms.
func BenchmarkFarAway(b *testing.B) {
	if os.Getenv("PATAUDIT_TEST_FULL") != "1" {
		b.Skip("needs a server: PATAUDIT_TEST_FULL=1")
	}
	const tokens = 20_000
	s, statements := counted(b, farAway(b, postgresServer.database(b)))
	saved(b, s, judged(many(day(0), tokens), twenty()...))
	statements.Store(0)
	n := 0
	for b.Loop() {
		n++
		week(b, s, n, tokens)
	}
	b.ReportMetric(float64(statements.Load())/float64(n), "statements/op")
}
