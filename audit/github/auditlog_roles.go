// SPDX-License-Identifier: Apache-2.0

package github

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/complytime/pataudit/audit"
)

// This file finds what a person was to the organization on an earlier day. GitHub documents, in
// "Audit log events for your organization", org.update_member ("a person's role was changed from
// owner to member or member to owner") with permission and old_permission, and org.remove_member.
// Whoever was an owner and is not, or the reverse, went through one of the two. They are asked for
// apart: what a phrase with two actions means, GitHub does not document.
const (
	eventRole    = "org.update_member"
	eventRemoved = "org.remove_member"
)

// readChanges reads the changes of people's roles. They count only if all were read, and
// all can be made out: one that is missing could be anybody's.
func (c *collection) readChanges(
	ctx context.Context, skipped *skippedEvents,
) (items int, err error) {
	changes := map[int64][]event{}
	for _, action := range []string{eventRole, eventRemoved} {
		events, err := c.readEvents(ctx, "action:"+action+eventSince, skipped)
		items += len(events)
		if err != nil {
			return items, err
		}
		for _, e := range events {
			changes[e.owner] = append(changes[e.owner], e)
		}
	}
	if skipped.nameless > 0 {
		return items, nil
	}
	for _, events := range changes {
		slices.SortStableFunc(events, func(a, b event) int { return b.at.Compare(a.at) })
	}
	c.changes = changes
	return items, nil
}

// leadsTo reports whether a person could have had the role after a change. Whoever was removed may
// have come back as anything.
func (e *event) leadsTo(role audit.Role) bool {
	return e.action == eventRemoved || role == audit.RoleUnknown || role == e.after
}

// roleAt returns what a member was to the organization at an instant since when the log is whole,
// for it holds another event of then; nil if that is not known. It goes back from today's role,
// change by change, and knows nothing where they contradict each other.
func (c *collection) roleAt(m *audit.Member, at time.Time) *audit.RoleThen {
	if c.changes == nil {
		return nil
	}
	then := &audit.RoleThen{Role: m.Role}
	for _, change := range c.changes[m.ID] { // the newest first
		if change.at.Equal(at) || !change.leadsTo(then.Role) {
			return nil
		}
		if change.at.Before(at) {
			then.Role, then.Since = cmp.Or(then.Role, change.after), change.at
			break
		}
		then.Role, then.Until = change.before, change.at
	}
	if !then.Role.IsMember() { // whoever holds a token was a member, then
		return nil
	}
	return then
}
