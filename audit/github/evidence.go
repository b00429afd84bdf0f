// SPDX-License-Identifier: Apache-2.0

package github

import (
	"context"
	"errors"
	"sync"

	"github.com/complytime/pataudit/audit"
)

// failure says how a source ended that could not be read whole. The reason may hold hostile text.
func failure(err error) (audit.CoverageStatus, string) {
	var refused *Error
	if errors.As(err, &refused) {
		switch refused.Kind {
		case Permission, IPAllowList, Suspended, SSO, Unauthorized, NotFound:
			return audit.Refused, err.Error()
		case Malformed, Network, Server, Limited, Refused, Closed, Other:
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

// repositories shares one Repository between all who name it.
type repositories struct {
	mu   sync.Mutex
	byID map[int64]*audit.Repository
}

// shared gives the repository with the id. GitHub may leave the visibility out of one list and
// give it in another.
func (r *repositories) shared(id int64, name, visibility string) *audit.Repository {
	r.mu.Lock()
	defer r.mu.Unlock()
	known := r.byID[id]
	if known == nil {
		known = &audit.Repository{ID: id, Name: name, Visibility: visibility}
		r.byID[id] = known
	}
	if known.Visibility == "" {
		known.Visibility = visibility
	}
	return known
}
