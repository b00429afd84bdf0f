// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
)

// threeRuns saves as many, with all that a run can have, and returns the path of their store.
func threeRuns(t testing.TB) (path string, s *Store) {
	path = filepath.Join(t.TempDir(), "pataudit.db")
	s = opened(t, path)
	var memory *audit.Memory
	for n := range 3 {
		e := judged(seen(day(n), token(1), token(int64(n+2))), rule("r", says{1: fails, 2: milder}))
		e.Memory = memory
		e.Batch = fmt.Sprint("batch ", n)
		e.Criteria.Decisions = []byte("version: 1\n")
		e.Criteria.Baseline = []byte("accepted: []\n")
		saved(t, s, e)
		memory = recalled(t, s, time.Time{})
	}
	return path, s
}

// edited is a value in a row, by the row's key.
type edited struct{ table, column, key, kind string }

// changeable lists the columns of what a run is stored in.
func changeable(t testing.TB, db *sql.DB) (all []edited) {
	for table, key := range map[string]string{
		"pataudit_runs": "number", "pataudit_documents": "run", "pataudit_texts": "digest",
	} {
		if err := each(context.Background(), db, func(rows *sql.Rows) error {
			e := edited{table: table, key: key}
			err := rows.Scan(&e.column, &e.kind)
			all = append(all, e)
			return err
		}, `SELECT name, type FROM pragma_table_info($1)`, table); err != nil {
			t.Fatal(err)
		}
	}
	slices.SortFunc(all, func(a, b edited) int {
		return strings.Compare(a.table+a.column, b.table+b.column)
	})
	return all
}

// answers are what every way to read a store says, or that it refuses to: an error.
func answers(s *Store) map[string]any {
	ctx, all := context.Background(), map[string]any{}
	note := func(name string, value any, err error) {
		if err != nil {
			value = err
		}
		all[name] = value
	}
	runs, err := s.Runs(ctx, Query{})
	if err == nil {
		err = Intact(runs)
	}
	note("runs", runs, err)
	memory, err := s.Recall(ctx, acme(), nil, 0, time.Time{})
	if problems, err2 := s.Check(ctx, false); err == nil && len(problems) > 0 {
		err = fmt.Errorf("an audit begins with that: %v, %w", problems, err2)
	}
	note("recall", memory, err)
	for number := range int64(3) {
		number++
		name := fmt.Sprintf("run %d: ", number)
		run, err := s.Run(ctx, number)
		note(name+"run", run, err)
		report, err := textOf(s.Report(ctx, number))
		note(name+"report", report, err)
		snapshot, err := textOf(s.Snapshot(ctx, number))
		note(name+"snapshot", snapshot, err)
		criteria, err := s.Criteria(ctx, number)
		note(name+"criteria", criteria, err)
		memory, err := s.Memory(ctx, number)
		note(name+"memory", memory, err)
		judged, err := s.Judged(ctx, fmt.Sprintf("sha256:%d", day(int(number-1)).UnixMicro()),
			day(int(number-1)))
		if err == nil && len(judged) == 0 {
			err = ErrNotFound // report --verify then takes nothing from the store
		}
		note(name+"judged", judged, err)
	}
	return all
}

// TestChanged holds that one byte of a run that is another one than was saved, in any column of
// what it is stored in, is named, and that no way to read the store tells something else than it
// did before.
func TestChanged(t *testing.T) {
	t.Parallel()
	path, s := threeRuns(t)
	db, err := sql.Open("sqlite", path+"?_pragma=synchronous(0)") // which holds no foreign keys
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	ctx, before, columns := context.Background(), answers(s), changeable(t, db)
	for name, answer := range before {
		if err, is := answer.(error); is {
			t.Fatalf("%s: %v", name, err)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom(columns).Draw(t, "column")
		var keys []any
		if err := each(ctx, db, func(rows *sql.Rows) error {
			var key any
			err := rows.Scan(&key)
			keys = append(keys, key)
			return err
		}, "SELECT "+c.key+" FROM "+c.table+" ORDER BY 1"); err != nil {
			t.Fatal(err)
		}
		key := rapid.SampledFrom(keys).Draw(t, "key")
		var was, becomes any
		row := "FROM " + c.table + " WHERE " + c.key + " = $1"
		if err := db.QueryRow("SELECT "+c.column+" "+row, key).Scan(&was); err != nil {
			t.Fatal(err)
		}
		cast := "$2"
		switch v := was.(type) {
		case int64:
			becomes = v ^ int64(1)<<rapid.IntRange(0, 62).Draw(t, "bit")
		case string:
			becomes, cast = anotherByte(t, []byte(v)), "CAST($2 AS TEXT)"
		case []byte:
			becomes = anotherByte(t, v)
			text, err := textOf(&Document{pieces: [][]byte{v}}, nil)
			if err == nil && rapid.Bool().Draw(t, "of the document") {
				becomes = documentOf(anotherByte(t, []byte(text))).pieces[0]
			}
		default:
			t.Fatalf("%s: %T", c.column, was)
		}
		set := "UPDATE " + c.table + " SET " + c.column + " = " + cast + " WHERE " + c.key + " = $1"
		if _, err := db.Exec(set, key, becomes); err != nil {
			t.Skip("no such row can be stored: ", err)
		}
		defer func() {
			if c.column == c.key {
				key = becomes
				if text, is := becomes.([]byte); is {
					key = string(text)
				}
			}
			if _, err := db.Exec("UPDATE "+c.table+" SET "+c.column+" = $2 WHERE "+c.key+
				" = $1", key, was); err != nil {
				t.Fatal(err)
			}
		}()
		changed := ""
		for name, answer := range answers(s) {
			if _, refused := answer.(error); refused {
				changed = name
			} else if !reflect.DeepEqual(answer, before[name]) {
				t.Fatalf("%s of %s: %s says %s", c.column, c.table, name, asText(answer))
			}
		}
		problems, err := s.Check(ctx, true)
		if err != nil {
			t.Fatalf("%s of %s: %v", c.column, c.table, err)
		}
		if len(problems) == 0 && (changed != "" || c.table == "pataudit_runs") {
			t.Fatalf("%s of %s: nothing is found; refused: %s", c.column, c.table, changed)
		}
	})
	if problems, err := s.Check(ctx, true); err != nil || len(problems) > 0 {
		t.Errorf("%v, %v", problems, err)
	}
}

