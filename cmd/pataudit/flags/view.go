// SPDX-License-Identifier: Apache-2.0

package flags

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report"
	"github.com/complytime/pataudit/report/view"
)

// View has the flags for what is shown of a report, how, and where it goes. None of them changes a
// verdict.
type View struct {
	Output
	only     string
	rules    []string
	severity string
	owners   []string
	repos    []string
	Sign     ui.SignFlag

	systemPlan string // of OSCAL

	// Instead is what standard output gets in place of a report; nil: the report.
	Instead *view.Format
}

// Output says in which form, and where, a report or a comparison is written.
type Output struct {
	Format              string
	Outputs             []string
	Color               string
	Redact, AllowPublic bool
	Quiet               bool
}

// RegisterNames registers the flags for whether people are named, and for colours.
func (f *Output) RegisterNames(set *pflag.FlagSet) {
	set.BoolVar(&f.Redact, "redact", false, "pseudonyms for people, tokens, ids and repositories "+
		"that are not public, made with the key in PATAUDIT_REDACT_KEY")
	ui.RegisterAllowPublic(set, &f.AllowPublic)
	ui.RegisterColor(set, &f.Color)
}

// RegisterOutput registers the flags for where a report goes.
func (f *View) RegisterOutput(set *pflag.FlagSet) {
	set.StringVar(&f.Format, "format", report.Formats[0].Name, "for standard output: "+
		strings.Join(FormatNames(), ", "))
	ui.Offer(set, "format", FormatNames())
	set.StringArrayVarP(&f.Outputs, "output", "o", nil,
		"write a report to `[format=]path`; repeatable")
	set.StringVar(&f.systemPlan, "ssp", "", "of OSCAL: the system security plan that the "+
		"assessment plan imports, a `uri` or a path")
	f.Sign.Register(set)
}

// RegisterView registers the flags for what is shown, and how.
func (f *View) RegisterView(set *pflag.FlagSet) {
	ui.Choice(set, &f.only, "only", "", []string{view.OnlyFailing, view.OnlyAll},
		"rows to show: failing or all (default: as the format does)")
	set.StringSliceVar(&f.rules, "rule", nil, "show findings of these `rules` only, "+
		"separated by commas")
	set.StringVar(&f.severity, "severity", "", "show findings at or above this `severity` only")
	ui.Offer(set, "rule", BuiltIn())
	ui.Offer(set, "severity", audit.SeverityNames())
	set.StringSliceVar(&f.owners, "owner", nil, "show tokens of these `logins` only, likewise")
	set.StringSliceVar(&f.repos, "repository", nil, "show tokens that reach these `names` "+
		"only, likewise")
	f.RegisterNames(set)
	set.BoolVar(&f.Quiet, "quiet", false,
		"print errors only, and no report unless --format is given")
}

// FormatNames lists the formats of reports.
func FormatNames() []string { return report.Formats.Names() }

// Shown returns the view of the flags, where there are these rules.
func (f *View) Shown(u *ui.UI, verbose bool, rules []string) (view.View, error) {
	shown := view.View{
		Width: u.Width(), Color: u.Color(f.Color), Verbose: verbose, Only: f.only,
		SystemPlan: f.systemPlan,
		Filter:     view.Filter{Rules: f.rules, Owners: f.owners, Repositories: f.repos},
	}
	if _, err := url.Parse(f.systemPlan); err != nil {
		return shown, fmt.Errorf("--ssp: %w", err)
	}
	for _, id := range f.rules {
		if !slices.Contains(rules, id) {
			return shown, fmt.Errorf("--rule: %w", NoRule(id, rules))
		}
	}
	if f.severity != "" {
		severity, err := audit.ParseSeverity(f.severity)
		if err != nil {
			return shown, fmt.Errorf("--severity: %w", err)
		}
		shown.Filter.Severity = severity
	}
	return shown, nil
}
