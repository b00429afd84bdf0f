// SPDX-License-Identifier: Apache-2.0

package report

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/audit/rules"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/records"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/comparison"
	"github.com/complytime/pataudit/report/json"
)

// sides reads the two runs that are compared, each from where it is.
type sides struct {
	organization string
	store        records.ReadFlags
	judged       flags.Policy
	judges       []string // flags that are given, and are for snapshots

	policy *audit.Policy // once a snapshot was judged
	names  []string      // of what was read, as the reader may call it

	pseudonymised int // reports
}

// read returns both runs.
func (s *sides) read(ctx context.Context, u *ui.UI, args []string) (runs []*audit.Run, err error) {
	if args[0] == "-" && args[1] == "-" {
		return nil, ui.Usagef("standard input is one of the two at most")
	}
	for _, name := range args {
		var run *audit.Run
		s.names = append(s.names, name)
		if number, stored := strings.CutPrefix(name, records.RunPrefix); stored {
			run, err = s.stored(ctx, u, number)
		} else if run, err = s.file(u, name); err != nil {
			err = ui.Usage(err)
		}
		if err != nil {
			return nil, err
		}
		runs = append(runs, run)
	}
	if len(s.judges) > 0 && s.policy == nil {
		return nil, ui.Usagef("--%s is for snapshots: reports and stored runs are compared as they "+
			"were judged", s.judges[0])
	}
	if s.pseudonymised == 1 {
		return nil, ui.Usagef("one of the two is pseudonymised and the other is not: nothing tells " +
			"which tokens are the same")
	}
	return runs, nil
}

// stored reads a run of the history.
func (s *sides) stored(ctx context.Context, u *ui.UI, which string) (run *audit.Run, err error) {
	organization := s.organization
	if !records.IsRelative(which) {
		organization = ""
	}
	err = s.store.WithRun(ctx, u, which, organization,
		func(store *history.Store, number int64) error {
			if run, err = records.Run(ctx, store, number); err != nil {
				return err
			}
			if o := run.Organization; organization != s.organization && !o.Called(s.organization) {
				return ui.Usagef("run %d is of %s, not of %s", number, o.Login, s.organization)
			}
			s.names[len(s.names)-1] = fmt.Sprintf("run %d", number)
			return nil
		})
	return run, err
}

// file reads a report or a snapshot.
func (s *sides) file(u *ui.UI, path string) (*audit.Run, error) {
	if path == "-" {
		return s.open(u, u.In, flags.StandardInput)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("reading: %w; a run of the history is named run:12", err)
	}
	defer func() { _ = file.Close() }() // only read
	return s.open(u, file, path)
}

func (s *sides) open(u *ui.UI, file io.Reader, name string) (*audit.Run, error) {
	reader, kind, err := flags.Recognize(file, name)
	switch {
	case err != nil:
		return nil, err
	case kind == flags.SnapshotFile:
		return s.snapshot(u, reader, name)
	case kind == flags.ReportFile:
		return s.report(reader, name)
	}
	if err := flags.CheckKind(kind, flags.ReportFile, name); err != nil {
		return nil, err
	}
	return nil, fmt.Errorf("%s is neither a JSON report (pataudit audit -o audit.json) nor a "+
		"snapshot (pataudit audit --snapshot evidence.json)", name)
}

// snapshot judges a snapshot, as of its own date.
func (s *sides) snapshot(u *ui.UI, reader io.Reader, name string) (*audit.Run, error) {
	evidence, err := flags.OpenSnapshot(u.Now())(reader, name)
	if err != nil {
		return nil, err
	}
	if o := evidence.Organization; s.organization != "" && !o.Called(s.organization) {
		return nil, fmt.Errorf("%s is a snapshot of %s, not of %s", name, o.Login, s.organization)
	}
	if s.policy == nil {
		if s.policy, err = s.judged.Load(u.Now()); err != nil {
			return nil, err
		}
	}
	if err := flags.CheckBaseline(s.judged.Baseline, s.policy.Baseline,
		evidence.Organization); err != nil {
		return nil, err
	}
	return audit.Evaluate(evidence, s.policy, audit.Options{}), nil
}

// report takes the run of one organization from a report, as it was judged.
func (s *sides) report(reader io.Reader, name string) (*audit.Run, error) {
	saved, err := json.Read(reader, name)
	if err != nil {
		return nil, err
	}
	document, err := saved.Take(rules.All)
	if err != nil {
		return nil, fmt.Errorf("%s: %w; this is not a JSON report as pataudit wrote it", name, err)
	}
	var found *audit.Run
	var logins []string
	for _, run := range document.Runs {
		logins = append(logins, run.Organization.Login)
		if run.Organization.Called(s.organization) || s.organization == "" && len(document.Runs) == 1 {
			found = run
		}
	}
	switch {
	case found == nil && s.organization == "" && len(logins) > 1:
		return nil, fmt.Errorf("%s is about %d organizations: name one with --organization: %s", name,
			len(logins), strings.Join(logins[:min(len(logins), 10)], ", "))
	case found == nil && s.organization != "":
		return nil, fmt.Errorf("%s has no audit of %s", name, s.organization)
	case found == nil:
		return nil, fmt.Errorf("%s has no audit in it", name)
	case comparison.Partial(document, found):
		return nil, fmt.Errorf("%s holds a part of what was found only, as it was written with --only "+
			"failing or a filter: what it leaves out is not gone; compare whole reports", name)
	}
	if document.Pseudonymised {
		s.pseudonymised++
	}
	return found, nil
}
