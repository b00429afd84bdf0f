// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestPieces holds that a document which takes several rows comes back as it was saved or not at
// all, and leaves nothing behind when it is forgotten or pruned.
func TestPieces(t *testing.T) {
	onBoth(t, func(t *testing.T, at string) {
		ctx, s := context.Background(), opened(t, at)
		noise := rand.NewChaCha8([32]byte{1})
		want := make([]byte, 3*pieceSize)
		_, _ = noise.Read(want) // never fails
		for n := range 2 {
			e := judged(seen(day(n), token(1)), rule("r", says{1: fails}))
			e.Snapshot = documentOf(want)
			saved(t, s, e)
		}
		pieces := func() (n int) {
			if err := s.db.QueryRow(`SELECT count(*) FROM pataudit_pieces`).Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		if n := pieces(); n != 6 { // noise cannot be compressed
			t.Fatalf("%d pieces", n)
		}
		got, err := textOf(s.Snapshot(ctx, 1))
		if err != nil || got != string(want) {
			t.Fatalf("%d bytes, %v", len(got), err)
		}
		for _, change := range []string{
			`UPDATE pataudit_pieces SET document = 'report' WHERE run = 1 AND piece = 2`,
			`DELETE FROM pataudit_pieces WHERE run = 1 AND piece = 3`,
			`DELETE FROM pataudit_pieces WHERE run = 1`,
		} {
			s.exec(t, change)
			if _, err := s.Snapshot(ctx, 1); !errors.Is(err, ErrChanged) {
				t.Errorf("after %s: %v", change, err)
			}
		}
		if err := s.PruneDamaged(ctx, present, 1); err != nil {
			t.Fatal(err)
		}
		if n, err := s.Forget(ctx, []string{"octocat"}, func(w *Words) error {
			w.Snapshot = documentOf(strings.Repeat("nobody", 2))
			return nil
		}); n != 1 || err != nil {
			t.Fatalf("%d runs, %v", n, err)
		}
		if n := pieces(); n != 0 {
			t.Errorf("%d pieces are left", n)
		}
	})
}
