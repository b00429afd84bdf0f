// SPDX-License-Identifier: Apache-2.0

package flags

import (
	"regexp"
	"slices"
	"strconv"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/view"
)

// The flags of a run that decide takes, too: what was judged and by which files, and how GitHub
// is reached from this machine. A flag that chooses rows of a report is none of them.
var (
	judgedBy = []string{
		"config", "no-config", "policy", "registry", "set", "history", "as-of", "audit-log", "classic",
		"api-url",
	}
	reachedBy = []string{
		"app-id", "app-key", "installation-id", "ca-file", "cache", "concurrency", "max-wait",
	}
)

// hostForm is what names of hosts look like.
var hostForm = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]*$`)

// Deciding returns how what is decided of the tokens of each run is recorded: in the run's own
// decisions file, else in one of the usual name. Evidence that is gone is asked of GitHub anew.
func (a *Invocation) Deciding(d *view.Document) map[*audit.Run]*view.Deciding {
	if d.Pseudonymised || a.Root == nil {
		return nil
	}
	all := map[*audit.Run]*view.Deciding{}
	for _, run := range d.Runs {
		words := a.repeat("decisions")
		if len(words) == 0 && !a.decided {
			words = []string{"--decisions", "decisions.yaml"}
		}
		switch {
		case a.ReadBack && a.Run != 0: // nobody has to be asked
			words = append(words, "--run", strconv.FormatInt(a.Run, 10))
		case a.Evidence != nil && !a.Live:
			words = append(words, a.Evidence...)
		case LoginForm.MatchString(run.Organization.Login):
			words = append(words, "--organization", run.Organization.Login)
		default:
			continue
		}
		words = append(words, a.repeat(judgedBy...)...)
		if a.Evidence != nil {
			words = append(words, (&hinted{Invocation: a, run: run}).dated()...)
		}
		if host := run.Organization.Host; a.ReadBack && a.Run == 0 && host != "github.com" &&
			hostForm.MatchString(host) && !a.has("api-url") {
			words = append(words, "--api-url", "https://"+host)
		}
		access := a.repeat(reachedBy...)
		if deciding := view.NewDeciding(run, a.Program, words, access); deciding != nil {
			all[run] = deciding
		}
	}
	return all
}

// repeat returns those of the named flags that were given.
func (a *Invocation) repeat(names ...string) (words []string) {
	for _, f := range a.given {
		if slices.Contains(names, f.Name) {
			words = append(words, flagWords(f)...)
		}
	}
	return words
}
