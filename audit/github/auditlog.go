// SPDX-License-Identifier: Apache-2.0

package github

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/api"
)

// This file reads an organization's audit log. What rests on what:
//
//   - GitHub documents, in "Audit log events for your organization", personal_access_token's
//     access_granted, access_revoked, request_created, request_cancelled and request_denied, and
//     of the first three the user_programmatic_access_id. It documents create and
//     credential_regenerated for the owner's own log, and for that of an enterprise with managed
//     users; where the organization's has them, they are taken.
//   - That id is taken for the token_id of the lists, which "can also be found in audit log
//     events". An event's own token_id names the credential of who acted, if one was used, so it
//     counts only where none was.
//   - What is about a person's role is in auditlog_roles.go.
//   - The log goes back 180 days, and without a phrase three months. Fine-grained tokens exist
//     since October 2022: a phrase with that day asks for all that is there.

// Bounds of the log.
const (
	maxEventPages = 1_000 // a hundred thousand events; GitHub allows 1,750 questions an hour
	eventSince    = " created:>=2022-10-01"
	eventPhrase   = "action:personal_access_token" + eventSince
)

// skippedEvents counts the events of the log that cannot be used.
type skippedEvents struct {
	others   int // of another kind
	unusable int // naming no token, or no time that can be
	nameless int // of a role, naming nobody, or no time that can be
}

// readAuditLog reads the events about fine-grained tokens, and those about people's roles.
func (c *collection) readAuditLog(ctx context.Context) audit.Coverage {
	if !c.installed.may(api.PermAdministration) {
		return lacking(audit.SourceAuditLog, api.PermAdministration)
	}
	var skipped skippedEvents
	coverage := c.ask(ctx, audit.SourceAuditLog, func(ctx context.Context) (int, error) {
		events, err := c.readEvents(ctx, eventPhrase, &skipped)
		c.events = make(map[int64][]event, len(events))
		for _, e := range events {
			c.events[e.token] = append(c.events[e.token], e)
		}
		items := len(events)
		if err == nil {
			var changes int
			changes, err = c.readChanges(ctx, &skipped)
			items += changes
		}
		return items, enterpriseRemedy(err, "the audit log is on GitHub Enterprise Cloud only, "+
			"and on Enterprise Servers")
	})
	if coverage.Status == audit.Complete {
		coverage.Reason = slices.Concat(skipped.reason(), coverage.Reason)
	}
	return coverage
}

// enterpriseRemedy adds to a refusal where the audit log and the authorizations are to be had at
// all.
func enterpriseRemedy(err error, where string) error {
	var refused *api.Error
	switch {
	case !errors.As(err, &refused):
		return err
	case refused.Kind == api.NotFound:
		return fmt.Errorf("%w (%s)", err, where)
	case refused.Kind == api.Permission && refused.Status == http.StatusForbidden &&
		refused.Accepts == "":
		named := *refused
		named.Accepts = api.PermAdministration + "=read"
		return fmt.Errorf("%w; %s", &named, where)
	}
	return err
}

// reason returns what was passed over.
func (s *skippedEvents) reason() audit.Reason {
	all := audit.Reason{
		{Code: audit.ReasonOtherEvents, Count: s.others},
		{Code: audit.ReasonBadEvents, Count: s.unusable},
		{Code: audit.ReasonBadRoles, Count: s.nameless},
	}
	return slices.DeleteFunc(all, func(r audit.Remark) bool { return r.Count == 0 })
}

// readEvents reads the events of a phrase, the newest first, along the log's cursors. On an error
// it returns what was had.
func (c *collection) readEvents(
	ctx context.Context, phrase string, skipped *skippedEvents,
) (all []event, err error) {
	l := &list{
		session: c.session, login: c.organization.Login, id: c.organization.ID, tail: "audit-log",
	}
	query := url.Values{
		"phrase": {phrase}, "order": {"desc"}, "per_page": {strconv.Itoa(perPage)},
	}
	seen, first := map[string]bool{}, 0
	for page := 1; page <= maxEventPages; page++ {
		answer, err := c.session.Get(ctx, l.path(), query)
		if err != nil {
			return all, err
		}
		answer.Exchange.Page = page
		if !l.has(answer.URL) {
			return all, &api.Error{Kind: api.Refused, Message: "GitHub redirects to another list"}
		}
		date := answer.Date
		if date.IsZero() {
			date = c.client.config.Now()
		}
		events, rows, err := c.decodeEvents(answer.Body, date, skipped)
		if err != nil {
			return all, &api.Error{Kind: api.Malformed, Message: fmt.Sprintf("page %d: %v", page, err)}
		}
		answer.Exchange.Rows = rows
		if page == 1 {
			first = rows
		}
		all = append(all, events...)
		cursor, err := nextCursor(answer.Link, l, answer.URL)
		switch {
		case err != nil:
			return all, &api.Error{Kind: api.Malformed, Message: err.Error()}
		case cursor == "" && mayFill(rows, page, first):
			return all, c.confirmEnd(ctx, l, query, page, answer.Body)
		case cursor == "":
			return all, nil
		case seen[cursor]:
			return all, &api.Error{Kind: api.Malformed, Message: "the log leads back to where it was"}
		}
		seen[cursor] = true
		query.Set("after", cursor)
	}
	return all, &api.Error{Kind: api.Refused, Message: fmt.Sprintf(
		"the log goes on after %d pages; the oldest were not read", maxEventPages)}
}

// confirmEnd reports, as an error, that the log may go on after a page that is full and leads to
// no other. Unlike the number of a page, the cursor to the next one cannot be made up. So the log
// is asked from its other end, which begins with the events of the last page, the oldest first, if
// there are no older ones.
func (c *collection) confirmEnd(
	ctx context.Context, l *list, query url.Values, page int, body []byte,
) error {
	query = maps.Clone(query)
	query.Set("order", "asc")
	query.Del("after")
	answer, err := c.session.Get(ctx, l.path(), query)
	if err != nil {
		return err
	}
	oldest, err := recordsOf[jsontext.Value](answer.Body, "events")
	if err != nil || !l.has(answer.URL) {
		return &api.Error{Kind: api.Malformed, Message: "the log's oldest events cannot be read"}
	}
	answer.Exchange.Page, answer.Exchange.Rows = page+1, len(oldest)
	last, err := recordsOf[jsontext.Value](body, "events")
	oldest = oldest[:min(len(last), len(oldest))]
	if err != nil || !slices.EqualFunc(sortedEvents(oldest), sortedEvents(last), equalRecords) {
		return &api.Error{Kind: api.Malformed, Message: fmt.Sprintf("page %d of the log is full and "+
			"leads to no other, but the log has older events", page)}
	}
	return nil
}

// sortedEvents sorts events in an order that does not depend on the question's: events of one
// instant may come in any.
func sortedEvents(events []jsontext.Value) []jsontext.Value {
	slices.SortFunc(events, func(a, b jsontext.Value) int { return bytes.Compare(a, b) })
	return events
}

func equalRecords(a, b jsontext.Value) bool { return bytes.Equal(a, b) }
