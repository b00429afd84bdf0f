// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// mergeFile is for `make permissions`: GitHub's data, to merge into permissions.csv.
var mergeFile = flag.String("merge-permissions", "", "merge GitHub's `file` into permissions.csv")

// TestMergePermissionsFile merges the file that the flag names.
func TestMergePermissionsFile(t *testing.T) {
	if *mergeFile == "" {
		t.Skip("nothing to merge: make permissions FILE=…")
	}
	published, err := os.ReadFile(*mergeFile)
	if err != nil {
		t.Fatal(err)
	}
	merged, err := mergePermissions(permissionsFile, published, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("permissions.csv", merged, 0o644); err != nil {
		t.Fatal(err)
	}
}

// published is an entry of GitHub's data, which is keyed by a permission's name.
type published struct {
	Title        string // the label in the form
	DisplayTitle string // "Repository permissions for …"
	Permissions  []struct{ Access string }
}

func (p published) group() (string, error) {
	kind, _, _ := strings.Cut(p.DisplayTitle, " permissions for ")
	switch kind {
	case "Repository":
		return GroupRepository, nil
	case "Organization":
		return GroupOrganization, nil
	case "User":
		return GroupOther, nil
	}
	return "", fmt.Errorf("the group is not told by %q", p.DisplayTitle)
}

// mergePermissions brings what GitHub publishes into the table: its labels, and names and levels
// that are new. It takes nothing away, for GitHub does not publish everything. A new name gets the
// strongest class, and nobody has judged what reading it tells.
func mergePermissions(table, data []byte, day time.Time) ([]byte, error) {
	var byName map[string]published
	if err := json.Unmarshal(data, &byName); err != nil {
		return nil, fmt.Errorf("reading GitHub's permissions: %w", err)
	}
	reader := csv.NewReader(bytes.NewReader(table))
	reader.Comment = permissionsComment
	rows, err := reader.ReadAll()
	if err != nil {
		return nil, err
	}
	column := func(name string) int { return slices.Index(rows[0], name) }
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		entry := byName[name]
		group, err := entry.group()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		i := slices.IndexFunc(rows, func(row []string) bool {
			return row[column(columnGroup)] == group && row[column(columnName)] == name
		})
		if i < 0 {
			i = endOf(rows, column(columnGroup), group)
			row := make([]string, len(rows[0]))
			row[column(columnGroup)], row[column(columnName)] = group, name
			row[column(columnClass)], row[column(columnRead)] = High.String(), readUnknown
			row[column("name_source")] = "github/docs"
			rows = slices.Insert(rows, i, row)
		}
		row := rows[i]
		row[column(columnLabel)], row[column("label_source")] = entry.Title, "label checked"
		levels := strings.Fields(row[column(columnLevels)])
		for _, level := range []string{LevelRead, LevelWrite, LevelAdmin} {
			has := func(p struct{ Access string }) bool { return p.Access == level }
			if slices.ContainsFunc(entry.Permissions, has) && !slices.Contains(levels, level) {
				levels = append(levels, level)
			}
		}
		row[column(columnLevels)] = strings.Join(levels, " ")
		if row[column(columnClass)] == "" && slices.ContainsFunc(levels, isNotRead) {
			row[column(columnClass)] = High.String() // it was read alone until now
		}
	}
	out := bytes.NewBufferString(day.UTC().Format(permissionsDay) + "\n")
	if err := csv.NewWriter(out).WriteAll(rows); err != nil {
		return nil, err
	}
	_, err = parsePermissions(out.Bytes())
	return out.Bytes(), err
}

func isNotRead(level string) bool { return level != LevelRead }

// endOf returns the index behind the last row of a group.
func endOf(rows [][]string, column int, group string) int {
	for i := len(rows) - 1; i > 0; i-- {
		if rows[i][column] == group {
			return i + 1
		}
	}
	return len(rows)
}

