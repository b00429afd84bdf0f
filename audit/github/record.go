// SPDX-License-Identifier: Apache-2.0

package github

import (
	"bytes"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"
)

// wireGrant holds the fields that we read of a grant, or of a request for one, undecoded.
type wireGrant struct {
	ID, TokenID, Name, Owner, Selection, Permissions jsontext.Value
	GrantedAt, Expired, ExpiresAt, LastUsedAt        jsontext.Value

	Reason, CreatedAt jsontext.Value // of a request

	// What only records of other lists have: a person or an organization, a repository, an
	// installation.
	Login, FullName, AppID jsontext.Value

	text []byte // of the values above
}

// field returns where the value of a key goes; nil for one that is not read.
func (g *wireGrant) field(key []byte) *jsontext.Value {
	switch string(key) {
	case "id":
		return &g.ID
	case "token_id":
		return &g.TokenID
	case "token_name":
		return &g.Name
	case "owner":
		return &g.Owner
	case "repository_selection":
		return &g.Selection
	case "permissions":
		return &g.Permissions
	case "access_granted_at":
		return &g.GrantedAt
	case "token_expired":
		return &g.Expired
	case "token_expires_at":
		return &g.ExpiresAt
	case "token_last_used_at":
		return &g.LastUsedAt
	case "reason":
		return &g.Reason
	case "created_at":
		return &g.CreatedAt
	case "login":
		return &g.Login
	case "full_name":
		return &g.FullName
	case "app_id":
		return &g.AppID
	}
	return nil
}

// UnmarshalJSONFrom reads a record into memory that the next one read into it overwrites: a list
// of 100,000 grants takes 68 MB in all; 250 MB by reflection, each value in memory of its own.
func (g *wireGrant) UnmarshalJSONFrom(decoder *jsontext.Decoder) error {
	*g = wireGrant{text: g.text[:0]}
	if kind := decoder.PeekKind(); kind != '{' && kind != 0 {
		return fmt.Errorf("%s is no grant", kindName(kind))
	}
	if _, err := decoder.ReadToken(); err != nil {
		return err
	}
	for decoder.PeekKind() != '}' {
		key, err := decoder.ReadValue()
		if err != nil {
			return err
		}
		name := key[1 : len(key)-1]
		if bytes.IndexByte(name, '\\') >= 0 {
			name, _ = jsontext.AppendUnquote(nil, key) // what is broken in it becomes U+FFFD
		}
		field := g.field(name)
		if field == nil {
			if err := decoder.SkipValue(); err != nil {
				return err
			}
			continue
		}
		value, err := decoder.ReadValue()
		if err != nil {
			return err
		}
		start := len(g.text)
		g.text = append(g.text, value...)
		*field = g.text[start:]
	}
	_, err := decoder.ReadToken()
	return err
}

// isGrant refuses a record of another list by its name. No grant lacks what each has that GitHub
// lists: a list of other things would be read as tokens of which nothing is known.
func (g *wireGrant) isGrant() error {
	const instead = "; the tokens are in `gh api --paginate orgs/ORG/personal-access-tokens`"
	what := ""
	switch {
	case len(g.FullName) > 0:
		what = "repositories"
	case len(g.Login) > 0:
		what = "people or organizations"
	case len(g.AppID) > 0:
		what = "installations of Apps"
	case len(g.CreatedAt)+len(g.Reason) > 0 && len(g.GrantedAt) == 0:
		what = "pending requests for tokens"
	case len(g.GrantedAt)+len(g.TokenID)+len(g.Name)+len(g.Expired)+len(g.ExpiresAt)+
		len(g.LastUsedAt)+len(g.Selection) == 0:
		what = "something else than tokens"
	}
	if what == "" {
		return nil
	}
	return fmt.Errorf("this is a list of %s, and not of grants%s", what, instead)
}
