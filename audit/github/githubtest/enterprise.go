// SPDX-License-Identifier: Apache-2.0

package githubtest

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Event is one entry of an organization's audit log. Who and what it is about follows from the
// token's grant or request, if there is one.
type Event struct {
	Action    string    `json:"action"` // "personal_access_token.access_granted"
	CreatedAt time.Time `json:"created_at"`
	Actor     string    `json:"actor"`    // a login
	TokenID   int64     `json:"token_id"` // 0: it names no token
	User      string    `json:"user"`     // a login: whom it affects; "": the token's owner

	// Of org.update_member: "admin" or "read".
	Permission    string `json:"permission"`
	OldPermission string `json:"old_permission"`

	// Omit names keys to leave out of the record; Set gives others, or these, any JSON value.
	Omit []string                   `json:"omit"`
	Set  map[string]json.RawMessage `json:"set"`
}

// Authorization is a credential that its owner authorized for single sign-on.
type Authorization struct {
	Login        string     `json:"login"`
	ID           int64      `json:"credential_id"`
	Type         string     `json:"credential_type"` // "": personal access token
	LastEight    string     `json:"token_last_eight"`
	AuthorizedAt time.Time  `json:"credential_authorized_at"`
	AccessedAt   *time.Time `json:"credential_accessed_at"` // nil: never used
	TokenID      int64      `json:"authorized_credential_id"`
	Note         string     `json:"authorized_credential_note"`
	ExpiresAt    *time.Time `json:"authorized_credential_expires_at"` // nil: no expiry
	Scopes       []string   `json:"scopes"`

	// Omit and Set are as in an [Event].
	Omit []string                   `json:"omit"`
	Set  map[string]json.RawMessage `json:"set"`
}

// readEnterprise reads what only Enterprise Cloud has.
func (fo *fileOrganization) readEnterprise(now time.Time) error {
	for i, data := range fo.AuditLog {
		e := new(Event)
		if err := dated(data, e, now); err != nil {
			return fmt.Errorf("audit_log[%d]: %w", i, err)
		}
		fo.Organization.AuditLog = append(fo.Organization.AuditLog, e)
	}
	for i, data := range fo.Authorizations {
		a := new(Authorization)
		if err := dated(data, a, now); err != nil {
			return fmt.Errorf("credential_authorizations[%d]: %w", i, err)
		}
		fo.Organization.Authorizations = append(fo.Organization.Authorizations, a)
	}
	return nil
}

// dated decodes a record whose times may be relative.
func dated(data []byte, record any, now time.Time) error {
	var keys map[string]json.RawMessage
	if err := json.Unmarshal(data, &keys); err != nil {
		return err
	}
	for key, value := range keys {
		if !strings.HasSuffix(key, "_at") {
			continue
		}
		var err error
		if keys[key], err = absolute(value, now); err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
	}
	whole, err := json.Marshal(keys)
	if err != nil {
		return err
	}
	return strict(bytes.NewReader(whole), record)
}

// authorizations answers GET /orgs/{org}/credential-authorizations.
func (c *call) authorizations(o *Organization) answer {
	switch {
	case !o.EnterpriseCloud:
		return c.notFound()
	case c.request.URL.Query().Has("login"):
		return c.failure(http.StatusNotImplemented, "githubtest does not filter by login")
	}
	path, all := c.under(o, "/credential-authorizations"), o.Authorizations
	return c.list(path, len(all), func(i int) []byte { return encode(all[i].record(int64(i + 1))) })
}

// record is an authorization as the list has it. An SSH key has a fingerprint and a title in place
// of what tokens have.
func (a *Authorization) record(id int64) object {
	if a.ID != 0 {
		id = a.ID
	}
	kind := a.Type
	if kind == "" {
		kind = "personal access token"
	}
	record := object{
		{"login", a.Login},
		{"credential_id", id},
		{"credential_type", kind},
		{"credential_authorized_at", wireTime(a.AuthorizedAt)},
		{"credential_accessed_at", orNull(a.AccessedAt)},
		{"authorized_credential_id", a.TokenID},
	}
	if kind == "SSH key" {
		record = append(record, pair{"fingerprint", "jklmnop12345678"},
			pair{"authorized_credential_title", a.Note})
		return record.edited(a.Omit, a.Set)
	}
	scopes := a.Scopes
	if scopes == nil {
		scopes = []string{}
	}
	record = append(record, pair{"token_last_eight", a.LastEight}, pair{"scopes", scopes},
		pair{"authorized_credential_note", a.Note},
		pair{"authorized_credential_expires_at", orNull(a.ExpiresAt)})
	return record.edited(a.Omit, a.Set)
}

