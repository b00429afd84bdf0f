// SPDX-License-Identifier: Apache-2.0

package github

import (
	"time"

	"github.com/complytime/pataudit/audit"
)

// ahead returns how far the server's clock is ahead of ours, in whole seconds, as it tells them;
// zero if it does not tell.
func (a *answer) ahead(now time.Time) time.Duration {
	date := a.date()
	if date.IsZero() {
		return 0
	}
	return date.Sub(now.Truncate(time.Second))
}

// ahead returns how far the server's clock was ahead of ours, at the page where they differed
// most.
func (p *pass[T]) ahead() (most time.Duration) {
	for i := range p.pages {
		if ahead := p.pages[i].ahead; ahead.Abs() > most.Abs() {
			most = ahead
		}
	}
	return most
}

// clocked returns the tokens' coverage with how far the server's clock was ahead of ours. A list
// whose clock cannot be believed is not verified: by its dates tokens are judged.
func clocked(coverage audit.Coverage, ahead time.Duration) audit.Coverage {
	if ahead.Abs() <= audit.SkewNoted {
		return coverage
	}
	note := "GitHub's clock is " + apart(ahead.Abs()) + " behind this machine's"
	if ahead > 0 {
		note = "GitHub's clock is " + apart(ahead) + " ahead of this machine's"
	}
	first, last := coverage.Reason, note
	if ahead.Abs() > audit.SkewBelieved {
		first, last = note+", too far to believe its dates: set the clock that is wrong", first
		if coverage.Status == audit.Complete {
			coverage.Status = audit.Unverified
		}
	}
	coverage.Reason = first + "; " + last // a reason is there: how often it was listed, at least
	return coverage
}
