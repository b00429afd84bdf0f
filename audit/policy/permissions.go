// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/complytime/pataudit/audit"
)

// The keys of a permission that a policy adds.
const (
	keyGroup  = "group"
	keyLevels = "levels"
	keyClass  = "class"
	keyRead   = "read"

	nothingSecret = "none" // what reading it may be, beside a severity
)

// permission reads a name that the table of GitHub's permissions does not have yet.
func (p *parser) permission(n *yaml.Node) {
	info, read := audit.PermissionInfo{Class: audit.High, ReadKnown: true}, false
	p.entries(n, "a permission", func(key, value *yaml.Node) {
		switch key.Value {
		case keyGroup:
			p.text(keyGroup, value, &info.Group)
		case keyName:
			p.text(keyName, value, &info.Name)
		case keyLevels:
			p.list(keyLevels, value, func(level *yaml.Node) {
				info.Levels = append(info.Levels, level.Value)
			})
		case keyClass:
			p.severity(keyClass, value, &info.Class)
		case keyRead:
			read = true
			if value.Value != nothingSecret {
				p.severity(keyRead, value, &info.Read)
			}
		default:
			p.unknown(key, "key", []string{keyGroup, keyName, keyLevels, keyClass, keyRead})
		}
	})
	p.needs(n, "a permission", keyGroup, keyName, keyLevels)
	if !read && n.Kind == yaml.MappingNode {
		p.fail(n, "a permission: the key %s is missing, how bad it is to read what it gives: %s, %s",
			keyRead, nothingSecret, strings.Join(audit.SeverityNames(), ", "))
	}
	if err := info.Check(); err != nil && n.Kind == yaml.MappingNode {
		p.fail(n, "%s: %w", keyPermissions, err)
	}
	if slices.ContainsFunc(p.policy.Permissions, func(other audit.PermissionInfo) bool {
		return other.Group == info.Group && other.Name == info.Name
	}) {
		p.fail(n, "%s: %s:%.40q is there twice", keyPermissions, info.Group, info.Name)
	}
	p.policy.Permissions = append(p.policy.Permissions, info)
}

// permissionText writes an added permission as a policy has it.
func permissionText(info audit.PermissionInfo) string {
	read := nothingSecret
	if info.Read != audit.NoSeverity {
		read = info.Read.String()
	}
	return fmt.Sprintf("{%s: %s, %s: %s, %s: [%s], %s: %s, %s: %s}", keyGroup, info.Group,
		keyName, flow(info.Name), keyLevels, strings.Join(info.Levels, ", "), keyClass, info.Class,
		keyRead, read)
}

func permissionsSchema() schema {
	levels := enum(audit.LevelRead, audit.LevelWrite, audit.LevelAdmin)
	return described(schema{
		"type": "array", "minItems": 1,
		"items": object(schema{
			keyGroup: enum(audit.GroupRepository, audit.GroupOrganization, audit.GroupOther),
			keyName:  schema{"type": "string", "pattern": "^[a-z0-9_]+$"},
			keyLevels: described(schema{
				"type": "array", "minItems": 1, "items": levels,
			}, "What it can be held at."),
			keyClass: with(severities("How bad writing it is."), "default", audit.High.String()),
			keyRead: described(enum(append(audit.SeverityNames(), nothingSecret)...),
				"How bad reading it is; none if it tells nothing secret."),
		}, keyGroup, keyName, keyLevels, keyRead),
	}, "Permissions that this version's table does not have yet.")
}
