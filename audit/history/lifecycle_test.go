// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/complytime/pataudit/audit"
)

// TestLifecycle holds when a finding opens and closes, by what the last of some runs is.
func TestLifecycle(t *testing.T) {
	failing := rule("r", says{1: fails})
	with := func(v audit.Verdict) audit.PolicyRule { return rule("r", says{1: v}) }
	waived := failing
	waived.Checker = says{1: fails}
	unasked := failing
	unasked.Asked = false
	for name, test := range map[string]struct {
		last  *Entry
		since time.Time
	}{
		"still fails":        {judged(seen(day(2), token(1)), failing), day(1)},
		"milder":             {judged(seen(day(2), token(1)), with(milder)), day(1)},
		"passes":             {judged(seen(day(2), token(1)), with(passes)), time.Time{}},
		"does not apply":     {judged(seen(day(2), token(1)), with(applies)), time.Time{}},
		"cannot be judged":   {judged(seen(day(2), token(1)), with(unknown)), day(1)},
		"not asked":          {judged(seen(day(2), token(1)), unasked), day(1)},
		"gone":               {judged(seen(day(2), token(2)), failing), day(1)}, // it may come back
		"gone, not asked":    {judged(seen(day(2), token(2))), day(1)},
		"passes, incomplete": {judged(partly(seen(day(2), token(1))), with(passes)), day(1)},
		"gone, incomplete":   {judged(partly(seen(day(2), token(2))), failing), day(1)},
		"failed before":      {judged(seen(day(0), token(1)), failing), day(0)},
		"passed before":      {judged(seen(day(0), token(1)), with(passes)), day(1)},
		"was not there":      {judged(seen(day(0), token(2)), failing), day(1)},
	} {
		t.Run(name, func(t *testing.T) {
			s := opened(t, filepath.Join(t.TempDir(), "a.db"))
			saved(t, s, judged(seen(day(1), token(1)), failing))
			saved(t, s, test.last)
			if got := since(recalled(t, s, time.Time{}), 1); !got.Equal(test.since) {
				t.Errorf("fails since %v, want %v", got, test.since)
			}
		})
	}
}

// TestOpensAgain holds that what comes back is new, and that old evidence does not join it to what
// was before: a complete run in between found otherwise.
func TestOpensAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, at string) {
		s := opened(t, at)
		failing, passing := rule("r", says{1: fails}), rule("r", nil)
		saved(t, s, judged(seen(day(2), token(1)), failing))
		saved(t, s, judged(seen(day(4), token(1)), passing))
		saved(t, s, judged(seen(day(6), token(1)), failing))
		check := func(before, want time.Time) {
			t.Helper()
			if got := since(recalled(t, s, before), 1); !got.Equal(want) {
				t.Errorf("before %v: fails since %v, want %v", before, got, want)
			}
		}
		check(time.Time{}, day(6))
		saved(t, s, judged(seen(day(3), token(1)), failing))
		check(time.Time{}, day(6))
		saved(t, s, judged(seen(day(5), token(1)), failing))
		check(time.Time{}, day(5))
		check(day(6), day(5))
		check(day(5), time.Time{}) // not before it was first seen
		check(day(4), day(2))      // it closed later
		check(day(2), time.Time{})
	})
}

// TestPartOfLaterEvidence holds that a run that is not complete is not the newest: a complete one
// of earlier evidence tells what is over.
func TestPartOfLaterEvidence(t *testing.T) {
	onBoth(t, func(t *testing.T, at string) {
		s := opened(t, at)
		renamed := partly(seen(day(5), token(2)))
		renamed.Organization.Login = "Later"
		saved(t, s, judged(seen(day(1), token(1), token(3)), rule("r", says{1: fails, 3: fails})))
		saved(t, s, judged(renamed, rule("r", says{2: fails})))
		saved(t, s, judged(seen(day(4), token(1)), rule("r", nil)))
		m := recalled(t, s, time.Time{})
		if got := since(m, 1); !got.IsZero() {
			t.Errorf("token 1 fails since %v", got)
		}
		if got := since(m, 2); !got.Equal(day(5)) {
			t.Errorf("token 2 fails since %v", got)
		}
		for id, want := range map[int64]time.Time{1: {}, 2: {}, 3: day(4)} {
			life, err := s.Life(context.Background(), acme(), id)
			if err != nil || !life.GoneAt.Equal(want) {
				t.Errorf("token %d: %v, %+v", id, err, life)
			}
		}
		if runs, err := s.Runs(context.Background(), Query{Organization: "later"}); err != nil ||
			len(runs) != 1 {
			t.Errorf("%v: %d runs under the name that the incomplete run told", err, len(runs))
		}
	})
}