// auditLog answers GET /orgs/{org}/audit-log, which has cursors in place of page numbers.
func (c *call) auditLog(o *Organization) answer {
	query := c.request.URL.Query()
	if !o.EnterpriseCloud && !c.world.Enterprise {
		return c.notFound()
	}
	found, ok := o.search(query.Get("phrase"))
	if !ok || query.Get("include") == "git" || query.Get("before") != "" {
		return c.failure(http.StatusNotImplemented, "githubtest does not search like that")
	}
	if query.Get("order") != "asc" {
		slices.Reverse(found)
	}
	from, ok := after(found, query.Get("after"))
	if !ok {
		return c.failure(http.StatusUnprocessableEntity, "Validation Failed")
	}
	size := cmp.Or(c.world.PerPage,
		min(positive(query.Get("per_page"), defaultPerPage), maxPerPage))
	to := min(len(found), from+size)
	c.cursors(o, query, found, from, to)
	items := make([][]byte, 0, to-from)
	for _, e := range found[from:to] {
		items = append(items, encode(c.eventRecord(o, e)))
	}
	list := slices.Concat([]byte{'['}, bytes.Join(items, []byte{','}), []byte{']'})
	return answer{http.StatusOK, c.header, list}
}

// search finds the events of a phrase: "action:personal_access_token created:>=2026-01-01".
func (o *Organization) search(phrase string) (found []*Event, ok bool) {
	found = slices.Clone(o.AuditLog)
	for word := range strings.FieldsSeq(phrase) {
		key, value, _ := strings.Cut(word, ":")
		since, err := time.Parse(time.DateOnly, strings.TrimPrefix(value, ">="))
		switch {
		case key == "action":
			found = slices.DeleteFunc(found, func(e *Event) bool {
				return e.Action != value && !strings.HasPrefix(e.Action, value+".")
			})
		case key == "created" && strings.HasPrefix(value, ">=") && err == nil:
			found = slices.DeleteFunc(found, func(e *Event) bool { return e.CreatedAt.Before(since) })
		default:
			return nil, false
		}
	}
	return found, true
}

// after finds where a cursor points into a list. It names the last event before that.
func after(list []*Event, cursor string) (from int, ok bool) {
	if cursor == "" {
		return 0, true
	}
	i := slices.IndexFunc(list, func(e *Event) bool { return e.cursor() == cursor })
	return i + 1, i >= 0
}

func (e *Event) cursor() string {
	return base64.StdEncoding.EncodeToString([]byte(e.documentID() + "|"))
}

func (e *Event) documentID() string {
	words := fmt.Sprint(e.Action, e.TokenID, e.User, e.CreatedAt.UnixNano())
	return strconv.FormatInt(hashID(words), 36)
}

// cursors sets the Link header as GitHub does: the other direction's cursor is there, and empty.
func (c *call) cursors(o *Organization, query url.Values, found []*Event, from, to int) {
	var links []string
	add := func(rel, after, before string) {
		query.Set("after", after)
		query.Set("before", before)
		links = append(links, fmt.Sprintf(`<%s%s?%s>; rel="%s"`, c.base,
			c.under(o, "/audit-log"), query.Encode(), rel))
	}
	if to < len(found) {
		add("next", found[to-1].cursor(), "")
	}
	if from > 0 {
		add("first", "", "")
		add("prev", "", found[from-1].cursor())
	}
	if len(links) > 0 {
		c.header.Set("Link", strings.Join(links, ", "))
	}
}

// eventRecord is an event as the log has it. An Enterprise Server keeps the details in "data".
func (c *call) eventRecord(o *Organization, e *Event) object {
	actor := o.person(e.Actor)
	record := object{
		{"@timestamp", e.CreatedAt.UnixMilli()},
		{"_document_id", e.documentID()},
		{"action", e.Action},
		{"actor", actor.Login},
		{"actor_id", actor.ID},
		{"created_at", e.CreatedAt.UnixMilli()},
		{"operation_type", "create"},
		{"org", o.Login},
		{"org_id", o.ID},
	}
	if e.User != "" {
		user := o.person(e.User)
		record = append(record, pair{"user", user.Login}, pair{"user_id", user.ID})
	}
	if e.Permission != "" {
		details := object{{"old_permission", e.OldPermission}, {"permission", e.Permission}}
		if c.world.Enterprise {
			details = object{{"data", details}}
		}
		record = append(record, details...)
	}
	if g := o.ofToken(e.TokenID); g != nil {
		owner := o.person(g.Owner)
		record = append(record, pair{"user", owner.Login}, pair{"user_id", owner.ID})
		details := object{
			{"repository_selection", g.Selection},
			{"user_programmatic_access_id", e.TokenID},
			{"user_programmatic_access_name", g.TokenName},
		}
		if c.world.Enterprise {
			details = object{{"data", details}}
		}
		record = append(record, details...)
	}
	return record.edited(e.Omit, e.Set)
}

// ofToken finds the grant, or the request, of a token.
func (o *Organization) ofToken(id int64) *Grant {
	for _, g := range o.Grants {
		if id != 0 && g.TokenID == id {
			return g
		}
	}
	for _, r := range o.Requests {
		if id != 0 && r.TokenID == id {
			return &r.Grant
		}
	}
	return nil
}
