// SPDX-License-Identifier: Apache-2.0

package github

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/api"
)

type wireOwner struct {
	ID    jsontext.Value `json:"id"`
	Login jsontext.Value `json:"login"`
}

// decoder decodes grants, and shares between them what they have in common. It is safe for
// concurrent use.
type decoder struct {
	mu          sync.Mutex
	owners      map[int64]*audit.Member
	records     map[string]ownerRecord        // by an owner's JSON, which repeats
	permissions map[string][]audit.Permission // by their JSON, which repeats
}

func newDecoder() *decoder {
	return &decoder{
		owners:      map[int64]*audit.Member{},
		records:     map[string]ownerRecord{},
		permissions: map[string][]audit.Permission{},
	}
}

// dateSlack is how far GitHub's dates may disagree with its clock.
const dateSlack = 5 * time.Minute

// grant is a decoded record, and what in it contradicts itself.
type grant struct {
	token   *audit.Token
	login   string         // of its owner, as this record has it
	request *audit.Request // of a record from the list of requests
	doubt   string         // "" if nothing
}

// grants decodes one page. date is the server's clock; zero skips what is judged against it.
func (d *decoder) grants(body []byte, date time.Time) ([]grant, error) {
	records, err := recordsOf[*wireGrant](body, "grants")
	if err != nil {
		return nil, err
	}
	decoded := make([]grant, len(records))
	for i, record := range records {
		if decoded[i], err = d.grant(record, date); err != nil {
			return nil, fmt.Errorf("record %d: %w", i+1, err)
		}
	}
	return decoded, nil
}

// grant decodes one record.
func (d *decoder) grant(record *wireGrant, date time.Time) (grant, error) {
	if record == nil {
		return grant{}, fmt.Errorf("null is no grant")
	}
	id, ok := integer(record.ID)
	if !ok || id <= 0 {
		return grant{}, fmt.Errorf("id %s is not a positive integer", orAbsent(record.ID))
	}
	t := &audit.Token{ID: id}
	if token, _ := integer(record.TokenID); token > 0 {
		t.TokenID = token
	}
	t.Name, _ = text(record.Name)
	login := ""
	if t.Owner, login = d.owner(record.Owner); t.Owner != nil {
		t.Known |= audit.FactOwner
	}
	if selection, ok := text(record.Selection); ok {
		t.Selection = audit.Selection(selection)
		switch t.Selection {
		case audit.SelectNone, audit.SelectAll:
			t.Known |= audit.FactSelection | audit.FactRepositories
		case audit.SelectSubset:
			t.Known |= audit.FactSelection
		}
	}
	if t.Permissions, ok = d.permissionsOf(record.Permissions); ok {
		t.Known |= audit.FactPermissions
	}
	g := grant{token: t, login: login}
	g.doubt = cmp.Or(approval(t, record, date), expiry(t, record, date), lastUse(t, record, date))
	if len(record.CreatedAt) > 0 || len(record.Reason) > 0 {
		g.request = &audit.Request{Token: t}
		if g.request.Reason, ok = text(record.Reason); ok || isNull(record.Reason) {
			t.Known |= audit.FactReason
		}
		g.request.CreatedAt, _ = moment(record.CreatedAt)
	}
	return g, nil
}

func approval(t *audit.Token, record *wireGrant, date time.Time) (doubt string) {
	at, ok := moment(record.GrantedAt)
	switch {
	case ok && !date.IsZero() && at.After(date.Add(dateSlack)):
		return t.Noun() + " was approved in the future"
	case ok:
		t.GrantedAt = at
		t.Known |= audit.FactGranted
	}
	return ""
}

// expiry reads whether and when the token expires. A null date of an expired grant is not "never":
// GitHub drops the date once it has passed.
func expiry(t *audit.Token, record *wireGrant, date time.Time) (doubt string) {
	var expired, known bool
	switch string(record.Expired) {
	case "true":
		expired, known = true, true
	case "false":
		known = true
	}
	var at time.Time
	null := isNull(record.ExpiresAt)
	if !null {
		var ok bool
		if at, ok = moment(record.ExpiresAt); !ok {
			known = false
		}
	}
	if !known {
		return ""
	}
	if !null && !date.IsZero() {
		switch left := at.Unix() - date.Unix(); {
		case expired && left > int64(dateSlack/time.Second):
			return t.Noun() + " is expired, yet expires in the future"
		case !expired && left < -int64(dateSlack/time.Second):
			return t.Noun() + " is not expired, yet its expiry is past"
		}
	}
	t.Expired, t.ExpiresAt = expired, at
	t.Known |= audit.FactExpiry
	return ""
}

func lastUse(t *audit.Token, record *wireGrant, date time.Time) (doubt string) {
	at, ok := moment(record.LastUsedAt)
	switch {
	case isNull(record.LastUsedAt):
		t.Known |= audit.FactLastUsed
	case ok && !date.IsZero() && at.After(date.Add(dateSlack)):
		return t.Noun() + " was last used in the future"
	case ok:
		t.LastUsedAt = at
		t.Known |= audit.FactLastUsed
	}
	return ""
}

// ownerRecord is an owner, and the login by which one record calls it.
type ownerRecord struct {
	member *audit.Member
	login  string
}

// owner returns the one Member with the record's id, and the record's login; nil for a deleted
// account and the like.
func (d *decoder) owner(value jsontext.Value) (*audit.Member, string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if known, ok := d.records[string(value)]; ok {
		return known.member, known.login
	}
	var wire wireOwner
	if value.Kind() != '{' || json.Unmarshal(value, &wire, api.Strict) != nil {
		return nil, ""
	}
	id, okID := integer(wire.ID)
	login, okLogin := text(wire.Login)
	if !okID || !okLogin || id <= 0 || login == "" {
		return nil, ""
	}
	member := d.owners[id]
	if member == nil {
		member = &audit.Member{ID: id, Login: login}
		d.owners[id] = member
	}
	d.records[string(value)] = ownerRecord{member, login}
	return member, login
}

// permissionsOf decodes {"repository": {"contents": "write"}, …}. A level that is no text is kept
// as its JSON, an unknown level, which counts as the strongest.
func (d *decoder) permissionsOf(value jsontext.Value) ([]audit.Permission, bool) {
	if value.Kind() != '{' {
		return nil, false
	}
	d.mu.Lock()
	shared, ok := d.permissions[string(value)]
	d.mu.Unlock()
	if ok {
		return shared, true
	}
	var groups map[string]map[string]jsontext.Value
	if json.Unmarshal(value, &groups, api.Strict) != nil {
		return nil, false
	}
	permissions := []audit.Permission{}
	for group, levels := range groups {
		if levels == nil {
			return nil, false // null is no set of permissions
		}
		for name, level := range levels {
			text, ok := text(level)
			if !ok {
				text = string(level)
			}
			permissions = append(permissions,
				audit.Permission{Group: group, Name: name, Level: text})
		}
	}
	slices.SortFunc(permissions, audit.ComparePermissions)
	d.mu.Lock()
	d.permissions[string(value)] = permissions
	d.mu.Unlock()
	return permissions, true
}
