// SPDX-License-Identifier: Apache-2.0

package github

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/api"
)

// failure returns the status and reason of a source that could not be read whole. The reason may
// hold hostile text.
func failure(err error) (audit.CoverageStatus, string) {
	var refused *api.Error
	if errors.As(err, &refused) {
		switch refused.Kind {
		case api.Permission, api.IPAllowList, api.Suspended, api.SSO, api.Unauthorized, api.NotFound:
			return audit.Refused, err.Error()
		case api.Malformed, api.Network, api.Server, api.Limited, api.Refused, api.Closed,
			api.Gateway, api.Other:
		}
	}
	if errors.Is(err, context.Canceled) {
		return audit.Partial, "interrupted"
	}
	return audit.Partial, err.Error()
}

// lacking returns the coverage of a source that the App lacks the permission for.
func lacking(source, permission string) audit.Coverage {
	return audit.Coverage{
		Source: source, Status: audit.Refused, Reason: "the App lacks " + api.Label(permission),
	}
}

// contradictory returns the reason of a list with these doubts, the first few of them.
func contradictory(doubts []string) string {
	const enough = 3
	text := "contradictory: " + strings.Join(doubts[:min(len(doubts), enough)], "; ")
	if more := len(doubts) - enough; more > 0 {
		text += fmt.Sprintf("; and %d more", more)
	}
	return text
}

// contradict puts what contradicts itself in a source before its reason.
func (c *collection) contradict(source string, doubts []string) {
	c.doubt(source, contradictory(doubts))
}

// doubt puts a reason before what is said of a source, and makes it partial. One that is neither
// complete nor unverified stays what it is.
func (c *collection) doubt(source, reason string) {
	coverage := c.coverage[source]
	switch {
	case strings.Contains(coverage.Reason, reason):
		return // said already, of another token
	case coverage.Status == audit.Complete, coverage.Status == audit.Unverified:
		coverage.Status = audit.Partial
	}
	coverage.Reason = api.Joined(reason, coverage.Reason)
	c.coverage[source] = coverage
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
