// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/complytime/pataudit/audit"
)

// The kinds of values in a project file.
const (
	pathValue = iota
	pathsValue
	historyValue  // a path, or a URL
	policyValue   // a path, or the policy itself
	registryValue // a path, or the registry itself
	sourcesValue
	switchValue
	textValue
)

// ProjectKey is a key of project files.
type ProjectKey struct {
	Name    string
	Meaning string // one phrase, for the schema
	// Named reports that the key steers credentials, or makes a verdict milder: it is taken only
	// from a file that the user names.
	Named bool
	// Each reports that an organization may have a value of its own.
	Each bool

	kind int
}

const (
	keyOrganizations = "organizations"
	keyPolicy        = "policy"
)

// ProjectKeys lists the keys of a project file beside version and organizations.
var ProjectKeys = []ProjectKey{
	{
		Name: keyPolicy, kind: policyValue, Each: true,
		Meaning: "the policy: a file, or written out here",
	},
	{
		Name: keyDecisions, kind: pathValue, Each: true,
		Meaning: "file with what people decided",
	},
	{
		Name: "baseline", kind: pathValue, Each: true,
		Meaning: "file with findings that are accepted debt",
	},
	{
		Name: keyRegistry, kind: registryValue, Each: true,
		Meaning: "owners that are no people, and who answers for them: a file, or written out here",
	},
	{Name: "history", kind: historyValue, Meaning: "the history that remembers runs"},
	{
		Name: "history_required", kind: switchValue,
		Meaning: "a run without an earlier one is incomplete",
	},
	{Name: "cache", kind: pathValue, Meaning: "folder that keeps GitHub's answers"},
	{
		Name: "outputs", kind: pathsValue,
		Meaning: "reports that an audit writes, as --output takes them",
	},
	{
		Name: "snapshot", kind: pathValue,
		Meaning: "file of the evidence: audit and collect write it",
	},
	{
		Name: "redact", kind: switchValue,
		Meaning: "pseudonyms for people, tokens and ids",
	},
	{
		Name: "sources", kind: sourcesValue, Each: true,
		Meaning: "what more GitHub is asked for",
	},
	{
		Name: "fail_on_requests", kind: switchValue,
		Meaning: "requests that break the policy are violations",
	},
	{
		Name: "fail_on_overdue", kind: switchValue,
		Meaning: "findings over their term are violations",
	},
	{
		Name: "api_url", kind: textValue, Named: true,
		Meaning: "address of an Enterprise Server",
	},
	{
		Name: "ca_file", kind: pathValue, Named: true,
		Meaning: "file with more certificate authorities",
	},
	{
		Name: "app_id", kind: textValue, Named: true,
		Meaning: "the GitHub App's id or client id",
	},
	{
		Name: "app_key_file", kind: pathValue, Named: true,
		Meaning: "file with the App's private key",
	},
	{
		Name: "exit_zero", kind: switchValue, Named: true,
		Meaning: "exit 0 on violations",
	},
	{
		Name: "allow_incomplete", kind: switchValue, Named: true,
		Meaning: "exit as if the evidence were complete",
	},
	{
		Name: "allow_empty", kind: switchValue, Named: true,
		Meaning: "an organization without tokens is clean",
	},
	{
		Name: "allow_public", kind: switchValue, Named: true,
		Meaning: "names where everybody can read them",
	},
}

// Sources are what the key sources can name: flags that ask GitHub for more.
var Sources = []string{"audit-log", "classic"}

// value reads what a key says, of all organizations or of each.
func (f *projectFile) value(k *ProjectKey, value *yaml.Node, each bool, to *Setting) {
	add := func(n *yaml.Node) {
		var text string
		f.text(k.Name, n, &text)
		to.Values = append(to.Values, text)
	}
	path := func(n *yaml.Node) { add(n); f.within(n) }
	switch {
	case k.kind == policyValue && value.Kind == yaml.MappingNode && !each:
		to.Values = []string{f.file} // where it stands, and [Parse] finds it
	case k.kind == registryValue && value.Kind == yaml.MappingNode && !each:
		f.registry(value, new(audit.Registry)) // what is wrong with it
		to.Values = []string{f.file}           // where it stands, and [ParseRegistry] finds it
	case k.kind == pathsValue:
		f.oneOrMore(k.Name, value, path)
	case k.kind == sourcesValue:
		f.oneOrMore(k.Name, value, func(item *yaml.Node) {
			if f.oneOf(k.Name, item, Sources) {
				add(item)
			}
		})
	case k.kind == switchValue:
		var on bool
		f.truth(k.Name, value, &on)
		to.Values = []string{strconv.FormatBool(on)}
	case k.kind == textValue:
		add(value)
	default:
		path(value)
	}
}

// address matches what begins as a URL does, whatever stands behind it: sqlite:/etc/x, file:x.
var address = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]+:|://`)

// within refuses, in a file that was only found, what leads out of its folder, or to a server.
// What stands behind a = is a path if before it is an output's format, and all of it is if not.
func (f *projectFile) within(n *yaml.Node) {
	if f.named {
		return
	}
	_, after, output := strings.Cut(n.Value, "=")
	switch {
	case address.MatchString(n.Value) || output && address.MatchString(after):
		f.fail(n, "an address such as that of a server is honoured only in a file that you name: "+
			"--config %s", f.file)
	case n.Value == "-" || after == "-":
		f.fail(n, "%.80q is no file", n.Value)
	case !filepath.IsLocal(n.Value) || output && !filepath.IsLocal(after):
		f.fail(n, "%.80q leads out of the file's folder, which is honoured only in a file that you "+
			"name: --config %s", n.Value, f.file)
	}
}

// inlinePolicy returns the policy that is written out in a project file; nil if a file has none.
func inlinePolicy(root *yaml.Node) (written *yaml.Node) {
	if root.Kind != yaml.MappingNode {
		return nil
	}
	known := new(projectFile).keys(false)
	for i := 0; i+1 < len(root.Content); i += 2 {
		if !slices.Contains(known, root.Content[i].Value) {
			return nil // so that a policy with a key of that name is an error, not another policy
		}
		if root.Content[i].Value == keyPolicy && root.Content[i+1].Kind == yaml.MappingNode {
			if written != nil {
				return nil // nobody knows which of the two is meant
			}
			written = root.Content[i+1]
		}
	}
	return written
}
