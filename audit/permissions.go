// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// PermissionInfo is what is known of one permission that GitHub documents, or that a policy adds.
type PermissionInfo struct {
	Group  string
	Name   string
	Levels []string // that it can have, weakest first
	Label  string   // in GitHub's form for a new token; "" if that is not known

	// Class is how bad write access is where the guide does not foresee it.
	Class Severity

	// Read is how bad reading is: NoSeverity where nothing is secret. Without ReadKnown nobody
	// has looked yet.
	Read      Severity
	ReadKnown bool
}

// PermissionTable holds what is known of permissions by group and name.
type PermissionTable struct {
	AsOf string // the day on which it was last held against GitHub's documentation
	all  []PermissionInfo
	at   map[permissionKey]int
}

type permissionKey struct{ group, name string }

// All returns the permissions in the order of the table.
func (t *PermissionTable) All() []PermissionInfo { return slices.Clone(t.all) }

// Find returns what is known of a name in a group. Of an unknown one that is its group, its name,
// and the strongest class.
func (t *PermissionTable) Find(group, name string) (info PermissionInfo, known bool) {
	if i, ok := t.at[permissionKey{group, name}]; ok {
		return t.all[i], true
	}
	return PermissionInfo{Group: group, Name: name, Class: High}, false
}

// WriteClass returns how bad a permission above read is where the guide does not foresee it. A
// name, a group or a level that is not in the table weighs the most.
func (t *PermissionTable) WriteClass(p Permission) Severity {
	if info, known := t.Find(p.Group, p.Name); known && info.Reaches(p.Level) {
		return info.Class
	}
	return High
}

// With returns the table with further permissions. One that it has already is replaced.
func (t *PermissionTable) With(more []PermissionInfo) *PermissionTable {
	if len(more) == 0 {
		return t
	}
	table := &PermissionTable{
		AsOf: t.AsOf, all: slices.Clone(t.all), at: map[permissionKey]int{},
	}
	maps.Copy(table.at, t.at)
	for _, info := range more {
		key := permissionKey{info.Group, info.Name}
		if i, ok := table.at[key]; ok {
			table.all[i] = info
			continue
		}
		table.at[key] = len(table.all)
		table.all = append(table.all, info)
	}
	return table
}

// GitHubPermissions returns the table of what GitHub documents: permissions.csv, to which
// `make permissions` brings GitHub's newer names.
func GitHubPermissions() *PermissionTable { return githubPermissions() }

//go:embed permissions.csv
var permissionsFile []byte

var githubPermissions = sync.OnceValue(func() *PermissionTable {
	table, err := parsePermissions(permissionsFile)
	if err != nil {
		panic(err) // the file is part of the program, and a test reads it
	}
	return table
})

// The first line of permissions.csv is a comment with its day; the second names the columns. Those
// that are not named here say where a row comes from.
const (
	permissionsDay     = "# as of 2006-01-02"
	columnGroup        = "group"
	columnName         = "name"
	columnLevels       = "levels"
	columnClass        = "write_class"
	columnRead         = "read_sensitivity"
	columnLabel        = "form_label"
	readUnknown        = "unknown" // in columnRead: nobody has looked yet
	readNothingSecret  = "none"    // in columnRead
	permissionsComment = '#'
)

// parsePermissions reads the table strictly: a slip in it would misjudge tokens without a word.
func parsePermissions(data []byte) (*PermissionTable, error) {
	line, _, _ := strings.Cut(string(data), "\n")
	day, err := time.Parse(permissionsDay, line)
	if err != nil {
		return nil, fmt.Errorf("reading the table of permissions: %w", err)
	}
	reader := csv.NewReader(bytes.NewReader(data))
	reader.Comment = permissionsComment
	rows, err := reader.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("reading the table of permissions: %w", err)
	}
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	for _, name := range []string{
		columnGroup, columnName, columnLevels, columnClass, columnRead, columnLabel,
	} {
		if _, ok := column[name]; !ok {
			return nil, fmt.Errorf("reading the table of permissions: no column %s", name)
		}
	}
	var all []PermissionInfo
	for i, row := range rows[1:] {
		info, err := parsePermissionInfo(func(name string) string { return row[column[name]] })
		if err != nil {
			return nil, fmt.Errorf("reading the table of permissions: row %d, %s:%s: %w",
				i+1, info.Group, info.Name, err)
		}
		all = append(all, info)
	}
	table := (&PermissionTable{AsOf: day.Format(time.DateOnly)}).With(all)
	if len(table.all) != len(all) {
		return nil, errors.New("reading the table of permissions: a name is there twice")
	}
	return table, nil
}

// parsePermissionInfo reads one row by the names of its columns.
func parsePermissionInfo(cell func(string) string) (info PermissionInfo, err error) {
	info = PermissionInfo{
		Group: cell(columnGroup), Name: cell(columnName), Label: cell(columnLabel),
		Levels: strings.Fields(cell(columnLevels)),
	}
	if err := info.Check(); err != nil {
		return info, err
	}
	if info.writable() {
		if info.Class, err = ParseSeverity(cell(columnClass)); err != nil {
			return info, err
		}
	}
	switch read := cell(columnRead); read {
	case readUnknown:
	case readNothingSecret:
		info.ReadKnown = true
	default:
		info.ReadKnown = true
		info.Read, err = ParseSeverity(read)
	}
	return info, err
}

// Reaches reports whether the permission can be had at a level, or at one that includes it.
func (i PermissionInfo) Reaches(level string) bool {
	switch level {
	case LevelRead:
		return true
	case LevelWrite:
		return i.writable()
	}
	return slices.Contains(i.Levels, level)
}

// writable reports whether the permission can be more than read.
func (i PermissionInfo) writable() bool {
	return slices.ContainsFunc(i.Levels, func(level string) bool { return level != LevelRead })
}

// Check refuses a group, a name or levels that cannot be.
func (i PermissionInfo) Check() error {
	switch i.Group {
	case GroupRepository, GroupOrganization, GroupOther:
	default:
		return fmt.Errorf("the group %q is none of %s, %s, %s", i.Group,
			GroupRepository, GroupOrganization, GroupOther)
	}
	if i.Name == "" || strings.Trim(i.Name, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
		return fmt.Errorf("the name %q is not made of a to z, 0 to 9 and _", i.Name)
	}
	if len(i.Levels) == 0 {
		return errors.New("it has no level")
	}
	for k, level := range i.Levels {
		switch level {
		case LevelRead, LevelWrite, LevelAdmin:
		default:
			return fmt.Errorf("the level %q is none of %s, %s, %s", level,
				LevelRead, LevelWrite, LevelAdmin)
		}
		if slices.Contains(i.Levels[:k], level) {
			return fmt.Errorf("the level %s is there twice", level)
		}
	}
	return nil
}
