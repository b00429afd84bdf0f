// SPDX-License-Identifier: Apache-2.0

package flags

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/pflag"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/api"
	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/cmd/pataudit/records"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// Evidence has the flags that name what is judged, for the commands beside audit: a file, a run of
// the history, or the organization itself.
type Evidence struct {
	Source       Source
	From         string
	Organization string
	run          string // of the history, whose evidence is meant; "": none
	asOf         string
	Extras       Enterprise
	More         audit.Facts        // wanted beyond what the policy needs
	history      *records.ReadFlags // what earlier runs know counts, too; nil: it does not
}

// RegisterHistory registers the flags about earlier runs.
func (f *Evidence) RegisterHistory(set *pflag.FlagSet) {
	f.history = new(records.ReadFlags)
	set.StringVar(&f.history.URL, "history", "", "`url` of the history, which tells what "+
		"tokens gained: pataudit.db, postgres://… ("+records.Variable+")")
}

// RegisterRun registers what names a run of the history that [Evidence.RegisterHistory] names.
func (f *Evidence) RegisterRun(set *pflag.FlagSet) {
	set.StringVar(&f.run, "run", "", "the evidence of a `run` of the history: 12, latest, previous")
}

// Register registers the flags, but for those of a history.
func (f *Evidence) Register(set *pflag.FlagSet) {
	set.StringVar(&f.From, "from", "", "a snapshot, or a bare list of grants, from `file`; "+
		"- is standard input")
	set.StringVar(&f.Organization, "organization", "",
		"`login` to ask GitHub about, if there is no --from; or whose bare list it is")
	set.StringVar(&f.asOf, "as-of", "", "judge as of this `time`: 2026-11-22, or RFC 3339")
	f.Source.Register(set)
}

// Pick returns the source.
func (f *Evidence) Pick(u *ui.UI) (audit.Source, error) {
	if f.From != "" {
		if err := f.Source.check(); err != nil {
			return nil, err
		}
		endpoint, err := api.ParseEndpoint(f.Source.apiURL)
		if err != nil {
			return nil, err
		}
		if f.From != "-" {
			if _, err := os.Stat(f.From); err != nil {
				return nil, fmt.Errorf("reading evidence: %w", err)
			}
		}
		return &fileSource{
			name: f.From, ui: u, login: f.Organization, host: endpoint.Host,
		}, nil
	}
	if f.Organization == "" {
		return nil, errors.New("no evidence: --from a snapshot, or --organization LOGIN")
	}
	if err := CheckLogin(f.Organization); err != nil {
		return nil, err
	}
	client, err := f.Source.Client(u)
	if err != nil {
		return nil, err
	}
	return client.Organization(f.Organization), nil
}

// Collect reads the evidence that want names, and the instant to judge it by.
func (f *Evidence) Collect(
	ctx context.Context, u *ui.UI, want audit.Facts,
) (*audit.Evidence, time.Time, error) {
	asOf, err := ui.ParseTime(f.asOf)
	if err != nil {
		return nil, asOf, ui.Usagef("--as-of: %w", err)
	}
	if f.run != "" {
		evidence, err := f.ofRun(ctx, u)
		return evidence, asOf, err
	}
	source, err := f.Pick(u)
	if err != nil {
		return nil, asOf, ui.Usage(err)
	}
	evidence, err := source.Collect(ctx, want)
	if err != nil {
		return nil, asOf, ui.Failed(err)
	}
	u.Clear()
	if asOf.IsZero() && evidence.CollectedAt.IsZero() {
		asOf = u.Now().UTC().Truncate(time.Second)
	}
	return evidence, asOf, nil
}

// ofRun reads the evidence of the run that is named.
func (f *Evidence) ofRun(ctx context.Context, u *ui.UI) (evidence *audit.Evidence, err error) {
	if f.From != "" {
		return nil, ui.Usagef("--from and --run both name the evidence: leave one out")
	}
	err = f.history.WithRun(ctx, u, f.run, f.Organization,
		func(store *history.Store, number int64) error {
			evidence, err = records.Evidence(ctx, store, number)
			return err
		})
	return evidence, err
}

// Run collects and judges by one policy.
func (f *Evidence) Run(ctx context.Context, u *ui.UI, p *audit.Policy) (*audit.Run, error) {
	f.Source.Contacts = p.Contacts()
	evidence, asOf, err := f.Collect(ctx, u, p.Needs(0)|f.Extras.Facts()|f.More)
	if err != nil {
		return nil, err
	}
	f.Extras.Warn(u, evidence)
	options := audit.Options{AsOf: asOf}
	if err := f.recall(ctx, u, p, evidence, &options); err != nil {
		return nil, err
	}
	return audit.Evaluate(evidence, p, options), nil
}

// recall puts into the options the memory of earlier runs, if a history is named.
func (f *Evidence) recall(
	ctx context.Context, u *ui.UI, p *audit.Policy, e *audit.Evidence, o *audit.Options,
) error {
	if f.history == nil {
		return nil
	}
	store, err := f.history.OpenNamed(ctx, u)
	if store == nil || err != nil {
		return err
	}
	if err = records.CheckSound(ctx, u, store); err == nil {
		k := &records.Keeper{Store: store}
		recall := k.Recall
		if f.From == "" && f.run == "" {
			recall = k.RecallFresh
		}
		*o, err = recall(ctx, p, e, *o)
	}
	if err := errors.Join(err, store.Close()); err != nil {
		return ui.Failed(err)
	}
	return nil
}
