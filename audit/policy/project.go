// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Project is a project file: what commands take from it where neither a flag nor the environment
// says it.
//
//	version: 1
//	organizations: [complytime]
//	policy: policy.yaml
//	decisions: decisions.yaml
//	history: pataudit.db
//	outputs: [audit.json, audit.xlsx]
//
// Organizations may be a mapping: {complytime: {baseline: baseline.yaml}} sets for one what
// differs from the rest. The policy may stand in the file itself, as keys and values.
type Project struct {
	Name          string // the file's
	Digest        string // "sha256:…" of its bytes
	Organizations []ProjectOrganization
	Settings      []Setting // in the file's order
}

// ProjectOrganization is one organization of a project, and what is set for it alone.
type ProjectOrganization struct {
	Login    string
	Settings []Setting // in place of the project's
}

// Setting is what a project says of one key.
type Setting struct {
	Key    string
	Values []string // one, but for lists; "true" or "false" of a switch
	Line   int      // in the file, from 1
}

// ParseProject reads a project file. Name is its path, for errors. Named says that the user named
// it: of a file that was only found no key is honoured that steers credentials or makes a verdict
// milder, and no path that leads out of its folder. All that is wrong is reported at once.
func ParseProject(name string, data []byte, named bool) (*Project, error) {
	file := &projectFile{parser: parser{file: name}, named: named}
	file.project = Project{
		Name: name, Digest: fmt.Sprintf("sha256:%x", sha256.Sum256(data)),
	}
	if at := secretForm.FindIndex(data); at != nil {
		line := 1 + bytes.Count(data[:at[0]], []byte("\n"))
		return nil, fmt.Errorf("%s:%d: this looks like a secret, and a project file is for everybody: "+
			"take it out, have it replaced where it was made, and give it in the environment",
			escaped(name), line)
	}
	root := file.loadWithin(maxSize, data, aProject)
	if root != nil {
		file.parse(root)
	}
	file.data = nil // no line is shown: whatever is wrong with it may be a secret's
	if err := file.err(); err != nil {
		return nil, err
	}
	return &file.project, nil
}

// secretForm matches tokens of GitHub, private keys, and passwords in URLs.
var secretForm = regexp.MustCompile(`gh[a-z]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|` +
	`-----BEGIN [A-Z ]*PRIVATE KEY|://[^\s/@:]*:[^\s@]+@|(?i:[?&;\s][a-z]*(?:passw|pwd)[a-z]*=\S)`)

// secretName matches keys under which people would write a secret.
var secretName = regexp.MustCompile(`(?i)token|secret|pass|pwd|credential|key|private|auth|pem`)

// projectFile reads one project file.
type projectFile struct {
	parser

	named   bool
	project Project
}

func (f *projectFile) parse(root *yaml.Node) {
	f.entries(root, aProject, func(key, value *yaml.Node) {
		switch key.Value {
		case keyVersion:
			if value.Value != version {
				f.fail(value, "version: this pataudit reads version %s of project files", version)
			}
		case keyOrganizations:
			f.organizations(value)
		default:
			f.setting(key, value, false, &f.project.Settings)
		}
	})
	f.needs(root, aProject, keyVersion)
}

// organizations reads a list of logins, or a mapping from them to what is set for each.
func (f *projectFile) organizations(n *yaml.Node) {
	add := func(at *yaml.Node, settings []Setting) {
		if !loginForm.MatchString(at.Value) {
			f.fail(at, "%s: %.40q is no login of an organization", keyOrganizations, at.Value)
		}
		for _, other := range f.project.Organizations {
			if strings.EqualFold(other.Login, at.Value) {
				f.fail(at, "%s: %.40q is there twice", keyOrganizations, at.Value)
			}
		}
		f.project.Organizations = append(f.project.Organizations,
			ProjectOrganization{at.Value, settings})
	}
	if n.Kind != yaml.MappingNode {
		f.oneOrMore(keyOrganizations, n, func(item *yaml.Node) { add(item, nil) })
		return
	}
	f.entries(n, keyOrganizations, func(login, own *yaml.Node) {
		var settings []Setting
		f.entries(own, login.Value, func(key, value *yaml.Node) {
			f.setting(key, value, true, &settings)
		})
		add(login, settings)
	})
}

// loginForm is how GitHub lets organizations call themselves.
var loginForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$`)

// setting reads one key, of the project or of one of its organizations.
func (f *projectFile) setting(key, value *yaml.Node, each bool, to *[]Setting) {
	i := slices.IndexFunc(ProjectKeys, func(k ProjectKey) bool { return k.Name == key.Value })
	switch {
	case i < 0 && secretName.MatchString(key.Value):
		f.fail(key, "%.40q looks like a secret's, and a project file is for everybody: give it in "+
			"the environment", key.Value)
		return
	case i < 0:
		f.unknown(key, "key", f.keys(each))
		return
	case each && !ProjectKeys[i].Each:
		f.fail(key, "%s is for all organizations: set it above, beside %s", key.Value,
			keyOrganizations)
		return
	case ProjectKeys[i].Named && !f.named:
		f.fail(key, "%s is honoured only in a file that you name: --config %s, or take it out",
			key.Value, f.file)
		return
	}
	read := Setting{Key: key.Value, Line: key.Line}
	before := len(f.problems)
	f.value(&ProjectKeys[i], value, each, &read)
	if len(f.problems) == before {
		*to = append(*to, read)
	}
}

// keys lists those that may stand in a place.
func (f *projectFile) keys(each bool) (names []string) {
	if !each {
		names = []string{keyVersion, keyOrganizations}
	}
	for _, k := range ProjectKeys {
		if k.Each || !each {
			names = append(names, k.Name)
		}
	}
	return names
}

// Of returns what a key is set to for the named organizations, or, if none is named, for all of
// the project: it is an error if that is not one thing. Without a value, nothing is set.
func (p *Project) Of(key string, logins []string) (Setting, error) {
	common := settingOf(p.Settings, key)
	var each []Setting // of the organizations that are meant
	for _, login := range logins {
		each = append(each, p.own(login, key, common))
	}
	for i := range p.Organizations {
		if len(logins) == 0 {
			each = append(each, p.own(p.Organizations[i].Login, key, common))
		}
	}
	if len(each) == 0 {
		return common, nil
	}
	for _, other := range each[1:] {
		if !slices.Equal(other.Values, each[0].Values) {
			return Setting{}, fmt.Errorf("%s:%d: %s is not the same for all organizations that are "+
				"meant: name one of them", escaped(p.Name), max(other.Line, each[0].Line), key)
		}
	}
	return each[0], nil
}

// own returns what a key is set to for one organization.
func (p *Project) own(login, key string, common Setting) Setting {
	for _, o := range p.Organizations {
		if !strings.EqualFold(o.Login, login) {
			continue
		}
		if own := settingOf(o.Settings, key); own.Values != nil {
			return own
		}
	}
	return common
}

// settingOf returns what a key is set to; without values, if it is not.
func settingOf(settings []Setting, key string) Setting {
	for _, s := range settings {
		if s.Key == key {
			return s
		}
	}
	return Setting{}
}
