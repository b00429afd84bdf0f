// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/safe"
)

// subject is one organization that a job is about.
type subject struct {
	login  string // as it was named; "" if the evidence tells
	source audit.Source
	unfit  error // why it is not even asked; nil if it is
}

// choose picks what is audited.
func (j *job) choose(u *ui.UI, args []string) error {
	if len(args) > 1 || j.allInstallations || j.shard.parts > 0 {
		return j.chooseSeveral(u, args)
	}
	login := ""
	if len(args) > 0 {
		if err := flags.CheckLogin(args[0]); err != nil {
			return err
		}
		login = args[0]
	}
	if j.from == "" && login == "" {
		return errors.New("no organization: pataudit audit ORG, or --from a file")
	}
	from := flags.Evidence{Source: j.source, From: j.from, Organization: login}
	source, err := from.Pick(u)
	j.subjects = []subject{{login: login, source: source}}
	if j.from != "-" {
		j.evidence = j.from
	}
	return err
}

// chooseSeveral picks the organizations that are named, or leaves it to the App's installations.
func (j *job) chooseSeveral(u *ui.UI, args []string) error {
	if err := j.checkSeveral(args); err != nil {
		return err
	}
	client, err := j.source.Client(u)
	if err != nil {
		return err
	}
	j.several = true
	j.options.Shared = true
	if j.allInstallations {
		if !client.IsApp() {
			return errors.New("--all-installations needs the App's own credentials: " +
				"an installation token is of one organization")
		}
		j.installed = client
		return nil
	}
	for _, login := range args {
		j.subjects = append(j.subjects, subject{login: login, source: client.Organization(login)})
	}
	return nil
}

// checkSeveral refuses what is of one organization only.
func (j *job) checkSeveral(args []string) error {
	switch {
	case j.allInstallations && len(args) > 0:
		return errors.New("--all-installations audits every organization in which the App is " +
			"installed: name none beside it")
	case len(args) == 0 && !j.allInstallations:
		return errors.New("no organization: --shard is part of those that are named, or of " +
			"--all-installations")
	case j.from != "":
		return errors.New("--from is evidence of one organization: judge each file by itself")
	case j.snapshot != "":
		return errors.New("--snapshot is of one organization: save each with " +
			"`pataudit collect ORG -o FILE`, and judge it with `pataudit audit --from FILE`")
	case j.source.InstallationID != 0:
		return errors.New("--installation-id is of one organization: leave it out, " +
			"and each one's is looked up")
	}
	seen := map[string]bool{}
	for _, login := range args {
		if err := flags.CheckLogin(login); err != nil {
			return err
		}
		lower := strings.ToLower(login)
		if seen[lower] {
			return fmt.Errorf("%s is named twice", login)
		}
		seen[lower] = true
	}
	return nil
}

// resolve finds the organizations in which the App is installed, unless they were named.
func (j *job) resolve(ctx context.Context, u *ui.UI) error {
	if j.installed == nil {
		return nil
	}
	installations, err := j.installed.Installations(ctx)
	if err != nil {
		return err
	}
	var others []string
	for _, i := range installations {
		if !i.Organization {
			others = append(others, i.Login)
			continue
		}
		s := subject{login: i.Login, source: j.installed.Organization(i.Login)}
		if !i.SuspendedAt.IsZero() {
			s.unfit = fmt.Errorf("the App's installation is suspended since %s: "+
				"an organization owner must unsuspend it", i.SuspendedAt.Format(time.DateOnly))
		}
		j.subjects = append(j.subjects, s)
	}
	if len(others) > 0 {
		who := strings.Join(others, ", ")
		if u.Nameless {
			who = safe.Plural(len(others), "account")
		}
		u.Notef("not audited, for only organizations are: %s", who)
	}
	if len(j.subjects) == 0 {
		return errors.New("the App is installed in no organization: `pataudit setup ORG` says how " +
			"to install it")
	}
	return nil
}
