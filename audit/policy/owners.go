// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/complytime/pataudit/audit"
)

// The keys of an owner that is written with a login.
const (
	keyID    = "id"
	keyLogin = "login"
)

// owners reads a list of owners, or one alone: ids, or {id: 9001, login: ci-bot}.
func (p *parser) owners(n *yaml.Node, to *[]audit.Account) {
	if n.Kind == yaml.MappingNode {
		p.owner(n, to)
		return
	}
	p.oneOrMore(keyOwner, n, func(item *yaml.Node) { p.owner(item, to) })
}

func (p *parser) owner(n *yaml.Node, to *[]audit.Account) {
	var account audit.Account
	switch {
	case n.Kind == yaml.MappingNode:
		p.entries(n, keyOwner, func(key, value *yaml.Node) {
			switch key.Value {
			case keyID:
				p.ownerID(value, &account.ID)
			case keyLogin:
				p.text(keyLogin, value, &account.Login)
				if err := checkLogin(account.Login); err != nil {
					p.fail(value, "%s: %w", keyLogin, err)
				}
			default:
				p.unknown(key, "key", []string{keyID, keyLogin})
			}
		})
		p.needs(n, keyOwner, keyID, keyLogin)
	case n.Kind == yaml.ScalarNode && n.Tag == "!!str" && checkLogin(n.Value) == nil:
		p.fail(n, "%s: %w; pataudit policy check %s --from EVIDENCE tells the id", keyOwner,
			&loginError{n.Value}, cmp.Or(p.file, "FILE"))
		return
	default:
		p.ownerID(n, &account.ID)
	}
	*to = append(*to, account)
}

func (p *parser) ownerID(n *yaml.Node, to *int64) {
	if n.Kind != yaml.ScalarNode || n.Tag != "!!int" {
		p.fail(n, "%s: wants the id of an account, as in 9001 or {id: 9001, login: ci-bot}", keyOwner)
		return
	}
	if p.decode(keyOwner, n, to); *to <= 0 {
		p.fail(n, "%s: wants the id of an account, a whole number above zero", keyOwner)
	}
}

// loginError refuses an owner who is named by a login alone.
type loginError struct{ Login string }

// Error returns what to write instead.
func (e *loginError) Error() string {
	return fmt.Sprintf("a login can be freed and taken by somebody else, so write its id beside it: "+
		"{id: ID, login: %s}", e.Login)
}

// LoginsAlone lists the logins that an error of [Parse] wants ids of.
func LoginsAlone(err error) (logins []string) {
	var alone *loginError
	switch err := err.(type) { //nolint:errorlint // it goes through all that are joined
	case interface{ Unwrap() []error }:
		for _, one := range err.Unwrap() {
			logins = append(logins, LoginsAlone(one)...)
		}
		return logins
	default:
		if errors.As(err, &alone) {
			logins = append(logins, alone.Login)
		}
	}
	return logins
}

// OwnersCalled lists the accounts that have a login, in any case, by id; logins are those that
// [LoginsIn] gives.
func OwnersCalled(login string, logins map[int64]string) (accounts []audit.Account) {
	for id, now := range logins {
		if strings.EqualFold(now, login) {
			accounts = append(accounts, audit.Account{ID: id, Login: now})
		}
	}
	slices.SortFunc(accounts, func(a, b audit.Account) int { return cmp.Compare(a.ID, b.ID) })
	return accounts
}

// LoginsIn returns the login of each owner of a token or a request, by id.
func LoginsIn(e *audit.Evidence) map[int64]string {
	logins := map[int64]string{}
	for t := range e.AllTokens() {
		if t.Owner != nil && t.Owner.ID != 0 {
			logins[t.Owner.ID] = t.Owner.Login
		}
	}
	return logins
}

// renamed returns which of the logins that stand beside ids are others now, as logins has them by
// id.
func renamed(o *audit.Override, logins map[int64]string) (lines []string) {
	for _, account := range o.When.Owners {
		now, there := logins[account.ID]
		if account.Login == "" || strings.EqualFold(now, account.Login) {
			continue
		}
		if there {
			lines = append(lines, fmt.Sprintf("%s: %d is called %s now, not %s", keyOwner, account.ID,
				now, account.Login))
		}
		for _, other := range OwnersCalled(account.Login, logins) {
			lines = append(lines, fmt.Sprintf("%s: %s is the account %d now, which this override "+
				"does not judge", keyOwner, other.Login, other.ID))
		}
	}
	return lines
}

// ownersText writes owners as a policy has them.
func ownersText(owners []audit.Account) string {
	texts := make([]string, len(owners))
	for i, account := range owners {
		texts[i] = strconv.FormatInt(account.ID, 10)
		if account.Login != "" {
			texts[i] = fmt.Sprintf("{%s: %d, %s: %s}", keyID, account.ID, keyLogin,
				flow(account.Login))
		}
	}
	return "[" + strings.Join(texts, ", ") + "]"
}

func ownersSchema() schema {
	id := schema{"type": "integer", "minimum": 1}
	return oneOrList(schema{"oneOf": []schema{
		id,
		object(schema{keyID: id, keyLogin: schema{"type": "string", "minLength": 1}}, keyID, keyLogin),
	}}, "Ids of accounts; the login beside one is for readers, since logins change hands.")
}
