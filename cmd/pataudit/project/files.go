// SPDX-License-Identifier: Apache-2.0

package project

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// The files that init writes.
const (
	projectPath   = "pataudit.yaml"
	policyPath    = "policy.yaml"
	decisionsPath = "decisions.yaml"
)

// project returns the text of the project file.
func (a *answers) project() []byte {
	var b strings.Builder
	fmt.Fprintf(&b, `# What pataudit is told in this folder. Flags win over the environment, and that
# over this file; under CI it has to be named: --config pataudit.yaml.
# "pataudit config show" says what is set; "pataudit config schema" helps editors.
version: 1
organizations: [%s]
policy: %s
decisions: %s
`, quoted(a.organization), policyPath, decisionsPath)
	if a.history != "" {
		fmt.Fprintf(&b, "history: %s\n", quoted(a.history))
	}
	b.WriteString("snapshot: evidence.json\n" +
		"# Owners that are no people, and who answers for them:\n" +
		"# registry: {release-bot: {id: 9001, kind: bot, team: platform, contact: alice}}\n")
	if len(a.outputs) > 0 {
		b.WriteString("outputs:\n")
		for _, output := range a.outputs {
			fmt.Fprintf(&b, "  - %s\n", quoted(output))
		}
	}
	return []byte(b.String())
}

// policy returns the text of the policy.
func (a *answers) policy() []byte {
	return fmt.Appendf(nil, `# What is asked of tokens, where it differs from the token guide.
# "pataudit policy init" prints all that can be set, "pataudit policy check" what is wrong here.
version: 1
name: %s
fail_on: %s
rules:
  long-expiration: {max_days: %d}
`, quoted(a.organization+" token policy"), a.failOn, a.maxDays)
}

// decisions returns the text of a file without decisions.
func decisions() []byte {
	return []byte(`# What people decided of tokens; "pataudit decide" adds to it.
version: 1
decisions: []
`)
}

// plainText matches names of files and organizations that need no quotes.
var plainText = regexp.MustCompile(`^[a-z][a-z0-9-]+(\.[a-z]+)?$`)

// yamlWords are what some YAML takes for no text.
var yamlWords = []string{"no", "off", "on", "yes", "true", "false", "null"}

// quoted writes a text so that YAML takes it for one, whatever it is: no, 007 and a blank at its
// end, too.
func quoted(text string) string {
	if plainText.MatchString(text) && !slices.Contains(yamlWords, text) {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", "''") + "'"
}

// write writes the files, and prints what comes next.
func (a *answers) write(ctx context.Context, u *ui.UI) error {
	files := []struct {
		path string
		text []byte
	}{
		{projectPath, a.project()}, {policyPath, a.policy()}, {decisionsPath, decisions()},
	}
	var paths []string
	for _, f := range files {
		if _, err := os.Lstat(f.path); err == nil {
			return ui.Failed(fmt.Errorf("%s is there already: nothing is written", f.path))
		}
		paths = append(paths, f.path)
	}
	defer u.Files.Discard()
	if err := u.Files.Open(paths); err != nil {
		return ui.Failed(err)
	}
	for i, f := range files {
		if err := u.Files.Write(i, ui.Bytes(f.text)); err != nil {
			return ui.Failed(err)
		}
	}
	if err := u.Files.Commit(ctx); err != nil {
		return ui.Failed(err)
	}
	u.Notef("%s written; next: %s, %s, %s", strings.Join(paths, ", "),
		flags.Typed(u, "setup", a.organization), flags.Typed(u, "doctor"), flags.Typed(u, "audit"))
	return nil
}
