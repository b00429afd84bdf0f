// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"fmt"

	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/cmd/pataudit/records"
	"github.com/complytime/pataudit/cmd/pataudit/verify"
)

// checkSound notes whether the history is as it was saved, all of it.
func (s *soundCheck) checkSound(
	ctx context.Context, store *history.Store, runs []history.Run, again bool,
) error {
	problems, err := store.Check(ctx, true)
	if err != nil {
		return err
	}
	s.damaged = map[int64]bool{}
	for _, p := range problems {
		s.damaged[p.Run] = !p.Missing()
		s.problems = append(s.problems, problemLine(p))
	}
	if !again {
		return nil
	}
	for i := range runs {
		if s.damaged[runs[i].Number] {
			continue
		}
		what, skipped, err := verify.JudgeAgain(ctx, store, &runs[i], s.version)
		if err != nil {
			return err
		}
		if skipped != "" {
			s.skipped = append(s.skipped, fmt.Sprintf("NOT JUDGED  run %d: %s", runs[i].Number, skipped))
		}
		if what != "" && s.public {
			what = "what differs may hold names, and everybody could read them here"
		}
		if what != "" {
			s.problems = append(s.problems, problemLine(history.Problem{
				Run: runs[i].Number, What: what,
			}))
		}
	}
	return nil
}

func problemLine(p history.Problem) string {
	if p.Missing() {
		return "MISSING  " + records.ProblemWords(p)
	}
	return "CHANGED  " + records.ProblemWords(p)
}
