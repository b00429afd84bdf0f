// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
)

// heldOtherwise are the tables without digests of their rows, and what an edit of theirs meets.
var heldOtherwise = map[string]string{
	"pataudit_schema":        "the last number is held against those of the runs",
	"pataudit_organizations": "each has a digest of its own row; runs' digests hold whose they are",
	"pataudit_texts":         "each has its digest as its key",
	"pataudit_runs":          "each has a digest of its own row",
	"pataudit_documents":     "the run has a digest of each",
	"pataudit_pieces":        "the run has a digest of each document",
	"pataudit_pruned":        "its numbers are held against those of the runs",
}

// columnsOf lists the columns of our tables, by table.
func columnsOf(t testing.TB, s *Store) map[string][]string {
	query := `SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c
		WHERE t.type = 'table' AND t.name LIKE 'pataudit%' ORDER BY t.name, c.cid`
	if s.engine.name == "postgres" {
		query = `SELECT table_name, column_name FROM information_schema.columns
			WHERE table_name LIKE 'pataudit%' ORDER BY table_name, ordinal_position`
	}
	all := map[string][]string{}
	if err := each(context.Background(), s.db, func(rows *sql.Rows) error {
		var table, column string
		err := rows.Scan(&table, &column)
		all[table] = append(all[table], column)
		return err
	}, query); err != nil {
		t.Fatal(err)
	}
	return all
}

// TestDigestedTables holds that every column of every table is under a digest, or that the table
// is held otherwise.
func TestDigestedTables(t *testing.T) {
	onBoth(t, func(t *testing.T, at string) {
		all := columnsOf(t, opened(t, at))
		for _, table := range digestedTables() {
			if !slices.Equal(all[table.table], table.columns) {
				t.Errorf("%s has the columns %q; its digest is of %q", table.table,
					all[table.table], table.columns)
			}
			delete(all, table.table)
		}
		if got, want := slices.Sorted(maps.Keys(all)),
			slices.Sorted(maps.Keys(heldOtherwise)); !slices.Equal(got, want) {
			t.Errorf("tables without a digest: %q, want %q", got, want)
		}
		own := strings.Split(organizationColumns, ", ")
		slices.Sort(own)
		columns := slices.Sorted(slices.Values(all[organizationsTable]))
		if !slices.Equal(slices.Compact(own), columns) {
			t.Errorf("an organization has the columns %q", columns)
		}
	})
}

// remembering saves runs of two organizations that leave rows in every table, and returns the
// path of their store.
func remembering(t testing.TB) (path string, s *Store) {
	path = filepath.Join(t.TempDir(), "pataudit.db")
	s = opened(t, path)
	other := &audit.Organization{Login: "Other", ID: 8, Host: "github.com"}
	for n, organization := range []*audit.Organization{acme(), acme(), other, acme(), other} {
		first, second := token(1), token(2)
		if first.Owner.Role = "member"; n > 0 {
			first.Permissions[0].Level, first.Owner.Role = "write", "admin"
			second.ExpiresAt = day(60)
			second.Repositories = append(second.Repositories,
				&audit.Repository{ID: 4, Name: "acme/other"})
		}
		first.ApprovedBy = first.Owner.Login
		tokens := []*audit.Token{first, second}
		if n < 2 {
			tokens = append(tokens, token(3)) // is gone later
		}
		e := seen(day(n), tokens...)
		e.Organization = organization
		saved(t, s, judged(e, rule("r", says{1: fails, 3: fails}), rule("q", says{2: milder})))
	}
	return path, s
}

// rowsOf reads all rows of a table, each with its values by column.
func rowsOf(t testing.TB, db *sql.DB, table string, columns []string) (all [][]any) {
	if err := each(context.Background(), db, func(rows *sql.Rows) error {
		row, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		err := rows.Scan(into...)
		all = append(all, row)
		return err
	}, "SELECT "+strings.Join(columns, ", ")+" FROM "+table); err != nil {
		t.Fatal(err)
	}
	return all
}

