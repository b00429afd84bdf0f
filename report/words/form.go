// SPDX-License-Identifier: Apache-2.0

package words

import (
	"fmt"
	"strings"

	"github.com/complytime/pataudit/audit"
)

// The words of GitHub's form for a new token, which are not those of its API.

// FormPermission is a permission as the form has it, and its name in the API, which reports use:
// "Contents: Read and write (contents:write)". It is hostile text, as any permission is.
func FormPermission(p audit.Permission) string {
	return formWords(p) + " (" + permissionName(p) + ")"
}

// formWords is a permission as the form has it.
func formWords(p audit.Permission) string {
	text := formLabel(p) + ": " + formLevel(p.Level)
	switch p.Group {
	case audit.GroupOrganization:
		return "Organization permission " + text
	case audit.GroupOther:
		return "Account permission " + text
	}
	return text
}

func formPermissions(permissions []audit.Permission) []string {
	texts := make([]string, len(permissions))
	for i, p := range permissions {
		texts[i] = FormPermission(p)
	}
	return texts
}

func formLevel(level string) string {
	switch level {
	case audit.LevelRead:
		return "Read-only"
	case audit.LevelWrite:
		return "Read and write"
	case audit.LevelAdmin:
		return "Admin"
	}
	return level
}

// formLabel is GitHub's own. A permission that nobody knows here has its name in the API, spelt
// for people.
func formLabel(p audit.Permission) string {
	if info, _ := audit.GitHubPermissions().Find(p.Group, p.Name); info.Label != "" {
		return info.Label
	}
	name := p.Name
	if p.Group == audit.GroupOrganization {
		name = strings.TrimPrefix(name, "organization_")
	}
	if name == "" {
		return ""
	}
	return Heading(strings.ReplaceAll(name, "_", " ")) // the first is a letter of ASCII, or stays
}

// Settings are the settings of what is proposed in place of a token, a text for each.
func Settings(run *audit.Run, r *audit.Result) (texts []string) {
	f := FormsOf(run, r)
	add := func(start string, settings []Setting) {
		for _, s := range settings {
			text := s.Text
			if len(s.List) > 0 {
				text = strings.Join(s.List, "; ")
			}
			if s.Label != labelOwner && s.Label != labelReached {
				texts = append(texts, start+s.Label+": "+text)
			}
		}
	}
	if f.Tokens > 1 {
		texts = append(texts, fmt.Sprintf("%d tokens in its place, as far as the task needs each",
			f.Tokens))
	}
	add("", f.Shared)
	for i, settings := range f.Apart {
		add(fmt.Sprintf("Token %d: ", i+1), settings)
	}
	add("", f.LeftOut)
	return texts
}
