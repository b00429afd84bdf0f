// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/go-json-experiment/json"
	"github.com/spf13/pflag"

	"github.com/complytime/pataudit/report/privacy"
	"github.com/complytime/pataudit/report/view"
)

// Place is where this run's log, and the summary of its job, are read.
type Place struct {
	Public  bool
	why     string
	Summary string // the file of the job's summary; "" if there is none
}

// RegisterAllowPublic registers the flag that allows to print names where everybody reads.
func RegisterAllowPublic(set *pflag.FlagSet, allow *bool) {
	set.BoolVar(allow, "allow-public", false, "print names even in a workflow of a public "+
		"repository, whose log everybody can read")
}

// PlaceOf reads what GitHub writes into a workflow's environment. One that does not say whether
// its repository is public runs in a public place, for all we know; outside of workflows there is
// no log that others read.
func PlaceOf(allowed bool) Place {
	if allowed || os.Getenv("GITHUB_ACTIONS") != "true" {
		return Place{}
	}
	p := Place{
		Public: true, Summary: os.Getenv("GITHUB_STEP_SUMMARY"),
		why: "nothing says that this workflow's repository is private",
	}
	switch private, err := inPrivate(os.Getenv("GITHUB_EVENT_PATH")); {
	case err != nil: // as if it did not say
	case private:
		return Place{}
	default:
		p.why = "this workflow runs in a public repository"
	}
	return p
}

// inPrivate reads from a workflow's event whether its repository is private or internal. It is an
// error if the event does not say, or says it in an odd way: each key has to come once, whether
// the case of letters counts or not.
func inPrivate(path string) (private bool, err error) {
	file, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer func() { _ = file.Close() }() // only read
	const largest = 64 << 20            // GitHub's own limit is 25 MB
	text, err := io.ReadAll(io.LimitReader(file, largest))
	private = true
	for _, ignoresCase := range []bool{false, true} {
		var event struct {
			Repository struct {
				Private    *bool   `json:"private"`
				Visibility *string `json:"visibility"` // nil: an old Enterprise Server's
			} `json:"repository"`
		}
		if err == nil {
			err = json.Unmarshal(text, &event, json.MatchCaseInsensitiveNames(ignoresCase))
		}
		r := event.Repository
		if err == nil && r.Private == nil {
			err = errors.New("the event does not say whether the repository is private")
		}
		private = private && err == nil && *r.Private && (r.Visibility == nil ||
			*r.Visibility == "private" || *r.Visibility == "internal")
	}
	return private, err
}

// Warn prints that files hold names.
func (p Place) Warn(u *UI) {
	u.Warnf("%s: the files that are written hold names; whoever may read the repository may read "+
		"its artifacts, too", p.why)
}

// Nameless returns the format as everybody may read it.
func (p Place) Nameless(f view.Format, where string) (view.Format, error) {
	if !f.Nameless {
		return f, fmt.Errorf("%s: format %s holds names, which everybody could read on %s; "+
			"-o FILE writes a file, --allow-public insists", p.why, f.Name, where)
	}
	write := f.Write
	f.Write = func(w io.Writer, d *view.Document) error { return write(w, privacy.Nameless(d)) }
	return f, nil
}

// Refuse keeps a command from printing names where everybody reads, as a usage error.
func (p Place) Refuse(command string) error {
	if !p.Public {
		return nil
	}
	return Usagef("%s: `pataudit %s` prints names, which everybody could read in its log; "+
		"--allow-public insists", p.why, command)
}

// OneFile reports whether two paths lead to one file, through whatever links.
func OneFile(a, b string) bool {
	first, err := os.Stat(a)
	if second, other := os.Stat(b); err == nil && other == nil && os.SameFile(first, second) {
		return true
	}
	return followed(a) == followed(b)
}

// followed returns where a path's links lead, though nothing may be there yet.
func followed(path string) string {
	const enough = 40 // as in Linux
	for range enough {
		target, err := os.Readlink(path)
		if err != nil {
			break
		}
		if !filepath.IsAbs(target) {
			target = filepath.Join(filepath.Dir(resolved(path)), target)
		}
		path = target
	}
	return resolved(path)
}
