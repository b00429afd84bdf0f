// SPDX-License-Identifier: Apache-2.0

package comparison

import (
	"testing"

	"pgregory.net/rapid"
)

// TestDirection holds where each difference between two policies leads, and that the way back
// leads the other way.
func TestDirection(t *testing.T) {
	for _, c := range []struct {
		shift shift
		want  string
	}{
		{shift{}, same},
		{shift{CompleteNow: true, CompleteThen: true}, same},
		{shift{Stricter: 1}, stricter},
		{shift{Newly: 1}, stricter},
		{shift{CompleteThen: true}, stricter},
		{shift{Milder: 1}, milder},
		{shift{NoLonger: 1}, milder},
		{shift{CompleteNow: true}, milder},
		{shift{Stricter: 1, Milder: 1}, mixed},
		{shift{Stricter: 1, NoLonger: 1}, mixed},
		{shift{Newly: 1, CompleteNow: true}, mixed},
	} {
		if got := c.shift.direction(); got != c.want {
			t.Errorf("%+v: %s, want %s", c.shift, got, c.want)
		}
	}
	opposite := map[string]string{same: same, stricter: milder, milder: stricter, mixed: mixed}
	rapid.Check(t, func(t *rapid.T) {
		few, yes := rapid.IntRange(0, 2), rapid.Bool()
		s := shift{
			Stricter: few.Draw(t, "stricter"), Milder: few.Draw(t, "milder"),
			Newly: few.Draw(t, "newly"), NoLonger: few.Draw(t, "no longer"),
			CompleteNow: yes.Draw(t, "now"), CompleteThen: yes.Draw(t, "then"),
		}
		back := shift{
			Stricter: s.Milder, Milder: s.Stricter, Newly: s.NoLonger, NoLonger: s.Newly,
			CompleteNow: s.CompleteThen, CompleteThen: s.CompleteNow,
		}
		if got, want := back.direction(), opposite[s.direction()]; got != want {
			t.Errorf("%+v leads to %s, and back to %s", s, s.direction(), got)
		}
	})
}

// TestPoliciesThere holds that a comparison of two policies is the reverse of the other way's.
func TestPoliciesThere(t *testing.T) {
	there, back := comparisons()["stricter"].shift(), comparisons()["milder"].shift()
	if there.Stricter != back.Milder || there.Milder != back.Stricter ||
		there.Newly != back.NoLonger || there.Newly == 0 {
		t.Errorf("%+v and back %+v", there, back)
	}
	lenient := comparisons()["lenient"]
	s := lenient.shift()
	if s.direction() != milder || len(lenient.Deltas) > 0 || lenient.equal() {
		t.Errorf("a policy that takes less for a violation is %s", s)
	}
}
