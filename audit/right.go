// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"fmt"
	"slices"
	"strings"
)

// Right is a permission that a policy speaks of. What gives it is the permission at this level, or
// at a stronger one.
type Right struct {
	Group string // "" is any
	Name  string // beginning with *, of every permission whose name ends so
	Level string
}

// ParseRight reads "name:level" or "group:name:level".
func ParseRight(text string) (Right, error) {
	parts := strings.Split(text, ":")
	if len(parts) == 2 {
		parts = append([]string{""}, parts...)
	}
	if len(parts) != 3 || parts[1] == "" || strings.LastIndexByte(parts[1], '*') > 0 {
		return Right{}, fmt.Errorf("%q is not name:level or group:name:level, like contents:write", text)
	}
	r := Right{Group: parts[0], Name: parts[1], Level: parts[2]}
	if !slices.Contains([]string{"", GroupRepository, GroupOrganization, GroupOther}, r.Group) {
		return Right{}, fmt.Errorf("%q: the group %q is none of %s, %s, %s", text, r.Group,
			GroupRepository, GroupOrganization, GroupOther)
	}
	if !slices.Contains([]string{LevelRead, LevelWrite, LevelAdmin}, r.Level) {
		return Right{}, fmt.Errorf("%q: the level %q is none of %s, %s, %s", text, r.Level,
			LevelRead, LevelWrite, LevelAdmin)
	}
	return r, nil
}

// GivenBy reports whether a permission is the right, or is stronger. An unknown level is the
// strongest.
func (r Right) GivenBy(p Permission) bool {
	if !r.names(p.Name) || r.Group != "" && r.Group != p.Group {
		return false
	}
	switch r.Level {
	case LevelRead:
		return true
	case LevelWrite:
		return p.Writes()
	}
	return p.Writes() && p.Level != LevelWrite
}

func (r Right) names(name string) bool {
	if end, any := strings.CutPrefix(r.Name, "*"); any {
		return strings.HasSuffix(name, end)
	}
	return name == r.Name
}

// CheckRight refuses a right that no permission of the table can give.
func (t *PermissionTable) CheckRight(r Right) error {
	named, err := t.named(r)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(named, func(i PermissionInfo) bool { return i.Reaches(r.Level) }) {
		return fmt.Errorf("%s is never held at %s: it can be %s", r.Name, r.Level,
			strings.Join(levelsOf(named), ", "))
	}
	return nil
}

// CheckWritable refuses a name that no permission of the group has at write.
func (t *PermissionTable) CheckWritable(group, name string) error {
	named, err := t.named(Right{Group: group, Name: name})
	if err == nil && !slices.Contains(levelsOf(named), LevelWrite) {
		err = fmt.Errorf("%s is never held at %s: it can be %s", name, LevelWrite,
			strings.Join(levelsOf(named), ", "))
	}
	return err
}

// levelsOf returns the levels at which one of some permissions can be held, the weakest first.
func levelsOf(named []PermissionInfo) (levels []string) {
	for _, level := range []string{LevelRead, LevelWrite, LevelAdmin} {
		if slices.ContainsFunc(named, func(i PermissionInfo) bool {
			return slices.Contains(i.Levels, level)
		}) {
			levels = append(levels, level)
		}
	}
	return levels
}

// named returns the permissions that a right names. There is one at least, or an error says which
// may be meant.
func (t *PermissionTable) named(r Right) (named []PermissionInfo, err error) {
	for _, info := range t.all {
		if (r.Group == "" || r.Group == info.Group) && r.names(info.Name) {
			named = append(named, info)
		}
	}
	if len(named) == 0 {
		return nil, t.unnamed(r)
	}
	return named, nil
}

// unnamed returns the error that says what may be meant by a right that names no permission.
func (t *PermissionTable) unnamed(r Right) error {
	var near []string
	for _, info := range t.all {
		switch {
		case r.Group == "" || r.Group == info.Group:
			near = append(near, spellings(r.Name, info.Name)...)
		case r.Name == info.Name:
			return fmt.Errorf("%s is no permission of the group %s: it is %s:%s", r.Name, r.Group,
				info.Group, info.Name)
		}
	}
	if meant := Nearest(r.Name, near); meant != "" {
		return fmt.Errorf("no permission is called %.60q: did you mean %s?", r.Name, meant)
	}
	return fmt.Errorf("no permission is called %.60q: one that is newer than %s is declared "+
		"under permissions", r.Name, t.AsOf)
}

// spellings returns what may have been meant by a text if a name was: the name; of a text with a
// star, its ends.
func spellings(text, name string) []string {
	if !strings.HasPrefix(text, "*") {
		return []string{name}
	}
	ends := []string{"*" + name}
	for i, letter := range name {
		if letter == '_' {
			ends = append(ends, "*"+name[i+1:])
		}
	}
	return ends
}