// TestMilderPolicy holds that a finding is not over because a policy asks something else: by each
// question it stands since it was first seen, until the same question finds nothing. A question
// that is new goes on with what is open by others.
func TestMilderPolicy(t *testing.T) {
	onBoth(t, func(t *testing.T, at string) {
		s := opened(t, at)
		none := time.Time{}
		for _, step := range []struct {
			day                 int
			asks                string
			answer              audit.Verdict
			strict, mild, other time.Time // since when it is open for who asks that
		}{
			{1, "strict", fails, day(1), day(1), day(1)},
			{2, "mild", passes, day(1), none, day(1)},
			{3, "strict", fails, day(1), none, day(1)},
			{4, "mild", fails, day(1), day(4), day(1)},
			{5, "mild", passes, day(1), none, day(1)},
			{6, "strict", passes, none, none, none},
			{7, "strict", fails, day(7), none, day(7)},
			{8, "mild", fails, day(7), day(8), day(7)},
			{9, "other", unknown, day(7), day(8), day(7)},
			{10, "strict", passes, none, day(8), day(7)},
			{11, "other", fails, none, day(8), day(7)},
			{12, "other", passes, none, day(8), none},
		} {
			e := judged(seen(day(step.day), token(1)), rule("r", says{1: step.answer}))
			e.Criteria.Asks = map[string]string{"r": step.asks}
			saved(t, s, e)
			for asks, want := range map[string]time.Time{
				"strict": step.strict, "mild": step.mild, "other": step.other,
			} {
				if got := since(recalledBy(t, s, asks, none), 1); !got.Equal(want) {
					t.Errorf("day %d, %s: fails since %v, want %v", step.day, asks, got, want)
				}
			}
		}
	})
}

// TestPruneKeepsOlderGrants holds that a token that is listed under a new grant keeps its past.
func TestPruneKeepsOlderGrants(t *testing.T) {
	onBoth(t, func(t *testing.T, at string) {
		s := opened(t, at)
		other := token(2)
		other.TokenID = 10 // the token of grant 1
		saved(t, s, judged(seen(day(1), token(1), token(3)), rule("r", says{1: fails})))
		saved(t, s, judged(seen(day(2), other), rule("r", says{2: fails})))
		saved(t, s, judged(seen(day(8), other), rule("r", says{2: fails})))
		if _, err := s.Prune(context.Background(), day(8)); err != nil {
			t.Fatal(err)
		}
		m := recalled(t, s, time.Time{})
		if got := since(m, 2); !got.Equal(day(1)) || !m.Tokens[2].FirstSeen.Equal(day(1)) {
			t.Errorf("fails since %v: %+v", got, m.Tokens[2])
		}
		if m.Tokens[3] != nil {
			t.Errorf("what is gone is still there: %+v", m.Tokens[3])
		}
	})
}

// TestExpiry holds that the expiry that GitHub told is kept when it forgets it.
func TestExpiry(t *testing.T) {
	onBoth(t, func(t *testing.T, at string) {
		s := opened(t, at)
		at30 := token(1)
		expired := func() *audit.Token {
			e := token(1)
			e.Expired, e.ExpiresAt = true, time.Time{}
			return e
		}
		renewed := token(1)
		renewed.ExpiresAt = day(60)
		endless := token(1)
		endless.ExpiresAt = time.Time{}
		unseen := token(1)
		unseen.Known, unseen.ExpiresAt = 0, time.Time{}
		for _, step := range []struct {
			day   int
			token *audit.Token
			want  time.Time
		}{
			{40, expired(), time.Time{}},
			{10, at30, day(30)}, // found later
			{5, renewed, day(30)},
			{41, expired(), day(30)},
			{42, renewed, day(60)},
			{43, unseen, day(60)},
			{15, at30, day(60)},
			{44, endless, time.Time{}},
		} {
			saved(t, s, judged(seen(day(step.day), step.token)))
			past := recalled(t, s, time.Time{}).Tokens[1]
			if !past.ExpiresAt.Equal(step.want) {
				t.Errorf("after day %d: %v, want %v", step.day, past.ExpiresAt, step.want)
			}
		}
		if past := recalled(t, s, time.Time{}).Tokens[1]; !past.FirstSeen.Equal(day(5)) {
			t.Errorf("first seen %v", past.FirstSeen)
		}
		// As of an earlier day it is what was told until then.
		for at, want := range map[int]time.Time{6: day(60), 11: day(30), 42: day(30), 43: day(60)} {
			if past := recalled(t, s, day(at)).Tokens[1]; !past.ExpiresAt.Equal(want) {
				t.Errorf("as of day %d: %v, want %v", at, past.ExpiresAt, want)
			}
		}
	})
}

