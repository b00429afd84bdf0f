// SPDX-License-Identifier: Apache-2.0

package githubtest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"strings"
	"time"
)

// Duration is a time.Duration that a file writes as "50ms".
type Duration time.Duration

// UnmarshalText reads it.
func (d *Duration) UnmarshalText(text []byte) error {
	parsed, err := time.ParseDuration(string(text))
	*d = Duration(parsed)
	return err
}

// Permissions are a grant's rights: group, name, level.
type Permissions map[string]map[string]string

// UnmarshalJSON takes GitHub's object, or words as in "contents:write organization/members:read",
// to which it adds metadata:read if one is of a repository, as GitHub does.
func (p *Permissions) UnmarshalJSON(data []byte) error {
	var words string
	*p = Permissions{} // the defaults are not added to
	if err := stringOr(data, &words, (*map[string]map[string]string)(p)); err != nil {
		return err
	}
	for word := range strings.FieldsSeq(words) {
		name, level, ok := strings.Cut(word, ":")
		if !ok {
			return fmt.Errorf("permission %q is not of the form name:level", word)
		}
		group, rest, ok := strings.Cut(name, "/")
		if !ok {
			group, rest = "repository", name
			p.set(group, "metadata", "read")
		}
		p.set(group, rest, level)
	}
	return nil
}

func (p *Permissions) set(group, name, level string) {
	if (*p)[group] == nil {
		(*p)[group] = map[string]string{}
	}
	(*p)[group][name] = level
}

// file is a world as a JSON file writes it.
type file struct {
	World
	Now           *time.Time         `json:"now"` // stands still; absent: the caller's clock
	Organizations []fileOrganization `json:"organizations"`
}

type fileOrganization struct {
	Organization
	Generate  generate          `json:"generate"`
	Grants    []json.RawMessage `json:"grants"`
	RawGrants []json.RawMessage `json:"raw_grants"` // served byte for byte, after the others
	Requests  []json.RawMessage `json:"requests"`

	AuditLog       []json.RawMessage `json:"audit_log"`
	Authorizations []json.RawMessage `json:"credential_authorizations"`
}

// Read reads a world from its JSON form, which the package comment shows. The clock is the file's
// if it has one, else now.
func Read(r io.Reader, now func() time.Time) (*World, error) {
	f := file{World: World{Now: now}}
	if err := strict(r, &f); err != nil {
		return nil, fmt.Errorf("reading an organization file: %w", err)
	}
	world := &f.World
	if f.Now != nil {
		world.Now = func() time.Time { return *f.Now }
	}
	if world.Now == nil {
		return nil, errors.New("reading an organization file: it has no \"now\", nor has the caller")
	}
	for i := range f.Organizations {
		fo := &f.Organizations[i]
		if err := fo.read(world.Now()); err != nil {
			return nil, fmt.Errorf("reading an organization file: %s: %w", fo.Login, err)
		}
		world.Organizations = append(world.Organizations, &fo.Organization)
	}
	if len(world.Organizations) == 0 {
		return nil, errors.New("reading an organization file: it has no organizations")
	}
	return world, world.complete()
}

func (fo *fileOrganization) read(now time.Time) error {
	o := &fo.Organization
	o.generate(fo.Generate, now)
	for i, data := range fo.Grants {
		g := o.NewGrant(now)
		if err := o.overlay(data, g, g, now); err != nil {
			return fmt.Errorf("grants[%d]: %w", i, err)
		}
		o.Grants = append(o.Grants, g)
	}
	for _, raw := range fo.RawGrants {
		o.Grants = append(o.Grants, o.rawGrant(raw))
	}
	for i, data := range fo.Requests {
		r := o.NewRequest(now)
		if err := o.overlay(data, r, &r.Grant, now); err != nil {
			return fmt.Errorf("requests[%d]: %w", i, err)
		}
		o.Requests = append(o.Requests, r)
	}
	return fo.readEnterprise(now)
}

// NewRequest makes a clean token that waits for approval since two days.
func (o *Organization) NewRequest(now time.Time) *PendingRequest {
	r := &PendingRequest{
		Grant: *o.NewGrant(now), Reason: "keeps the docs in step", CreatedAt: now.Add(-2 * day),
	}
	r.LastUsedAt = nil
	return r
}

// rawGrant takes a record as it is. If it has an id, that id's repositories are the first one.
func (o *Organization) rawGrant(raw json.RawMessage) *Grant {
	g := &Grant{Raw: raw}
	var lenient map[string]json.RawMessage
	if json.Unmarshal(raw, &lenient) == nil {
		_ = json.Unmarshal(lenient["id"], &g.ID) // any other form stays 0: it cannot be asked for
	}
	if len(o.Repositories) > 0 {
		g.Repositories = []string{o.Repositories[0].Name}
	}
	return g
}

