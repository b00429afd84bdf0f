// SPDX-License-Identifier: Apache-2.0

package github

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
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
//   - What tells of a person's role is in roles.go.
//   - The log goes back 180 days, and without a phrase three months. Fine-grained tokens exist
//     since October 2022: a phrase with that day asks for all that is there.

// Bounds of the log.
const (
	maxEventPages = 1_000 // a hundred thousand events; GitHub allows 1,750 questions an hour
	eventSince    = " created:>=2022-10-01"
	eventPhrase   = "action:personal_access_token" + eventSince
)

// firstEvent is when fine-grained tokens came to be: no event about one is older.
var firstEvent = time.Date(2022, 10, 1, 0, 0, 0, 0, time.UTC)

// The events that tell of a token's life. The others tell nothing that is asked here.
const (
	eventCreated     = "personal_access_token.create"
	eventRegenerated = "personal_access_token.credential_regenerated"
	eventRequested   = "personal_access_token.request_created"
	eventGranted     = "personal_access_token.access_granted"
)

// event is one that tells of a token's life, or of a change of a person's role.
type event struct {
	action  string
	at      time.Time
	token   int64  // 0 of a role
	actor   string // a login: hostile text
	actorID int64  // 0 if the event does not say
	owner   int64  // whose token or role it is; 0 if the event does not say

	before, after audit.Role // of a role; unknown where the event does not say
}

// tally counts what was read of the log.
type tally struct {
	others   int // of another kind
	unusable int // naming no token, or no time that can be
	nameless int // of a role, naming nobody, or no time that can be
}

// readAuditLog reads the events about fine-grained tokens, and those about people's roles.
func (c *collection) readAuditLog(ctx context.Context) audit.Coverage {
	if !c.installed.may(permAdministration) {
		return lacksAdministration(audit.SourceAuditLog)
	}
	var counted tally
	coverage := c.ask(ctx, audit.SourceAuditLog, func(ctx context.Context) (int, error) {
		events, err := c.readEvents(ctx, eventPhrase, &counted)
		c.events = make(map[int64][]event, len(events))
		for _, e := range events {
			c.events[e.token] = append(c.events[e.token], e)
		}
		items := len(events)
		if err == nil {
			var changes int
			changes, err = c.readChanges(ctx, &counted)
			items += changes
		}
		return items, extraRemedy(err, "the audit log is on GitHub Enterprise Cloud only, "+
			"and on Enterprise Servers")
	})
	if note := counted.String(); coverage.Status == audit.Complete {
		coverage.Reason = joined(note, coverage.Reason)
	}
	return coverage
}

func lacksAdministration(source string) audit.Coverage {
	return audit.Coverage{
		Source: source, Status: audit.Refused, Reason: "the App lacks " + label(permAdministration),
	}
}

// extraRemedy explains the refusals of what few organizations have.
func extraRemedy(err error, where string) error {
	var refused *Error
	switch {
	case !errors.As(err, &refused):
		return err
	case refused.Kind == NotFound:
		return fmt.Errorf("%w (%s)", err, where)
	case refused.Kind == Permission && refused.Status == http.StatusForbidden &&
		refused.Accepts == "":
		named := *refused
		named.Accepts = permAdministration + "=read"
		return fmt.Errorf("%w; %s", &named, where)
	}
	return err
}

// String tells what was passed over; "" if nothing was.
func (t *tally) String() string {
	var parts []string
	if t.others > 0 {
		parts = append(parts, fmt.Sprintf("passed over %d events of other kinds", t.others))
	}
	if t.unusable > 0 {
		parts = append(parts, fmt.Sprintf("%d events name no token, or no time that can be",
			t.unusable))
	}
	if t.nameless > 0 {
		parts = append(parts, fmt.Sprintf("%d changes of a role name nobody, or no time that can be",
			t.nameless))
	}
	return strings.Join(parts, "; ")
}

