// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"

	"github.com/spf13/pflag"

	"github.com/complytime/pataudit/report"
)

// place says who can read the log of this run, and the summary of its job.
type place struct {
	public  bool
	why     string
	summary string // the file of the job's summary; "" if there is none
}

func registerAllowPublic(flags *pflag.FlagSet, allow *bool) {
	flags.BoolVar(allow, "allow-public", false, "print names even in a workflow of a public "+
		"repository, whose log everybody can read")
}

// placeOf reads what GitHub tells a workflow of itself. One that does not say whether its
// repository is public runs in a public place, for all we know; outside of workflows there is no
// log that others read.
func placeOf(allowed bool, getenv func(string) string) place {
	if allowed || getenv("GITHUB_ACTIONS") != "true" {
		return place{}
	}
	p := place{
		public: true, summary: getenv("GITHUB_STEP_SUMMARY"),
		why: "nothing says that this workflow's repository is private",
	}
	switch private, err := inPrivate(getenv("GITHUB_EVENT_PATH")); {
	case err != nil: // as if it did not say
	case private:
		return place{}
	default:
		p.why = "this workflow runs in a public repository"
	}
	return p
}

// inPrivate reads from a workflow's event whether its repository is private or internal. It is an
// error if the event does not say.
func inPrivate(path string) (private bool, err error) {
	file, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer func() { _ = file.Close() }() // only read
	var event struct {
		Repository struct {
			Private    *bool  `json:"private"`
			Visibility string `json:"visibility"`
		} `json:"repository"`
	}
	const largest = 64 << 20 // GitHub's own limit is 25 MB
	if err := json.NewDecoder(io.LimitReader(file, largest)).Decode(&event); err != nil {
		return false, err
	}
	switch r := &event.Repository; {
	case r.Visibility == "public":
		return false, nil
	case r.Private == nil:
		return false, errors.New("the event does not say whether the repository is private")
	default:
		return *r.Private, nil // an internal one is
	}
}

// guard keeps names from standard output and the job's summary. Files are the workflow's own to
// keep: it is told so.
func (p place) guard(ui *ui, d *destination) error {
	if ui.public = p.public; !p.public {
		return nil
	}
	if d.stdout != nil {
		format, err := p.nameless(*d.stdout, "standard output")
		if err != nil {
			return err
		}
		d.stdout = &format
	}
	files := false
	for i, t := range d.targets {
		if p.summary == "" || resolved(t.path) != resolved(p.summary) {
			files = true
			continue
		}
		var err error
		if d.targets[i].format, err = p.nameless(t.format, "the job's summary"); err != nil {
			return err
		}
	}
	if files {
		p.warn(ui)
	}
	return nil
}

// warn says that files hold names.
func (p place) warn(ui *ui) {
	ui.warnf("%s: the files that are written hold names; whoever may read the repository may read "+
		"its artifacts, too", p.why)
}

// nameless gives the format as everybody may read it.
func (p place) nameless(f report.Format, where string) (report.Format, error) {
	if f.Public == nil {
		return f, fmt.Errorf("%s: format %s holds names, which everybody could read on %s; "+
			"-o FILE writes a file, --allow-public insists", p.why, f.Name, where)
	}
	f.Write = f.Public
	return f, nil
}

// refuse keeps a command from printing names.
func (p place) refuse(command string) error {
	if !p.public {
		return nil
	}
	return fmt.Errorf("%s: `pataudit %s` prints names, which everybody could read in its log; "+
		"--allow-public insists", p.why, command)
}

// person is where a route of GitHub's API names someone.
var person = regexp.MustCompile(`\b((?:memberships|members|users)/)[^/?\s":,;]+`)

// impersonal takes people from the text of a log.
func impersonal(text string) string { return person.ReplaceAllString(text, "${1}…") }