// overlay decodes a record of a file over its clean default. Where the file says null, or leaves
// out what follows from what it says, GitHub's own habits hold.
func (o *Organization) overlay(data []byte, record any, g *Grant, now time.Time) error {
	var keys map[string]json.RawMessage
	if err := json.Unmarshal(data, &keys); err != nil {
		return err
	}
	nulls := map[string]json.RawMessage{}
	for key, value := range keys {
		switch {
		case string(value) == "null":
			nulls[key] = value
		case strings.HasSuffix(key, "_at"):
			at, err := absolute(value, now)
			if err != nil {
				return fmt.Errorf("%s: %w", key, err)
			}
			keys[key] = at
		}
	}
	if err := o.firstRepositories(keys); err != nil {
		return err
	}
	whole, err := json.Marshal(keys)
	if err != nil {
		return err
	}
	if err := strict(bytes.NewReader(whole), record); err != nil {
		return err
	}
	if g.Expired && keys["token_expires_at"] == nil {
		g.ExpiresAt = nil // GitHub forgets it
	}
	if g.Selection != "subset" && keys["repositories"] == nil {
		g.Repositories = nil
	}
	maps.Copy(nulls, g.Set)
	g.Set = nulls
	return nil
}

// firstRepositories turns a number of repositories into that many names.
func (o *Organization) firstRepositories(keys map[string]json.RawMessage) error {
	var n int
	if keys["repositories"] == nil || json.Unmarshal(keys["repositories"], &n) != nil {
		return nil
	}
	if n < 0 || n > len(o.Repositories) {
		return fmt.Errorf("repositories: there are %d, not %d", len(o.Repositories), n)
	}
	names := make([]string, 0, n)
	for _, r := range o.Repositories[:n] {
		names = append(names, r.Name)
	}
	var err error
	keys["repositories"], err = json.Marshal(names)
	return err
}

// absolute turns "-20d" and "+36h" into a time, and leaves anything else.
func absolute(value json.RawMessage, now time.Time) (json.RawMessage, error) {
	var text string
	if json.Unmarshal(value, &text) != nil || text == "" || !strings.ContainsAny(text[:1], "+-") {
		return value, nil
	}
	var days int
	var offset time.Duration
	var err error
	if number, ok := strings.CutSuffix(text, "d"); ok {
		_, err = fmt.Sscanf(number, "%d", &days)
	} else {
		offset, err = time.ParseDuration(text)
	}
	if err != nil {
		return nil, fmt.Errorf("%q is neither a time nor an offset such as -20d or +36h", text)
	}
	return json.Marshal(now.Add(time.Duration(days)*day + offset).UTC().Truncate(time.Second))
}

// stringOr decodes a JSON string into text, or anything else into whole.
func stringOr(data []byte, text *string, whole any) error {
	if len(data) > 0 && data[0] == '"' {
		return json.Unmarshal(data, text)
	}
	return strict(bytes.NewReader(data), whole)
}

// strict decodes one JSON value; unknown keys and anything after it are errors.
func strict(r io.Reader, v any) error {
	decoder := json.NewDecoder(r)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(v); err != nil {
		return err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return errors.New("there is something after the end")
	}
	return nil
}

// generate says in a few words what would be long to write down.
type generate struct {
	Grants        int  `json:"grants"`         // clean ones, of the members in turn
	SubsetPercent *int `json:"subset_percent"` // of them; the others reach none. absent: all
	PerSubset     int  `json:"per_subset"`     // repositories of each; 0: two
	Members       int  `json:"members"`        // beside those named
	Repositories  int  `json:"repositories"`   // likewise
}

func (o *Organization) generate(g generate, now time.Time) {
	o.addMembers(g.Members)
	o.addRepositories(g.Repositories)
	o.fill()
	percent := 100
	if g.SubsetPercent != nil {
		percent = *g.SubsetPercent
	}
	per := cmp.Or(g.PerSubset, 2)
	for i := range g.Grants {
		grant := o.NewGrant(now)
		if len(o.Members) > 0 {
			grant.Owner = o.Members[i%len(o.Members)].Login
		}
		grant.Repositories = nil
		if (i+1)*percent/100 > i*percent/100 {
			for j := range min(per, len(o.Repositories)) {
				name := o.Repositories[(i+j)%len(o.Repositories)].Name
				grant.Repositories = append(grant.Repositories, name)
			}
		} else {
			grant.Selection = "none"
			grant.Permissions = Permissions{}
		}
		o.Grants = append(o.Grants, grant)
	}
}