// written makes rows those of a table.
func written(db *sql.DB, table string, columns []string, rows [][]any) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.Exec("DELETE FROM " + table); err != nil {
		return err
	}
	insert := (&target{table: table, columns: columns}).insert(1)
	for _, row := range rows {
		if _, err := tx.Exec(insert, row...); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// edit draws rows as somebody leaves them who changes, deletes, adds or copies one.
func editRows(t *rapid.T, rows [][]any) (edited [][]any) {
	edited = slices.Clone(rows)
	at := rapid.IntRange(0, len(rows)-1).Draw(t, "row")
	if kind := rapid.SampledFrom([]string{"change", "delete", "add"}).Draw(t, "edit"); kind ==
		"delete" {
		return slices.Delete(edited, at, at+1)
	} else if kind == "add" {
		edited = append(edited, edited[at])
		at = len(rows)
	}
	edited[at] = slices.Clone(edited[at])
	for i := range rapid.IntRange(1, 2).Draw(t, "cells") {
		column := rapid.IntRange(0, len(rows[0])-1).Draw(t, fmt.Sprint("column ", i))
		switch v := edited[at][column].(type) {
		case int64:
			edited[at][column] = v ^ int64(1)<<rapid.IntRange(0, 62).Draw(t, "bit")
			if rapid.Bool().Draw(t, "as in another row") {
				edited[at][column] = rapid.SampledFrom(rows).Draw(t, "of")[column]
			}
		case string:
			edited[at][column] = string(anotherByte(t, []byte(v)))
			if rapid.Bool().Draw(t, "as in another row") {
				edited[at][column] = rapid.SampledFrom(rows).Draw(t, "of")[column]
			}
		default:
			t.Fatalf("%T", v)
		}
	}
	return edited
}

// audits begins as an audit of each organization does, and returns what is remembered, or what
// keeps it from that.
func audits(s *Store) (memories []*audit.Memory, err error) {
	ctx := context.Background()
	problems, err := s.Check(ctx, false)
	all := []error{err}
	for _, p := range problems {
		all = append(all, fmt.Errorf("run %d, %s: %s: %w", p.Run, p.Organization, p.What, ErrChanged))
	}
	for _, id := range []int64{7, 8} {
		m, err := s.Recall(ctx, &audit.Organization{ID: id, Host: "github.com"}, nil, 0, time.Time{})
		all, memories = append(all, err), append(memories, m)
	}
	return memories, errors.Join(all...)
}

// TestTablesChanged holds that no row that somebody changes, deletes, adds or copies in the tables
// beside the runs is recalled: not by the next audit, nor, for no run that is saved mends it, by
// any later one; that the table is named; and that nothing that is pruned or forgotten hides it.
func TestTablesChanged(t *testing.T) {
	t.Parallel()
	path, s := remembering(t)
	columns := columnsOf(t, s)
	before, err := audits(s)
	if err := errors.Join(err, s.wipe(context.Background())); err != nil {
		t.Fatal(err)
	}
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	tables := []string{organizationsTable}
	for _, table := range digestedTables() {
		tables = append(tables, table.table)
	}
	n := 0
	rapid.Check(t, func(t2 *rapid.T) {
		n++
		path := filepath.Join(filepath.Dir(path), fmt.Sprintf("%d.db", n))
		if err := os.WriteFile(path, good, 0o600); err != nil {
			t2.Fatal(err)
		}
		db, err := sql.Open("sqlite", path+"?_pragma=synchronous(0)")
		if err != nil {
			t2.Fatal(err)
		}
		defer func() { _ = db.Close() }()
		table := rapid.SampledFrom(tables).Draw(t2, "table")
		rows := rowsOf(t, db, table, columns[table])
		if len(rows) < 2 {
			t2.Fatalf("%s has %d rows", table, len(rows))
		}
		edited := editRows(t2, rows)
		if fmt.Sprint(edited) == fmt.Sprint(rows) {
			t2.Skip("nothing is changed")
		}
		if err := written(db, table, columns[table], edited); err != nil {
			t2.Skip("no such rows can be stored: ", err)
		}
		at, err := Parse(path)
		if err != nil {
			t2.Fatal(err)
		}
		s, err := Open(context.Background(), at)
		if err == nil {
			err = s.unsynced()
		}
		if err != nil {
			t2.Fatal(err)
		}
		defer func() { _ = s.Close() }()
		problems, err := s.Check(context.Background(), true)
		if err != nil || !slices.ContainsFunc(problems, func(p Problem) bool {
			return strings.Contains(p.What, table) || table == organizationsTable
		}) {
			t2.Errorf("check: %v, %v", problems, err)
		}
		if after, err := audits(s); err == nil && reflect.DeepEqual(after, before) {
			return // rows of no organization
		}
		refusedThroughout(t2, s, table)
	})
}

// refusedThroughout holds that nothing is judged with a store in which a table was changed, nor
// after anything is done with it.
func refusedThroughout(t *rapid.T, s *Store, table string) {
	ctx := context.Background()
	e := judged(seen(day(20), token(1), token(2)), rule("r", says{1: fails}))
	for _, try := range []struct {
		what string
		do   func() error
	}{
		{"nothing", func() error { return nil }},
		{"save", func() error { _, _, err := s.Save(ctx, present, e); return err }},
		{"prune", func() error { _, err := s.Prune(ctx, day(2)); return err }},
		{"forget", func() error {
			_, err := s.Forget(ctx, []string{"octocat"}, func(*Words) error { return nil })
			return err
		}},
	} {
		if err := try.do(); err != nil && !errors.Is(err, ErrChanged) && try.what != "save" {
			// What a save cannot read, it refuses in other words: an audit recalled it before.
			t.Errorf("%s: %v", try.what, err)
		}
		if _, err := audits(s); !errors.Is(err, ErrChanged) || table != organizationsTable &&
			!strings.Contains(err.Error(), table) {
			t.Errorf("after %s: audits begin: %v", try.what, err)
		}
	}
}
