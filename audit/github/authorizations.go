// SPDX-License-Identifier: Apache-2.0

package github

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/api"
)

// This file reads the credentials that members authorized for SAML single sign-on. GitHub lists
// classic tokens nowhere else.

// classicType is what the list calls a classic token. Fine-grained ones need no authorization.
const classicType = "personal access token"

// authorization is one record of the list.
type authorization struct {
	id      int64
	kind    string            // hostile text
	classic *audit.Credential // nil if it is another kind, or not active
}

// readAuthorizations reads the classic tokens, and counts the other credentials.
func (c *collection) readAuthorizations(ctx context.Context) audit.Coverage {
	if !c.installed.may(api.PermAdministration) {
		return lacking(audit.SourceAuthorizations, api.PermAdministration)
	}
	r := &reader[authorization]{
		list: &list{
			session: c.session, login: c.organization.Login, id: c.organization.ID,
			tail: "credential-authorizations",
		},
		decode: decodeAuthorizations,
		key:    func(a authorization) int64 { return a.id },
		same:   sameAuthorization,
	}
	note := ""
	coverage := c.ask(ctx, audit.SourceAuthorizations, func(ctx context.Context) (int, error) {
		accepted, _, err := r.verified(ctx)
		c.evidence.Classic, note = sortOut(accepted.items())
		if err != nil && len(accepted.pages) == 0 {
			c.evidence.Classic = nil
		}
		return len(c.evidence.Classic), enterpriseRemedy(err,
			"SAML authorizations are on GitHub Enterprise Cloud only")
	})
	if coverage.Status == audit.Complete && note != "" {
		coverage.Reason = slices.Insert(coverage.Reason, 0,
			audit.Remark{Code: audit.ReasonNotListed, Words: note})
	}
	return coverage
}

// sameAuthorization reports whether two records say the same of one authorization, but for its
// last use, which moves.
func sameAuthorization(a, b authorization) bool {
	if a.id != b.id || a.kind != b.kind || a.classic == nil || b.classic == nil {
		return a == b
	}
	one, other := *a.classic, *b.classic
	return one.Login == other.Login && one.LastEight == other.LastEight && one.Note == other.Note &&
		one.TokenID == other.TokenID && slices.Equal(one.Scopes, other.Scopes) &&
		one.AuthorizedAt.Equal(other.AuthorizedAt) && one.ExpiresAt.Equal(other.ExpiresAt) &&
		(one.Known^other.Known)&^audit.FactLastUsed == 0
}

// sortOut returns the active classic tokens, and a note about the rest. Where a list was not
// accepted, an id may come twice: it counts once.
func sortOut(records []authorization) (classic []*audit.Credential, note string) {
	classic = []*audit.Credential{}
	inactive, seen, others := 0, map[int64]bool{}, map[string]int{}
	for _, record := range records {
		switch {
		case seen[record.id]:
		case record.classic != nil:
			classic = append(classic, record.classic)
		case record.kind == classicType:
			inactive++
		default:
			others[record.kind]++
		}
		seen[record.id] = true
	}
	slices.SortFunc(classic, audit.CompareCredentials)
	return classic, notListed(inactive, others)
}

// notListed counts the classic tokens that are not active, and the credentials of other kinds:
// "3 classic tokens that are not active, 12 of the kind SSH key"; "" if there are none.
func notListed(inactive int, others map[string]int) string {
	var parts []string
	for kind, n := range others {
		parts = append(parts, fmt.Sprintf("%d of the kind %s", n, kind))
	}
	slices.Sort(parts)
	const enough = 5
	if more := len(parts) - enough; more > 0 {
		parts = append(parts[:enough], fmt.Sprintf("%d more kinds", more))
	}
	switch {
	case inactive == 1:
		parts = slices.Insert(parts, 0, "1 classic token that is not active")
	case inactive > 1:
		parts = slices.Insert(parts, 0, fmt.Sprintf("%d classic tokens that are not active", inactive))
	}
	return strings.Join(parts, ", ")
}

// wireAuthorization holds the fields that we read of an authorization, undecoded.
type wireAuthorization struct {
	ID           jsontext.Value `json:"credential_id"`
	Login        jsontext.Value `json:"login"`
	Type         jsontext.Value `json:"credential_type"`
	LastEight    jsontext.Value `json:"token_last_eight"` // null: the token is not active
	AuthorizedAt jsontext.Value `json:"credential_authorized_at"`
	AccessedAt   jsontext.Value `json:"credential_accessed_at"` // null: never
	TokenID      jsontext.Value `json:"authorized_credential_id"`
	Note         jsontext.Value `json:"authorized_credential_note"`
	ExpiresAt    jsontext.Value `json:"authorized_credential_expires_at"` // null: no expiry
	Scopes       jsontext.Value `json:"scopes"`
}

// decodeAuthorizations decodes one page. A record without a usable id or type breaks it.
func decodeAuthorizations(body []byte, date time.Time) ([]authorization, error) {
	records, err := recordsOf[*wireAuthorization](body, "authorizations")
	if err != nil {
		return nil, err
	}
	decoded := make([]authorization, len(records))
	for i, record := range records {
		if record == nil {
			return nil, fmt.Errorf("record %d is no authorization", i+1)
		}
		id, _ := integer(record.ID)
		kind, _ := text(record.Type)
		if id <= 0 || kind == "" {
			return nil, fmt.Errorf("record %d is no authorization", i+1)
		}
		decoded[i] = authorization{id: id, kind: api.Clip(kind)}
		if kind == classicType && !isNull(record.LastEight) {
			decoded[i].classic = record.classic(id, date)
		}
	}
	return decoded, nil
}

// classic decodes a classic token.
func (w *wireAuthorization) classic(id int64, date time.Time) *audit.Credential {
	t := &audit.Credential{ID: id, Scopes: scopes(w.Scopes)}
	t.Login, _ = text(w.Login)
	t.Note, _ = text(w.Note)
	t.LastEight, _ = text(w.LastEight)
	if token, _ := integer(w.TokenID); token > 0 {
		t.TokenID = token
	}
	t.AuthorizedAt, _ = moment(w.AuthorizedAt)
	used, ok := moment(w.AccessedAt)
	if isNull(w.AccessedAt) || ok && (date.IsZero() || !used.After(date.Add(dateSlack))) {
		t.LastUsedAt = used
		t.Known |= audit.FactLastUsed
	}
	// Where the token itself is not shown, nothing says that it has no expiry.
	if t.ExpiresAt, ok = moment(w.ExpiresAt); ok || isNull(w.ExpiresAt) && !isNull(w.TokenID) {
		t.Known |= audit.FactExpiry
	}
	return t
}

// scopes decodes a list of texts, and sorts it; nil if it is anything else.
func scopes(value jsontext.Value) []string {
	var list []jsontext.Value
	if value.Kind() != '[' || json.Unmarshal(value, &list, api.Strict) != nil {
		return nil
	}
	decoded := make([]string, len(list))
	for i, item := range list {
		var ok bool
		if decoded[i], ok = text(item); !ok {
			return nil
		}
	}
	slices.Sort(decoded)
	return slices.Compact(decoded)
}
