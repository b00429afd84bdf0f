// SPDX-License-Identifier: Apache-2.0

package github

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/api"
)

// failure returns the status and reason of a source that could not be read whole.
func failure(err error) (audit.CoverageStatus, audit.Reason) {
	var refused *api.Error
	var told *audit.Unseen
	status := audit.Partial
	switch {
	case errors.Is(err, context.Canceled):
		return status, audit.Reason{{Code: audit.ReasonInterrupted}}
	case errors.As(err, &told):
		return status, told.Reason
	case errors.As(err, &refused):
		switch refused.Kind {
		case api.Permission, api.IPAllowList, api.Suspended, api.SSO, api.Unauthorized, api.NotFound:
			status = audit.Refused
		case api.Malformed, api.Network, api.Server, api.Limited, api.Refused, api.Closed,
			api.Gateway, api.Other:
		}
	}
	return status, audit.Reason{api.RemarkOf(err)}
}

// lacking returns the coverage of a source that the App lacks the permission for.
func lacking(source, permission string) audit.Coverage {
	return audit.Coverage{
		Source: source, Status: audit.Refused,
		Reason: audit.Reason{{Code: audit.ReasonLacks, Needs: []string{permission}}},
	}
}

// contradictory returns what is said of a list with these doubts: the first few of them.
func contradictory(doubts []string) audit.Remark {
	const enough = 3
	text := strings.Join(doubts[:min(len(doubts), enough)], "; ")
	if more := len(doubts) - enough; more > 0 {
		text += fmt.Sprintf("; and %d more", more)
	}
	return audit.Remark{Code: audit.ReasonContradiction, Words: text}
}

// contradict puts what contradicts itself in a source before its reason.
func (c *collection) contradict(source string, doubts []string) {
	c.doubt(source, contradictory(doubts))
}

// doubt puts a remark before what is said of a source, and makes it partial. One that is neither
// complete nor unverified stays what it is.
func (c *collection) doubt(source string, remark audit.Remark) {
	coverage := c.coverage[source]
	switch {
	case slices.ContainsFunc(coverage.Reason, func(said audit.Remark) bool {
		return said.Code == remark.Code && said.Words == remark.Words
	}):
		return // said already, of another token
	case coverage.Status == audit.Complete, coverage.Status == audit.Unverified:
		coverage.Status = audit.Partial
	}
	coverage.Reason = slices.Insert(coverage.Reason, 0, remark)
	c.coverage[source] = coverage
}

// clocked returns the tokens' coverage with how far the server's clock was ahead of ours. A list
// whose clock cannot be believed is not verified: by its dates tokens are judged.
func clocked(coverage audit.Coverage, ahead time.Duration) audit.Coverage {
	if ahead.Abs() <= audit.SkewNoted {
		return coverage
	}
	if ahead.Abs() <= audit.SkewBelieved {
		note := audit.Remark{Code: audit.ReasonClock, For: int64(ahead / time.Second)}
		coverage.Reason = append(coverage.Reason, note)
		return coverage
	}
	note := audit.Remark{Code: audit.ReasonClockFar, For: int64(ahead / time.Second)}
	coverage.Reason = slices.Insert(coverage.Reason, 0, note)
	if coverage.Status == audit.Complete {
		coverage.Status = audit.Unverified
	}
	return coverage
}
