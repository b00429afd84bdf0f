// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/complytime/pataudit/audit"
)

// exampleDay is when examples are judged that do not say when.
var exampleDay = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)

// exampleToken is a token in the keys of the JSON report.
type exampleToken struct {
	token        audit.Token // with what needs no instant and no organization
	owner        audit.Member
	repositories []string
	grantedAt    instant
	expiresAt    instant
	lastUsedAt   instant
}

// instant is a time, or a distance from the instant of judgement. The zero value is none.
type instant struct {
	at       time.Time
	relative bool
	days     int
	rest     time.Duration
}

func (i instant) from(asOf time.Time) time.Time {
	if i.relative {
		return asOf.AddDate(0, 0, i.days).Add(i.rest)
	}
	return i.at
}

const everyFact = audit.FactSelection | audit.FactPermissions | audit.FactGranted |
	audit.FactExpiry | audit.FactLastUsed | audit.FactOwner | audit.FactRepositories |
	audit.FactMembership | audit.FactTwoFactor

// cleanToken returns what an example is as long as it says nothing: see [Test].
func cleanToken() exampleToken {
	return exampleToken{
		token: audit.Token{
			ID: 7, TokenID: 900, Name: "ci-publish", Selection: audit.SelectSubset,
			Permissions: []audit.Permission{
				{Group: audit.GroupRepository, Name: "contents", Level: audit.LevelWrite},
				{Group: audit.GroupRepository, Name: "metadata", Level: audit.LevelRead},
				{Group: audit.GroupRepository, Name: "pull_requests", Level: audit.LevelWrite},
			},
			Known: everyFact,
		},
		owner: audit.Member{
			ID: 1, Login: "octocat", Role: audit.RoleMember, TwoFactor: new(true),
		},
		repositories: []string{"complytime/complyctl"},
		grantedAt:    instant{relative: true, days: -30},
		expiresAt:    instant{relative: true, days: 60},
		lastUsedAt:   instant{relative: true, days: -2},
	}
}

// exampleToken reads what an example says of its token.
func (p *parser) exampleToken(n *yaml.Node, e *exampleToken) {
	t := &e.token
	var listed *yaml.Node
	p.entries(n, keyToken, func(key, value *yaml.Node) {
		null := value.Tag == "!!null"
		switch key.Value {
		case keyName:
			p.text(keyName, value, &t.Name)
		case "token_id":
			p.decode(key.Value, value, &t.TokenID)
		case keyOwner:
			p.exampleOwner(value, e)
		case "repository_selection":
			p.text(key.Value, value, (*string)(&t.Selection))
		case "repositories":
			listed, e.repositories = value, nil
			if e.setKnown(audit.FactRepositories, !null) && !isEmptyList(value) {
				p.words(key.Value, value, &e.repositories, checkRepository)
			}
		case "permissions":
			if t.Permissions = nil; e.setKnown(audit.FactPermissions, !null) {
				p.permissions(value, t)
			}
		case "granted_at":
			e.setKnown(audit.FactGranted, !null)
			e.grantedAt = p.instant(key.Value, value)
		case "expires_at":
			e.expiresAt = p.instant(key.Value, value)
		case "expired":
			p.decode(key.Value, value, &t.Expired)
		case "last_used_at":
			e.lastUsedAt = p.instant(key.Value, value)
		default:
			p.unknown(key, "key", []string{
				keyName, "token_id", keyOwner, "repository_selection", "repositories", "permissions",
				"granted_at", "expires_at", "expired", "last_used_at",
			})
			return
		}
		if null && !slices.Contains(nullable, key.Value) {
			p.fail(value, "%s: there is no value: write one, or remove the key", key.Value)
		}
	})
	if listed != nil && t.Selection != audit.SelectSubset {
		if e.setKnown(audit.FactRepositories, true); listed.Tag != "!!null" {
			p.fail(listed, "repositories: are listed of a selection of subset only")
		}
	}
}

func isEmptyList(n *yaml.Node) bool { return n.Kind == yaml.SequenceNode && len(n.Content) == 0 }

// nullable are the keys of a token that the JSON report may say null of.
var nullable = []string{
	"repositories", "permissions", "granted_at", "expires_at", "last_used_at",
}

// setKnown notes whether facts are known.
func (e *exampleToken) setKnown(facts audit.Facts, known bool) bool {
	if e.token.Known |= facts; !known {
		e.token.Known &^= facts
	}
	return known
}

