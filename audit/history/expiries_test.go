// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
)

// asking notes when a token's expiry was set, as its rule sees it.
type asking struct{ after, by time.Time }

func (a *asking) Check(s *audit.Subject) audit.Verdict {
	a.after, a.by = s.ExpirySet()
	return audit.Verdict{Status: audit.Pass}
}

// renewals is the life of a token: on which days it was given which expiry.
type renewals []struct{ on, until int }

// at returns the token as GitHub has it on a day, under one of two grants.
func (r renewals) at(on int, grant int64) *audit.Token {
	t := token(1 + 10*grant)
	t.TokenID = 71
	for _, renewal := range r {
		if renewal.on <= on {
			t.Expired, t.ExpiresAt = renewal.until <= on, day(renewal.until)
		}
	}
	if t.Expired {
		t.ExpiresAt = time.Time{}
	}
	return t
}

// TestExpirySet holds that a renewal is dated by what runs saw: by the first that saw the present
// expiry, in whatever order they came; and after the last that saw another one, if they came in
// order, all complete.
func TestExpirySet(t *testing.T) {
	t.Parallel()
	s := emptied(t)
	rapid.Check(t, func(t *rapid.T) {
		s.empty(t)
		const last = 60
		var life renewals // each to another day
		until := 0
		for on := 0; on < last; on += rapid.IntRange(15, 45).Draw(t, "lives") {
			until = max(until+1, on+rapid.IntRange(10, 90).Draw(t, "days"))
			life = append(life, struct{ on, until int }{on, until})
		}
		days := rapid.SliceOfNDistinct(rapid.IntRange(0, last-1), 2, 8, rapid.ID).Draw(t, "runs")
		plain := rapid.Bool().Draw(t, "plain") // in order, every run complete, and with the token
		if plain {
			slices.Sort(days)
		}
		for _, on := range days {
			var tokens []*audit.Token
			if plain || rapid.IntRange(0, 4).Draw(t, "listed") > 0 {
				tokens = append(tokens, life.at(on, rapid.SampledFrom([]int64{0, 0, 0, 1}).Draw(t, "grant")))
			}
			e := seen(day(on), tokens...)
			if !plain && rapid.IntRange(0, 4).Draw(t, "complete") == 0 {
				partly(e)
			}
			if _, _, err := s.Save(context.Background(), present, judged(e)); err != nil {
				t.Fatal(err)
			}
			if len(tokens) == 0 {
				days = slices.DeleteFunc(slices.Clone(days), func(d int) bool { return d == on })
			}
		}
		now := life.at(last, 0)
		if now.Expired {
			return // it has no present expiry
		}
		memory, err := s.Recall(context.Background(), acme(), nil, 0, day(last))
		if err != nil {
			t.Fatal(err)
		}
		got := &asking{}
		asked := rule("r", nil)
		asked.Checker = got
		audit.Evaluate(seen(day(last), now),
			&audit.Policy{Rules: []audit.PolicyRule{asked}}, audit.Options{Memory: memory})
		// The naive judge looks at every run that listed it.
		by, other := last, -1
		slices.Sort(days)
		for _, on := range slices.Backward(days) {
			if !life.at(on, 0).ExpiresAt.Equal(now.ExpiresAt) {
				other = on
				break
			}
			by = on
		}
		if !got.by.Equal(day(by)) {
			t.Fatalf("by %v, want day %d", got.by, by)
		}
		if got.after.IsZero() != (other < 0) || !got.after.Before(got.by) ||
			plain && other >= 0 && !got.after.Equal(day(other)) {
			t.Fatalf("after %v, want day %d", got.after, other)
		}
	})
}
