// SPDX-License-Identifier: Apache-2.0

package view

import (
	"time"

	"github.com/complytime/pataudit/audit"
)

// HasList reports whether a token has a list of repositories, and that is known.
func HasList(t *audit.Token) bool {
	return t.Selection == audit.SelectSubset && t.Known.Has(audit.FactRepositories)
}

// NamesOf returns the names of repositories. They are not sanitized.
func NamesOf(repositories []*audit.Repository) []string {
	names := make([]string, len(repositories))
	for i, repository := range repositories {
		names[i] = repository.Name
	}
	return names
}

// Age returns a request's age in days.
func Age(r *audit.Request, asOf time.Time) (n int64, known bool) {
	if r.CreatedAt.IsZero() || asOf.IsZero() {
		return 0, false
	}
	return max(0, audit.CalendarDays(r.CreatedAt, asOf)), true
}

// FirstSeen returns when the token was first seen by any run; zero if that is not remembered.
func FirstSeen(r *audit.Result) time.Time {
	if r.Past == nil {
		return time.Time{}
	}
	return r.Past.FirstSeen
}
