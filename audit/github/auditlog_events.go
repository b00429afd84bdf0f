// SPDX-License-Identifier: Apache-2.0

package github

import (
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/api"
)

// firstEvent is when fine-grained tokens came to be: no event about one is older.
var firstEvent = time.Date(2022, 10, 1, 0, 0, 0, 0, time.UTC)

// The events of a token's life. The others have nothing that is asked here.
const (
	eventCreated     = "personal_access_token.create"
	eventRegenerated = "personal_access_token.credential_regenerated"
	eventRequested   = "personal_access_token.request_created"
	eventGranted     = "personal_access_token.access_granted"
)

// event is one of a token's life, or of a change of a person's role.
type event struct {
	action  string
	at      time.Time
	token   int64  // 0 of a role
	actor   string // a login: hostile text
	actorID int64  // 0 if the event does not say
	owner   int64  // whose token or role it is; 0 if the event does not say

	before, after audit.Role // of a role; unknown where the event does not say
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

// wireSubject says which token an event is about.
type wireSubject struct {
	AccessID jsontext.Value `json:"user_programmatic_access_id"`
	TokenID  jsontext.Value `json:"token_id"`
	Means    jsontext.Value `json:"programmatic_access_type"` // of a credential that acted
}

// wireChange says what a role was changed to, and from.
type wireChange struct {
	Permission    jsontext.Value `json:"permission"`
	OldPermission jsontext.Value `json:"old_permission"`
}

// decodeEvents decodes one page. date is the clock that its events are judged against. An entry
// without an action is no event, and breaks the page.
func (c *collection) decodeEvents(body []byte, date time.Time, skipped *skippedEvents) (
	events []event, rows int, err error,
) {
	records, err := recordsOf[*wireEvent](body, "events")
	if err != nil {
		return nil, 0, err
	}
	for i, record := range records {
		action := ""
		if record != nil {
			action, _ = text(record.Action)
		}
		if action == "" {
			return nil, 0, fmt.Errorf("record %d is no event", i+1)
		}
		decode, unusable := record.event, &skipped.unusable
		switch action {
		case eventCreated, eventRegenerated, eventRequested, eventGranted:
		case eventRole, eventRemoved:
			decode, unusable = record.change, &skipped.nameless
		default:
			skipped.others++
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

// event decodes an event of a token's life; false if that is nothing usable.
func (w *wireEvent) event(action string, date time.Time) (event, bool) {
	at, ok := w.happened(date)
	e := event{action: action, at: at, token: w.token()}
	if !ok || e.token <= 0 {
		return event{}, false
	}
	e.actor, _ = text(w.Actor)
	e.actorID, _ = integer(w.ActorID)
	owner := w.UserID
	if !isSet(owner) && action != eventGranted {
		owner = w.ActorID // these are the owner's own acts
	}
	e.owner, ok = integer(owner)
	return e, ok || !isSet(owner) // an owner that cannot be made out may be another one
}

// happened returns the time of an event; false if it cannot be one.
func (w *wireEvent) happened(date time.Time) (at time.Time, ok bool) {
	millis, _ := integer(w.Timestamp)
	at = time.UnixMilli(millis).UTC()
	return at, !at.Before(firstEvent) && !at.After(date.Add(dateSlack))
}

// isSet reports whether a field is there and not null, be it what it may.
func isSet(v jsontext.Value) bool { return len(v) > 0 && !isNull(v) }

// of reports whether the event is the organization's, or does not say whose it is. The id decides:
// an event keeps the login that the organization had then.
func (w *wireEvent) of(o *audit.Organization) bool {
	if isSet(w.OrgID) {
		id, ok := integer(w.OrgID)
		if !ok || o.ID != 0 {
			return ok && id == o.ID
		}
	}
	org, ok := text(w.Org)
	return !isSet(w.Org) || ok && strings.EqualFold(org, o.Login)
}

// token returns the id of the token that the event is about; 0 if it does not say.
func (w *wireEvent) token() int64 {
	subject := w.wireSubject
	if w.Data.Kind() == '{' && len(subject.AccessID) == 0 {
		// What it cannot hold stays empty.
		_ = json.Unmarshal(w.Data, &subject, api.Strict)
	}
	if id, ok := integer(subject.AccessID); ok {
		return id
	}
	if len(subject.Means) > 0 && !isNull(subject.Means) {
		return 0
	}
	id, _ := integer(subject.TokenID)
	return id
}

// change decodes a change of a role; false if it does not say whose, or when.
func (w *wireEvent) change(action string, date time.Time) (event, bool) {
	at, ok := w.happened(date)
	owner, known := integer(w.UserID)
	if !ok || !known || owner <= 0 {
		return event{}, false
	}
	e := event{action: action, at: at, owner: owner}
	if action == eventRemoved {
		return e, true
	}
	roles := w.wireChange
	if w.Data.Kind() == '{' && len(roles.OldPermission) == 0 {
		// What it cannot hold stays empty.
		_ = json.Unmarshal(w.Data, &roles, api.Strict)
	}
	e.before, e.after = roleNamed(roles.OldPermission), roleNamed(roles.Permission)
	return e, true
}

// roleNamed returns the role that the log calls so.
func roleNamed(permission jsontext.Value) audit.Role {
	switch name, _ := text(permission); name {
	case "admin":
		return audit.RoleAdmin
	case "read":
		return audit.RoleMember
	}
	return audit.RoleUnknown
}