// anotherByte returns a text with one byte that is another one.
func anotherByte(t *rapid.T, text []byte) []byte {
	other := slices.Clone(text)
	if len(other) == 0 {
		return []byte("x")
	}
	at := rapid.IntRange(0, len(other)-1).Draw(t, "at")
	other[at] ^= byte(rapid.IntRange(1, 255).Draw(t, "flips"))
	return other
}

func asText(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// TestChangedVerdict holds that a verdict whose digests were made again is held against the
// report, and a report against its judgement.
func TestChangedVerdict(t *testing.T) {
	onBoth(t, func(t *testing.T, at string) {
		ctx, s := context.Background(), opened(t, at)
		saved(t, s, judged(seen(day(0), token(1)), rule("r", says{1: fails})))
		s.exec(t, `UPDATE pataudit_runs SET verdict = 'clean', violating = 0`)
		write := func(do func(tx *sql.Tx) error) {
			t.Helper()
			if err := s.write(ctx, "", func(_ context.Context, tx *sql.Tx) error {
				return do(tx)
			}); err != nil {
				t.Fatal(err)
			}
		}
		write(func(tx *sql.Tx) error { return putDigest(ctx, tx, 1) })
		runs, err := s.Runs(ctx, Query{})
		if err != nil || !reflect.DeepEqual(runs[0].Changed, []string{
			`its verdict is "clean" in the table and "violations" in its report`,
			`its number of violating tokens is "0" in the table and "1" in its report`,
		}) {
			t.Errorf("%v, %q", err, runs[0].Changed)
		}
		if _, err := s.Recall(ctx, acme(), nil, 0, time.Time{}); !errors.Is(err, ErrChanged) {
			t.Error(err) // no later run remembers it
		}
		forged := documentOf(strings.ReplaceAll(strings.ReplaceAll(
			string(reported(judged(seen(day(0), token(1)), rule("r", says{1: fails})).Run, "test")),
			`"violations"`, `"clean"`), `"tokens_violating":1`, `"tokens_violating":0`))
		write(func(tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, `UPDATE pataudit_documents SET report = $1`, forged.pieces[0])
			return err
		})
		if _, err := s.Run(ctx, 1); err != nil {
			t.Error(err) // its columns and the head agree
		}
		if _, err := s.Report(ctx, 1); !errors.Is(err, ErrChanged) {
			t.Error(err)
		}
	})
}

// TestMissing holds that a run that is gone is told from one that was pruned, also if it was the
// last.
func TestMissing(t *testing.T) {
	onBoth(t, func(t *testing.T, at string) {
		ctx, s := context.Background(), opened(t, at)
		for n := range 6 {
			saved(t, s, judged(seen(day(n), token(1)), rule("r", says{1: fails})))
		}
		if n, err := s.Prune(ctx, day(1)); n != 1 || err != nil {
			t.Fatal(n, err)
		}
		s.exec(t, `DELETE FROM pataudit_runs WHERE number IN (3, 4, 6)`)
		problems, err := s.Check(ctx, false)
		want := []Problem{{Run: 3, Last: 4}, {Run: 6}}
		if err != nil || !reflect.DeepEqual(problems, want) {
			t.Errorf("%v, %v", problems, err)
		}
		if number := saved(t, s, judged(seen(day(7), token(1)))); number != 7 {
			t.Errorf("the number %d is given twice", number)
		}
	})
}