// readEvents reads the events of a phrase, the newest first, along the log's cursors. On an error
// it gives what was had.
func (c *collection) readEvents(
	ctx context.Context, phrase string, counted *tally,
) (all []event, err error) {
	l := &list{
		session: c.session, login: c.organization.Login, id: c.organization.ID, tail: "audit-log",
	}
	query := url.Values{
		"phrase": {phrase}, "order": {"desc"}, "per_page": {strconv.Itoa(perPage)},
	}
	seen, first := map[string]bool{}, 0
	for page := 1; page <= maxEventPages; page++ {
		answer, err := c.session.get(ctx, l.path(), query)
		if err != nil {
			return all, err
		}
		answer.exchange.Page = page
		if !l.has(answer.url) {
			return all, &Error{Kind: Refused, Message: "GitHub redirects to another list"}
		}
		date := answer.date
		if date.IsZero() {
			date = c.client.config.Now()
		}
		events, rows, err := c.decodeEvents(answer.body, date, counted)
		if err != nil {
			return all, &Error{Kind: Malformed, Message: fmt.Sprintf("page %d: %v", page, err)}
		}
		answer.exchange.Rows = rows
		if page == 1 {
			first = rows
		}
		all = append(all, events...)
		cursor, err := nextCursor(answer.link, l, answer.url)
		switch {
		case err != nil:
			return all, &Error{Kind: Malformed, Message: err.Error()}
		case cursor == "" && mayFill(rows, page, first):
			return all, c.confirmEnd(ctx, l, query, page, answer.body)
		case cursor == "":
			return all, nil
		case seen[cursor]:
			return all, &Error{Kind: Malformed, Message: "the log leads back to where it was"}
		}
		seen[cursor] = true
		query.Set("after", cursor)
	}
	return all, &Error{Kind: Refused, Message: fmt.Sprintf(
		"the log goes on after %d pages; the oldest were not read", maxEventPages)}
}

// wireEvent holds the fields that we read of an event, undecoded.
type wireEvent struct {
	Action      jsontext.Value `json:"action"`
	Timestamp   jsontext.Value `json:"@timestamp"` // in milliseconds, as examples have it
	Actor       jsontext.Value `json:"actor"`
	ActorID     jsontext.Value `json:"actor_id"`
	UserID      jsontext.Value `json:"user_id"` // of whom the action affects
	Org         jsontext.Value `json:"org"`
	OrgID       jsontext.Value `json:"org_id"`
	wireSubject `json:",inline"`
	wireChange  `json:",inline"`
	Data        jsontext.Value `json:"data"` // where an Enterprise Server has the details
}

// decodeEvents decodes one page. date is the clock that its events are judged against. An entry
// without an action is no event, and breaks the page.
func (c *collection) decodeEvents(body []byte, date time.Time, counted *tally) (
	events []event, rows int, err error,
) {
	var records []*wireEvent
	if err := json.Unmarshal(body, &records, strict); err != nil {
		return nil, 0, fmt.Errorf("not a list of events: %w", err)
	}
	if records == nil {
		return nil, 0, errors.New("not a list of events: null")
	}
	for i, record := range records {
		action := ""
		if record != nil {
			action, _ = text(record.Action)
		}
		if action == "" {
			return nil, 0, fmt.Errorf("record %d is no event", i+1)
		}
		decode, unusable := record.event, &counted.unusable
		switch action {
		case eventCreated, eventRegenerated, eventRequested, eventGranted:
		case eventRole, eventRemoved:
			decode, unusable = record.change, &counted.nameless
		default:
			counted.others++
			continue
		}
		e, ok := decode(action, date)
		if !ok || !record.of(c.organization) {
			*unusable++
			continue
		}
		events = append(events, e)
	}
	return events, len(records), nil
}

// event decodes what is told of a token's life; false if that is nothing usable.
func (w *wireEvent) event(action string, date time.Time) (event, bool) {
	at, ok := w.happened(date)
	e := event{action: action, at: at, token: w.token()}
	if !ok || e.token <= 0 {
		return event{}, false
	}
	e.actor, _ = text(w.Actor)
	e.actorID, _ = integer(w.ActorID)
	owner := w.UserID
	if !told(owner) && action != eventGranted {
		owner = w.ActorID // these are the owner's own acts
	}
	e.owner, ok = integer(owner)
	return e, ok || !told(owner) // an owner that cannot be made out may be another one
}

// happened gives the time of an event; false if it cannot be.
func (w *wireEvent) happened(date time.Time) (at time.Time, ok bool) {
	millis, _ := integer(w.Timestamp)
	at = time.UnixMilli(millis).UTC()
	return at, !at.Before(firstEvent) && !at.After(date.Add(dateSlack))
}

// told reports whether an event says something, be it what it may.
func told(v jsontext.Value) bool { return len(v) > 0 && !isNull(v) }

// of reports whether the event is the organization's, or does not say whose it is. The id decides:
// an event keeps the login that the organization had then.
func (w *wireEvent) of(o *audit.Organization) bool {
	if told(w.OrgID) {
		id, ok := integer(w.OrgID)
		if !ok || o.ID != 0 {
			return ok && id == o.ID
		}
	}
	org, ok := text(w.Org)
	return !told(w.Org) || ok && strings.EqualFold(org, o.Login)
}
