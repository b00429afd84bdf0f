// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"testing"

	"github.com/complytime/pataudit/audit"
)

// TestSaveAll saves several runs at once: all of them, or none.
func TestSaveAll(t *testing.T) {
	onBoth(t, func(t *testing.T, at string) {
		ctx, s := context.Background(), opened(t, at)
		prepared := func(login string, id int64) *Prepared {
			e := seen(noon, token(1))
			e.Organization = &audit.Organization{Login: login, ID: id, Host: "github.com"}
			p, err := Prepare(present, judged(e))
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
		b, a := prepared("b", 2), prepared("a", 1)
		whole := a.memory
		a.memory = &Document{} // which no history takes
		if saved, err := s.SaveAll(ctx, b, a); err == nil {
			t.Errorf("saved %v", saved)
		}
		if runs, err := s.Runs(ctx, Query{}); err != nil || len(runs) > 0 {
			t.Errorf("one of two was saved: %v, %v", runs, err)
		}
		a.memory = whole
		if saved, err := s.SaveAll(ctx, b, a); err != nil || saved[0] != (Saved{Number: 1}) ||
			saved[1] != (Saved{Number: 2}) {
			t.Errorf("%v, %v", saved, err)
		}
		if saved, err := s.SaveAll(ctx, a, b); err != nil || saved[0] != (Saved{2, true}) ||
			saved[1] != (Saved{1, true}) {
			t.Errorf("again: %v, %v", saved, err)
		}
		if problems, err := s.Check(ctx, true); err != nil || len(problems) > 0 {
			t.Errorf("%v, %v", problems, err)
		}
	})
}