func (p *parser) exampleOwner(n *yaml.Node, e *exampleToken) {
	p.entries(n, keyOwner, func(key, value *yaml.Node) {
		known := value.Tag != "!!null"
		switch key.Value {
		case keyID:
			p.ownerID(value, &e.owner.ID)
		case keyLogin:
			p.text(key.Value, value, &e.owner.Login)
			if err := checkLogin(e.owner.Login); err != nil {
				p.fail(value, "login: %w", err)
			}
		case "role":
			if e.owner.Role = audit.RoleUnknown; e.setKnown(audit.FactMembership, known) {
				p.oneOf(key.Value, value, []string{
					string(audit.RoleAdmin), string(audit.RoleMember), string(audit.RoleOutside),
					string(audit.RoleNone),
				})
				e.owner.Role = audit.Role(value.Value)
			}
		case "two_factor":
			if e.owner.TwoFactor = nil; e.setKnown(audit.FactTwoFactor, known) {
				p.decode(key.Value, value, &e.owner.TwoFactor)
			}
		default:
			p.unknown(key, "key", []string{keyID, keyLogin, "role", "two_factor"})
		}
	})
}

// permissions reads levels by name by group. Any word is one that GitHub may send.
func (p *parser) permissions(n *yaml.Node, t *audit.Token) {
	p.entries(n, "permissions", func(group, levels *yaml.Node) {
		p.entries(levels, group.Value, func(name, level *yaml.Node) {
			permission := audit.Permission{Group: group.Value, Name: name.Value}
			p.text(name.Value, level, &permission.Level)
			t.Permissions = append(t.Permissions, permission)
		})
	})
	slices.SortFunc(t.Permissions, audit.ComparePermissions)
}

// instant reads a time: RFC 3339, a day, or a distance in days and less ("-90d", "+1d12h"). Null
// is none.
func (p *parser) instant(key string, n *yaml.Node) instant {
	text := n.Value
	if n.Tag == "!!null" {
		return instant{}
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		switch t, err := time.Parse(layout, text); {
		case err != nil:
		case t.UTC().Year() < firstYear:
			p.fail(n, "%s: no time before %d can be meant", key, firstYear)
			return instant{}
		default:
			return instant{at: t.UTC()}
		}
	}
	days, rest, found := strings.Cut(text, "d")
	count, err := strconv.Atoi(days)
	more, wrong := time.ParseDuration(cmp.Or(rest, "0s"))
	signed := strings.HasPrefix(days, "+") || strings.HasPrefix(days, "-")
	const most = 100_000 // days
	if !found || !signed || err != nil || wrong != nil || max(count, -count) > most ||
		strings.HasPrefix(rest, "-") || more > most*24*time.Hour {
		p.fail(n, "%s: wants a time: 2026-11-22, 2026-11-22T08:00:00Z or, in days from as_of, "+
			"-90d or +1d12h", key)
		return instant{}
	}
	if days[0] == '-' {
		more = -more
	}
	return instant{relative: true, days: count, rest: more}
}

// checkRepository refuses what is no repository's full name.
func checkRepository(text string) error {
	if strings.ContainsAny(text, `*?[]^\`) || !strings.Contains(text, "/") ||
		audit.CheckRepositoryGlob(text) != nil {
		return errors.New("wants owner/name")
	}
	return nil
}

// organization returns complytime with twelve repositories, of which one is internal and three are
// private, with those that the example names.
func (e *example) organization() *audit.Organization {
	o := &audit.Organization{
		Login: "complytime", Host: "github.com", Known: audit.FactOrganizationRepositories,
	}
	visibility := map[string]string{
		"complytime/platform": "internal", "complytime/infra": "private",
		"complytime/release-keys": "private", "complytime/vault": "private",
	}
	for name := range strings.FieldsSeq(".github community complyctl complypack docs gemara " +
		"oscal website") {
		visibility["complytime/"+name] = "public"
	}
	for _, name := range e.token.repositories {
		visibility[name] = cmp.Or(visibility[name], "public")
	}
	for name, v := range e.repositories {
		visibility[name] = v
	}
	for name, v := range visibility {
		o.Repositories = append(o.Repositories, &audit.Repository{Name: name, Visibility: v})
	}
	slices.SortFunc(o.Repositories, func(a, b *audit.Repository) int {
		return cmp.Compare(a.Name, b.Name)
	})
	for i, r := range o.Repositories {
		r.ID = int64(i + 1)
	}
	return o
}

// judged returns the token as a source would.
func (e *exampleToken) judged(o *audit.Organization, asOf time.Time) *audit.Token {
	t, owner := e.token, e.owner
	t.Owner = &owner
	t.GrantedAt, t.LastUsedAt = e.grantedAt.from(asOf), e.lastUsedAt.from(asOf)
	if !t.Expired {
		t.ExpiresAt = e.expiresAt.from(asOf)
	}
	switch t.Selection {
	case audit.SelectSubset:
		for _, r := range o.Repositories { // sorted
			if slices.Contains(e.repositories, r.Name) {
				t.Repositories = append(t.Repositories, r)
			}
		}
	case audit.SelectAll, audit.SelectNone:
	default:
		t.Known &^= audit.FactSelection | audit.FactRepositories
	}
	return &t
}