// TestMergePermissions holds that a merge adds what is new, judged as the strongest, and that it
// drops no name, no level and no column.
func TestMergePermissions(t *testing.T) {
	data, err := os.ReadFile("testdata/fine-grained-pat-permissions.json")
	if err != nil {
		t.Fatal(err)
	}
	day := time.Date(2027, 1, 2, 3, 0, 0, 0, time.UTC)
	merged, err := mergePermissions(permissionsFile, data, day)
	if err != nil {
		t.Fatal(err)
	}
	again, err := mergePermissions(merged, data, day)
	if err != nil || !bytes.Equal(again, merged) {
		t.Errorf("merged twice, it is another: %v", err)
	}
	got := linesOf(merged)
	for line := range linesOf(permissionsFile) {
		changed := strings.HasPrefix(line, "# as of ") ||
			strings.HasPrefix(line, "repository,metadata,") ||
			strings.HasPrefix(line, "other,private_repository_invitations,") ||
			strings.HasPrefix(line, "organization,organization_custom_properties,")
		if got[line] == changed {
			t.Errorf("kept: %t: %s", got[line], line)
		}
		delete(got, line)
	}
	want := map[string]bool{
		"# as of 2027-01-02": true,
		`repository,metadata,read write,high,none,"Metadata, and more",label checked,` +
			"known at 75799a4": true,
		"repository,quantum_builds,read write,high,unknown,Quantum builds,label checked," +
			"github/docs": true,
		"other,private_repository_invitations,read write,high,none," +
			"Private repository invitations,label checked,known at 75799a4": true,
		"organization,organization_custom_properties,read write admin,high,none," +
			"Custom properties,label checked,known at 75799a4": true,
	}
	if !maps.Equal(got, want) {
		t.Errorf("new lines: %q", slices.Sorted(maps.Keys(got)))
	}
	wider := bytes.ReplaceAll(permissionsFile, []byte("\n"), []byte(",ours\n"))
	wider, err = mergePermissions(wider[bytes.IndexByte(wider, '\n')+1:], data, day)
	if err != nil || bytes.Count(wider, []byte(",ours\n")) != len(GitHubPermissions().all)+1 {
		t.Errorf("a column of ours is lost: %v", err)
	}
}

func linesOf(text []byte) map[string]bool {
	lines := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		lines[strings.TrimSuffix(line, "\n")] = true
	}
	return lines
}

// TestMergePermissionsRefuses holds that data in another form changes nothing.
func TestMergePermissionsRefuses(t *testing.T) {
	for data, want := range map[string]string{
		"[]": "reading GitHub's permissions",
		`{"a": {"title": "A", "displayTitle": "Enterprise permissions for \"A\""}}`: "a: the group",
		`{"a": {"title": "A", "displayTitle": "User permissions for \"A\""}}`:       "no level",
		`{"A!": {"title": "A", "displayTitle": "User permissions for \"A\"",
			"permissions": [{"access": "read"}]}}`: `the name "A!"`,
	} {
		_, err := mergePermissions(permissionsFile, []byte(data), time.Now())
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", data, err, want)
		}
	}
}

// TestGitHubPermissions holds the shipped table: it can be read, in groups, with a label for each.
func TestGitHubPermissions(t *testing.T) {
	table := GitHubPermissions()
	if len(table.All()) < 100 || table.AsOf < "2026-11-30" {
		t.Errorf("%d names as of %s", len(table.All()), table.AsOf)
	}
	for _, info := range table.All() {
		if info.Label == "" {
			t.Errorf("%s:%s has no label", info.Group, info.Name)
		}
	}
	if _, known := table.Find(GroupRepository, "quantum_builds"); known {
		t.Error("an unknown name is known")
	}
	for p, want := range map[Permission]Severity{
		{GroupRepository, "issues", LevelWrite}:                 Low,
		{GroupRepository, "issues", LevelAdmin}:                 High, // a level that it does not have
		{GroupRepository, "quantum_builds", LevelWrite}:         High,
		{GroupOrganization, "issues", LevelWrite}:               High,
		{GroupRepository, "metadata", LevelWrite}:               High,
		{GroupRepository, "license_compliance_alerts", "write"}: Medium,
	} {
		if got := table.WriteClass(p); got != want {
			t.Errorf("%s: %s, want %s", p, got, want)
		}
	}
}
