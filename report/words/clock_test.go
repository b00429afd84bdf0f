// SPDX-License-Identifier: Apache-2.0

package words_test

import (
	"testing"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/words"
)

// TestClock holds that a report says whose clock dated it, and not GitHub's where it told no date.
func TestClock(t *testing.T) {
	at := time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC)
	undated := audit.Reason{{Code: audit.ReasonTwice}, {Code: audit.ReasonNoDate}}
	for want, run := range map[string]*audit.Run{
		"":                             {},
		", by GitHub's clock":          {AsOf: at, CollectedAt: at},
		", by this machine's clock":    {AsOf: at, CollectedAt: at, Coverage: tokensOf(undated)},
		", on evidence without a date": {AsOf: at},
		", on evidence of 2026-11-22":  {AsOf: at.AddDate(0, 0, 9), CollectedAt: at},
	} {
		if got := words.Clock(run); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func tokensOf(reason audit.Reason) []audit.Coverage {
	return []audit.Coverage{{
		Source: audit.SourceTokens, Status: audit.Complete, Reason: reason,
	}}
}
