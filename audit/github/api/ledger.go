// SPDX-License-Identifier: Apache-2.0

package api

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/complytime/pataudit/audit"
)

// Ledger keeps what one collection asked, for the manifest of its evidence.
type Ledger struct {
	mu        sync.Mutex
	exchanges []*audit.Exchange
}

// Account is one source's part of a ledger.
type Account struct {
	ledger      *Ledger
	source      string
	sent        atomic.Int64 // requests, retries included
	held        stopwatch    // by rate limits, GitHub's and our own
	Also        *Governor    // in whose window the requests count, too; nil: none
	deprecation Deprecation  // of what was asked
}

// Open returns a new account of a source.
func (l *Ledger) Open(source string) *Account { return &Account{ledger: l, source: source} }

// Charge returns a copy of ctx whose requests are entered in the account.
func (a *Account) Charge(ctx context.Context) context.Context {
	return context.WithValue(ctx, accountKey{}, a)
}

type accountKey struct{}

// AccountOf returns the account of ctx; one that nobody reads if there is none.
func AccountOf(ctx context.Context) *Account {
	if a, ok := ctx.Value(accountKey{}).(*Account); ok {
		return a
	}
	return (&Ledger{}).Open("")
}

// AddTo returns a source's coverage with how many requests it took, and what is to be said of
// them.
func (a *Account) AddTo(coverage audit.Coverage) audit.Coverage {
	coverage.Requests = int(a.sent.Load())
	if held := a.held.seconds(); held > 0 {
		coverage.Reason = append(coverage.Reason, audit.Remark{Code: audit.ReasonHeldUp, For: held})
	}
	if remark, ok := a.deprecation.Remark(); ok {
		coverage.Reason = append(coverage.Reason, remark)
	}
	return coverage
}

// enter adds a question's entry to the ledger. The transport fills in what came of it; who asked
// says how many rows that was.
func (a *Account) enter(ctx context.Context, route string) (context.Context, *audit.Exchange) {
	exchange := &audit.Exchange{Source: a.source, Route: route}
	a.ledger.mu.Lock()
	a.ledger.exchanges = append(a.ledger.exchanges, exchange)
	a.ledger.mu.Unlock()
	return context.WithValue(ctx, exchangeKey{}, exchange), exchange
}

type exchangeKey struct{}

// note fills in an attempt; a is nil if it brought no answer.
func (t *trip) note(ctx context.Context, a *answer) {
	account := AccountOf(ctx)
	account.sent.Add(1)
	if a != nil {
		account.deprecation.Note(a.header)
	}
	exchange, ok := ctx.Value(exchangeKey{}).(*audit.Exchange)
	if !ok {
		return
	}
	exchange.Attempts++
	exchange.Status, exchange.RequestID, exchange.Hash = 0, "", ""
	exchange.Date, exchange.Cached = time.Time{}, false
	if a == nil {
		return
	}
	exchange.Status, exchange.Cached = a.status, a.confirmed
	exchange.RequestID = Clip(strings.ToValidUTF8(a.header.Get("X-Github-Request-Id"), "\ufffd"))
	exchange.Date = a.date()
	if len(a.body) > 0 && !t.secret() {
		sum := sha256.Sum256(a.body)
		exchange.Hash = "sha256:" + hex.EncodeToString(sum[:])
	}
}

// Manifest returns the entries so far, in an order that does not depend on when they were made.
func (l *Ledger) Manifest() []audit.Exchange {
	l.mu.Lock()
	defer l.mu.Unlock()
	manifest := make([]audit.Exchange, len(l.exchanges))
	for i, exchange := range l.exchanges {
		manifest[i] = *exchange
	}
	slices.SortFunc(manifest, func(a, b audit.Exchange) int {
		return cmp.Or(
			cmp.Compare(slices.Index(audit.Sources, a.Source), slices.Index(audit.Sources, b.Source)),
			cmp.Compare(pathOf(a.Route), pathOf(b.Route)),
			cmp.Compare(a.Pass, b.Pass),
			cmp.Compare(a.Page, b.Page),
			cmp.Compare(a.Route, b.Route),
			cmp.Compare(a.RequestID, b.RequestID),
		)
	})
	return manifest
}

func pathOf(route string) string {
	path, _, _ := strings.Cut(route, "?")
	return path
}

// stopwatch measures for how long at least one of many workers was held up.
type stopwatch struct {
	mu    sync.Mutex
	held  int // workers
	since time.Time
	total time.Duration
}

// start reports whether the worker is the first one.
func (s *stopwatch) start(now time.Time) (first bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held++; s.held == 1 {
		s.since = now
	}
	return s.held == 1
}

func (s *stopwatch) stop(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held--; s.held == 0 {
		s.total += now.Sub(s.since)
	}
}

// seconds returns how long rate limits took; zero if nobody would notice.
func (s *stopwatch) seconds() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.total < time.Second {
		return 0
	}
	return int64(s.total.Round(time.Second) / time.Second)
}
