// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"github.com/complytime/pataudit/audit"
)

const (
	keyRegistry = "registry"
	keyKind     = "kind"
	keyTeam     = "team"
	keyContact  = "contact"
	keyService  = "service"
)

// ParseRegistry reads a registry of owners of tokens that are no people, or only look so: by
// login, what each is and who answers for it.
//
//	version: 1
//	registry:
//	  release-bot: {id: 9001, kind: bot, team: platform, contact: alice, service: releases}
//	  hubot: {kind: person, team: web}
//
// A project file is one, too, if it has a registry written out. A bot needs a contact, who is a
// person: the login of no bot. Logins change hands: an entry with an id is of that account alone.
// Name is the file's, for errors; all that is wrong is reported at once, as by [Parse].
func ParseRegistry(name string, data []byte) (*audit.Registry, error) {
	file := &parser{file: name}
	root := file.loadWithin(maxRecords, data, aRegistry)
	registry := &audit.Registry{}
	if root != nil {
		file.entries(root, aRegistry, func(key, value *yaml.Node) {
			switch {
			case key.Value == keyVersion && value.Value != version:
				file.fail(value, "version: this pataudit reads version %s of registries", version)
			case key.Value == keyRegistry:
				file.registry(value, registry)
			case !slices.Contains(new(projectFile).keys(false), key.Value):
				file.unknown(key, "key", []string{keyVersion, keyRegistry})
			}
		})
		file.needs(root, aRegistry, keyVersion, keyRegistry)
	}
	if err := file.err(); err != nil {
		return nil, err
	}
	SealRegistry(registry)
	return registry, nil
}

// registry reads the entries, and sorts them by login.
func (p *parser) registry(n *yaml.Node, to *audit.Registry) {
	if n.Kind == yaml.MappingNode && len(n.Content) == 0 {
		p.fail(n, "%s: names nobody: fill it, or remove the key", keyRegistry)
	}
	lines, contacts := map[string]int{}, map[*audit.Registration]*yaml.Node{}
	p.entries(n, keyRegistry, func(key, value *yaml.Node) {
		e := &audit.Registration{Login: key.Value}
		if err := checkLogin(e.Login); err != nil {
			p.fail(key, "%s: %.40q is no login", keyRegistry, e.Login)
		}
		lower := strings.ToLower(e.Login)
		if line, again := lines[lower]; again {
			p.fail(key, "%.40q is there twice, whatever the case of its letters; first in line %d",
				e.Login, line)
		}
		lines[lower] = key.Line
		contacts[e] = p.registration(value, e)
		to.Owners = append(to.Owners, e)
	})
	slices.SortStableFunc(to.Owners, func(a, b *audit.Registration) int {
		return cmp.Compare(strings.ToLower(a.Login), strings.ToLower(b.Login))
	})
	for _, e := range to.Owners {
		at := contacts[e]
		if at == nil || strings.HasPrefix(e.Contact, forgotten) {
			continue // who was forgotten may have been both, by several logins
		}
		if other := to.Called(e.Contact); other != nil && other.Kind == audit.Bot {
			p.fail(at, "%s: %.40q is a bot here: name a person who answers for %.40s", keyContact,
				e.Contact, e.Login)
		}
	}
}

// registration reads one entry. It returns where its contact stands; nil if it has none.
func (p *parser) registration(n *yaml.Node, e *audit.Registration) *yaml.Node {
	kinds := make([]string, len(audit.OwnerKinds))
	for i, kind := range audit.OwnerKinds {
		kinds[i] = string(kind)
	}
	values := p.record(n, e.Login, targets{
		keyID: &e.ID, keyKind: func(value *yaml.Node) {
			if p.oneOf(keyKind, value, kinds) {
				e.Kind = audit.OwnerKind(value.Value)
			}
		},
		keyTeam:    func(value *yaml.Node) { p.label(keyTeam, value, &e.Team) },
		keyService: func(value *yaml.Node) { p.label(keyService, value, &e.Service) },
		keyContact: func(value *yaml.Node) {
			p.text(keyContact, value, &e.Contact)
			if err := checkLogin(e.Contact); err != nil || strings.HasSuffix(e.Contact, "[bot]") {
				p.fail(value, "%s: wants the login of a person", keyContact)
			}
		},
	})
	needs := []string{keyKind}
	if e.Kind == audit.Bot {
		needs = append(needs, keyContact)
	}
	p.needs(n, e.Login, needs...)
	return values[keyContact]
}

// longestLabel is how many characters the name of a team or a service may have.
const longestLabel = 100

// label reads a name that reports show as it is.
func (p *parser) label(key string, value *yaml.Node, to *string) {
	p.text(key, value, to)
	switch {
	case strings.ContainsFunc(*to, unseen):
		p.fail(value, "%s: has characters that nobody sees, or that look like others", key)
	case utf8.RuneCountInString(*to) > longestLabel:
		p.fail(value, "%s: is longer than %d characters", key, longestLabel)
	case strings.TrimSpace(*to) != *to:
		p.fail(value, "%s: has blanks around it", key)
	}
}

// SealRegistry computes the registry's digest anew: call it after changing one.
func SealRegistry(r *audit.Registry) {
	r.Digest = fmt.Sprintf("sha256:%x", sha256.Sum256(FormatRegistry(r)))
}

// FormatRegistry writes a registry as [ParseRegistry] reads it: the same bytes for the same
// entries.
func FormatRegistry(r *audit.Registry) []byte {
	var text bytes.Buffer
	fmt.Fprintf(&text, "# Owners of tokens that are no people, or only look so.\nversion: %s\n%s:\n",
		version, keyRegistry)
	for _, e := range r.Owners {
		fmt.Fprintf(&text, "  %s: {%s: %s", quote(e.Login), keyKind, e.Kind)
		if e.ID != 0 {
			fmt.Fprintf(&text, ", %s: %d", keyID, e.ID)
		}
		for _, part := range []struct{ key, value string }{
			{keyTeam, e.Team}, {keyContact, e.Contact}, {keyService, e.Service},
		} {
			if part.value != "" {
				fmt.Fprintf(&text, ", %s: %s", part.key, quote(part.value))
			}
		}
		text.WriteString("}\n")
	}
	return text.Bytes()
}

func registrySchema() schema {
	login := schema{"type": "string", "minLength": 1}
	label := schema{"type": "string", "minLength": 1, "maxLength": longestLabel}
	return schema{
		"type": "object", "minProperties": 1,
		"additionalProperties": object(schema{
			keyID: described(schema{"type": "integer", "minimum": 1},
				"of the account, since logins change hands"),
			keyKind:    enum(string(audit.Bot), string(audit.Person)),
			keyTeam:    label,
			keyContact: described(login, "of the person who answers for a bot"),
			keyService: label,
		}, keyKind),
	}
}
