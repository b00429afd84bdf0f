// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestParts holds that a run whose tokens are followed a few at a time is kept as one that is
// followed at once: the same rows in each table, with the same digests.
func TestParts(t *testing.T) {
	t.Parallel()
	whole, inParts := emptied(t), emptied(t)
	rapid.Check(t, func(t *rapid.T) {
		whole.empty(t)
		inParts.empty(t)
		for range rapid.IntRange(1, 7).Draw(t, "runs") {
			entry := drawnRun(t, rapid.IntRange(0, 12).Draw(t, "day"))
			for _, s := range []*Store{whole, inParts} {
				p, err := prepare(present, entry)
				if err != nil {
					t.Fatal(err)
				}
				if s == inParts {
					p.seen.most = rapid.IntRange(1, 2).Draw(t, "at a time")
				}
				if _, err := s.SaveAll(context.Background(), p); err != nil {
					t.Fatal(err)
				}
			}
			for _, table := range digestedTables() {
				want, got := sortedRows(t, whole, table), sortedRows(t, inParts, table)
				if !reflect.DeepEqual(want, got) {
					t.Fatalf("%s: %s\nwant %s", table.table, got, want)
				}
			}
		}
		if err := tablesIntact(context.Background(), inParts.db, 0, digestedTables()...); err != nil {
			t.Fatal(err)
		}
	})
}

// sortedRows are the rows of a table, but for the numbers of organizations.
func sortedRows(t rapid.TB, s *Store, table *target) string {
	var all []string
	columns := strings.Join(table.columns[1:], ", ")
	rows, err := s.db.Query("SELECT " + columns + " FROM " + table.table)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		row, into := make([]any, len(table.columns)-1), make([]any, len(table.columns)-1)
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		all = append(all, fmt.Sprint(row...))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(all)
	return strings.Join(all, "\n")
}

// TestNewGrantCloses holds that what was wrong with a token is over once it passes under another
// grant, in whatever part of the tokens that one is.
func TestNewGrantCloses(t *testing.T) {
	t.Parallel()
	for _, atATime := range []int{1, 10} {
		s := emptied(t)
		for n, id := range []int64{1, 11} {
			grant := token(id)
			grant.TokenID = 71
			e := judged(seen(day(n), grant, token(20)), rule("r", says{1: fails, 20: fails}))
			p, err := prepare(present, e)
			if err != nil {
				t.Fatal(err)
			}
			p.seen.most = atATime
			if _, err := s.SaveAll(context.Background(), p); err != nil {
				t.Fatal(err)
			}
		}
		memory := recalled(t, s, time.Time{})
		if at := since(memory, 11); !at.IsZero() {
			t.Errorf("%d at a time: open since %v", atATime, at)
		}
		if at := since(memory, 20); !at.Equal(day(0)) {
			t.Errorf("%d at a time: the other is open since %v", atATime, at)
		}
	}
}