// TestLast holds with which run a later one is compared.
func TestLast(t *testing.T) {
	s := opened(t, filepath.Join(t.TempDir(), "a.db"))
	for n, skipped := range []audit.Facts{0, audit.FactTwoFactor, audit.FactRepositories, 0} {
		e := judged(seen(day(n), token(1)), rule("r", says{1: fails}))
		if e.Criteria.Skip = skipped; n == 3 {
			e = judged(partly(seen(day(n), token(1))))
		}
		saved(t, s, e)
	}
	for name, test := range map[string]struct {
		skipped audit.Facts
		before  time.Time
		last    int64
		points  int
	}{
		"nothing":      {0, time.Time{}, 1, 3},
		"the same":     {audit.FactTwoFactor, time.Time{}, 2, 3},
		"more":         {audit.FactTwoFactor | audit.FactRepositories, time.Time{}, 3, 3},
		"until then":   {^audit.Facts(0), day(2), 2, 2},
		"at the first": {0, day(0), 0, 0},
	} {
		m, err := s.Recall(context.Background(), acme(), nil, test.skipped, test.before)
		if err != nil || m.LastRun != test.last || len(m.Trend) != test.points {
			t.Errorf("%s: %v, run %d, %d points", name, err, m.LastRun, len(m.Trend))
		}
		if name == "nothing" && cmp.Diff(m.Trend[0], audit.Point{
			AsOf: noon, Tokens: 1, Violating: 1, ByWorst: [6]int{audit.High: 1},
			ViolatingBy: [6]int{audit.High: 1},
		}) != "" {
			t.Errorf("%+v", m.Trend[0])
		}
	}
}

// TestStates holds what is told of the changes of a token.
func TestStates(t *testing.T) {
	onBoth(t, func(t *testing.T, at string) {
		s := opened(t, at)
		all, less := token(1), token(1)
		all.Selection, all.Repositories = audit.SelectAll, nil
		less.Known &^= audit.FactRepositories
		less.Repositories = nil
		renamed := token(1)
		renamed.Repositories = []*audit.Repository{{ID: 3, Name: "acme/web"}}
		for n, state := range []*audit.Token{token(1), token(1), less, renamed, all, all} {
			saved(t, s, judged(seen(day(n), state, token(2))))
		}
		life, err := s.Life(context.Background(), acme(), 1)
		if err != nil {
			t.Fatal(err)
		}
		known := audit.FactSelection | audit.FactPermissions | audit.FactRepositories
		may := token(1).Permissions
		want := []audit.State{
			{Run: 1, Sight: audit.Sight{
				At: day(0), Known: known, Selection: "subset", Permissions: may,
				Repositories: token(1).Repositories,
			}},
			{Run: 5, Sight: audit.Sight{
				At: day(4), Known: known, Selection: "all", Permissions: may,
			}},
		}
		if diff := cmp.Diff(want, life.States); diff != "" {
			t.Error(diff)
		}
	})
}

// TestWritesLittle holds that a run of unchanged tokens writes none of them.
func TestWritesLittle(t *testing.T) {
	s := opened(t, filepath.Join(t.TempDir(), "a.db"))
	rows := func() (n int) {
		if err := s.db.QueryRow(`SELECT (SELECT count(*) FROM pataudit_states)
			+ (SELECT count(*) FROM pataudit_findings)
			+ (SELECT count(*) FROM pataudit_contents)`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	s.exec(t, `CREATE TABLE touched (n INTEGER)`)
	for _, table := range []string{"tokens", "findings"} {
		for _, act := range []string{"INSERT", "UPDATE"} {
			s.exec(t, `CREATE TRIGGER t`+table+act+` AFTER `+act+` ON pataudit_`+table+
				` BEGIN INSERT INTO touched VALUES (1); END`)
		}
	}
	touched := func() (n int) {
		if err := s.db.QueryRow(`SELECT count(*) FROM touched`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	saved(t, s, judged(seen(day(0), token(1), token(2)), rule("r", says{1: fails})))
	if rows() != 5 || touched() != 3 {
		t.Errorf("the first run: %d rows, %d written", rows(), touched())
	}
	for n := 1; n < 4; n++ {
		used := token(1)
		used.LastUsedAt = day(n)
		saved(t, s, judged(seen(day(n), used, token(2)), rule("r", says{1: fails})))
	}
	if rows() != 5 || touched() != 3 {
		t.Errorf("later runs: %d rows, %d written", rows(), touched())
	}
}

// TestLife holds what the tables tell of a token over all runs.
func TestLife(t *testing.T) {
	onBoth(t, func(t *testing.T, at string) {
		ctx, s := context.Background(), opened(t, at)
		renewed := token(1)
		renewed.ExpiresAt = day(60)
		saved(t, s, judged(seen(day(0), token(1)), rule("r", nil)))
		saved(t, s, judged(seen(day(7), renewed), rule("r", nil)))
		saved(t, s, judged(seen(day(14), token(2)), rule("r", nil)))
		for id, want := range map[int64]audit.Life{
			1: {FirstSeen: day(0), ToldSince: day(7), ExpiresAt: day(60), GoneAt: day(14)},
			2: {FirstSeen: day(14), ToldSince: day(14), ExpiresAt: day(30)},
		} {
			got, err := s.Life(ctx, acme(), id)
			if err != nil || len(got.States) != 1 || !got.FirstSeen.Equal(want.FirstSeen) ||
				!got.ToldSince.Equal(want.ToldSince) || !got.ExpiresAt.Equal(want.ExpiresAt) ||
				!got.GoneAt.Equal(want.GoneAt) {
				t.Errorf("%d: %v: %+v", id, err, got)
			}
		}
		if _, err := s.Life(ctx, acme(), 3); !errors.Is(err, ErrNotFound) {
			t.Errorf("got %v", err)
		}
	})
}
