// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"fmt"

	"github.com/complytime/pataudit/audit/github"
)

// sums is how far several organizations have come together: one steady line, rather than one that
// jumps between them.
type sums struct {
	organizations, done int
	lists               map[listsOf]github.Progress // the last word of each
}

// listsOf names the repository lists of an organization's tokens, or of its requests.
type listsOf struct{ organization, act string }

// line takes a word of one organization, and words how far all are.
func (s *sums) line(p github.Progress) string {
	if p.Total > 0 {
		s.lists[listsOf{p.Organization, p.Act}] = p
	}
	text := fmt.Sprintf("organizations %d of %d", s.done, s.organizations)
	done, total := 0, 0
	for _, lists := range s.lists {
		done, total = done+lists.Done, total+lists.Total
	}
	if total > 0 {
		text += fmt.Sprintf(", repository lists %d of %d", done, total)
	}
	return text
}

// Organizations begins to count several.
func (u *UI) Organizations(n int) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.organizations = &sums{organizations: n, lists: map[listsOf]github.Progress{}}
}

// OrganizationDone counts one, for the next line.
func (u *UI) OrganizationDone() {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.organizations.done++
}
