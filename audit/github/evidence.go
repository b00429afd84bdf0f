// SPDX-License-Identifier: Apache-2.0

package github

import (
	"context"
	"errors"

	"github.com/complytime/pataudit/audit"
)

// failure says how a source ended that could not be read whole. The reason may hold hostile text.
func failure(err error) (audit.CoverageStatus, string) {
	var refused *Error
	if errors.As(err, &refused) {
		switch refused.Kind {
		case Permission, IPAllowList, Suspended, SSO, Unauthorized, NotFound:
			return audit.Refused, err.Error()
		case Malformed, Network, Server, Limited, Refused, Closed, Gateway, Other:
		}
	}
	if errors.Is(err, context.Canceled) {
		return audit.Partial, "interrupted"
	}
	return audit.Partial, err.Error()
}

// joined joins two remarks, each of which may be "".
func joined(one, other string) string {
	if one == "" || other == "" {
		return one + other
	}
	return one + "; " + other
}
