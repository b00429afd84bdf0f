// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"fmt"
	"iter"
	"strconv"
	"strings"
)

// How an [Identity] is written that is not a token's id.
const (
	grantPrefix = "grant:"
	namePrefix  = "name:"
)

// Identity is what people call a token by: its id, which GitHub's settings and audit log show, its
// grant's id, or its name. It is written 98716, grant:25381 or name:ci-publish: owners choose the
// names, and none of them is taken for an id.
type Identity struct {
	token, grant int64
	name         string
	named        bool
}

// ParseIdentity reads an identity. A number is a token's id, as GitHub writes it.
func ParseIdentity(text string) (i Identity, err error) {
	if name, named := strings.CutPrefix(text, namePrefix); named {
		if name == "" {
			return i, fmt.Errorf("%q has no name", text)
		}
		return Identity{name: name, named: true}, nil
	}
	number, isGrant := strings.CutPrefix(text, grantPrefix)
	id, err := strconv.ParseInt(number, 10, 64)
	switch {
	case err == nil && id > 0 && strconv.FormatInt(id, 10) == number && isGrant:
		return Identity{grant: id}, nil
	case err == nil && id > 0 && strconv.FormatInt(id, 10) == number:
		return Identity{token: id}, nil
	case isGrant:
		return i, fmt.Errorf("%q has no grant's id", text)
	}
	return i, fmt.Errorf("%q is not a token's id; by its name a token is %s…, by its grant %sID",
		text, namePrefix, grantPrefix)
}

// IdentityOf returns the identity that is a token's id.
func IdentityOf(tokenID int64) Identity { return Identity{token: tokenID} }

// Identity returns the token's id, or the grant's if that is not known.
func (t *Token) Identity() Identity {
	if t.TokenID > 0 {
		return Identity{token: t.TokenID}
	}
	return Identity{grant: t.ID}
}

// TokenID returns the token's id, if that is what the identity is; else 0.
func (i Identity) TokenID() int64 { return i.token }

// GrantID returns the grant's id, likewise.
func (i Identity) GrantID() int64 { return i.grant }

// String writes the identity as [ParseIdentity] reads it.
func (i Identity) String() string {
	switch {
	case i.named:
		return namePrefix + i.name
	case i.token != 0:
		return strconv.FormatInt(i.token, 10)
	}
	return grantPrefix + strconv.FormatInt(i.grant, 10)
}

// Is reports whether a result is about a token of this identity. A pending request has no grant.
func (i Identity) Is(r *Result) bool {
	switch t := r.Token; {
	case i.named:
		return t.Name == i.name
	case i.token != 0:
		return t.TokenID == i.token
	default:
		return t.ID == i.grant && r.Request == nil
	}
}

// identities returns what identifies each of these tokens: its id, or its grant's if that id
// is not known or is another grant's. Of several grants of one token, its id is that of the only
// one that is active; of none, if several are, or if all are expired.
func identities(tokens iter.Seq[*Token]) func(*Token) Identity {
	type standing struct {
		grant   int64 // that the token's id stands for; 0: none
		expired bool
	}
	first, several := map[int64]standing{}, map[int64]standing{}
	for t := range tokens {
		before, again := first[t.TokenID]
		switch {
		case t.TokenID <= 0:
			continue
		case !again:
			first[t.TokenID] = standing{t.ID, t.Expired}
			continue
		case before.expired && !t.Expired:
			before = standing{t.ID, false}
		case before.expired == t.Expired:
			before.grant = 0
		}
		first[t.TokenID], several[t.TokenID] = before, before
	}
	return func(t *Token) Identity {
		if one, shared := several[t.TokenID]; shared && one.grant != t.ID {
			return Identity{grant: t.ID}
		}
		return t.Identity()
	}
}

// Identities returns what identifies the tokens of a run, where a record is about one of them:
// its id, or its grant's if that id is not known or is another grant's. What renews a token leaves
// an expired grant beside the active one, whose the id is.
func (r *Run) Identities() func(*Token) Identity {
	return identities(func(yield func(*Token) bool) {
		for result := range r.Results() {
			if !yield(result.Token) {
				return
			}
		}
	})
}

// Noun returns what sentences call the token by: "token 98716", or "grant 25381" if the token's id
// is not known.
func (t *Token) Noun() string {
	if t.TokenID > 0 {
		return "token " + strconv.FormatInt(t.TokenID, 10)
	}
	return "grant " + strconv.FormatInt(t.ID, 10)
}
