// SPDX-License-Identifier: Apache-2.0

package privacy

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"strconv"
	"strings"
)

// pseudonyms makes stand-ins: the same for the same value, in every run and format that has the
// key, and nothing that leads back to the value without it.
type pseudonyms struct{ key []byte }

// The kinds of what has a stand-in. Equal values of two kinds have nothing in common.
const (
	kindPerson     = "person"
	kindName       = "token" // what its owner calls a token
	kindRepository = "repository"
	kindOverride   = "override"
	kindBasis      = "withheld"
	kindTeam       = "team"
	kindService    = "service"

	grantIDs         = "grant id"
	requestIDs       = "request id"
	tokenIDs         = "token id"
	ownerIDs         = "owner id"
	repositoryIDs    = "repository id"
	authorizationIDs = "authorization id"
)

func (p *pseudonyms) sum(kind, value string) []byte {
	mac := hmac.New(sha256.New, p.key)
	mac.Write([]byte(kind + "\x00" + value)) // never fails
	return mac.Sum(nil)
}

// text stands in for a text, in any case of its letters; "" for none.
func (p *pseudonyms) text(kind, value string) string {
	if value == "" {
		return ""
	}
	const letters = 12
	b := p.sum(kind, strings.ToLower(value))[:letters]
	for i := range b {
		b[i] = 'a' + b[i]%16 // no digit: it is no id, and no commit
	}
	return kind + "-" + string(b)
}

// idBits is what every reader of JSON keeps of a number.
const idBits = 53

// id stands in for an id: a number above zero; 0 for an unknown one.
func (p *pseudonyms) id(kind string, id int64) int64 {
	if id == 0 {
		return 0
	}
	n := binary.BigEndian.Uint64(p.sum(kind, strconv.FormatInt(id, 10)))
	return max(1, int64(n>>(64-idBits)))
}

// repository stands in for "owner/name". The organization that is under audit keeps its own name.
func (p *pseudonyms) repository(fullName, organization string) string {
	owner, name, found := strings.Cut(fullName, "/")
	switch {
	case !found:
		return p.text(kindRepository, fullName)
	case !strings.EqualFold(owner, organization):
		owner = p.text(kindPerson, owner)
	}
	return owner + "/" + p.text(kindRepository, name)
}
