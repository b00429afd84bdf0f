// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"fmt"
	"time"

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

// Progress shows how far a collection has come, if standard error is a terminal.
func (u *UI) Progress() func(github.Progress) {
	if u.Quiet || !IsTerminal(u.Err) {
		return nil
	}
	return func(p github.Progress) {
		u.mu.Lock()
		defer u.mu.Unlock()
		u.traced = true
		line := fmt.Sprintf("%s %d", p.Act, p.Done)
		switch {
		case u.organizations != nil:
			line = u.organizations.line(p)
		case p.Total > 0:
			line = fmt.Sprintf("%s %d of %d", p.Act, p.Done, p.Total)
		}
		_, _ = fmt.Fprint(u.Err, "\r\x1b[K", line)
	}
}

// Forecast prints what an audit will take: always if it is more than GitHub allows, else to who
// looks on, or if it is long.
func (u *UI) Forecast(verbose bool) func(github.Forecast) {
	return func(f github.Forecast) {
		switch {
		case !f.Enough:
			u.Warnf("%s needs about %d requests, %d of them from a quota of which %d are left until "+
				"%s: that is more than --max-wait allows for; raise it, or ask for less with "+
				"--repositories failing", f.Organization, f.Requests, f.Quota, f.Left,
				f.Reset.UTC().Format(time.RFC3339))
		case verbose, IsTerminal(u.Err), f.Takes >= time.Minute:
			u.Notef("%s needs about %d requests and %s%s", f.Organization, f.Requests,
				roughly(f.Takes), quotaWords(f))
		}
	}
}

func quotaWords(f github.Forecast) string {
	if f.Left < 0 {
		return ""
	}
	return fmt.Sprintf("; %d of them from the quota, of which %d are left", f.Quota, f.Left)
}

// roughly returns the words for a time that nobody can know exactly.
func roughly(d time.Duration) string {
	if d < time.Minute {
		return "less than a minute"
	}
	return fmt.Sprintf("%d min", int(d.Round(time.Minute).Minutes()))
}
