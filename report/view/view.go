// SPDX-License-Identifier: Apache-2.0

package view

import (
	"fmt"
	"slices"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
)

// The values of [View.Only].
const (
	OnlyFailing = "failing" // tokens that fail or could not be judged, each with its own row
	OnlyAll     = "all"     // every token and every answer, passes too
)

// View is how a document is shown. The zero value is the usual report.
type View struct {
	Width   int    // columns of the terminal, 60 at least; 0 is a log or a file, which cuts no row
	Color   bool   // with ANSI colours
	Links   bool   // with OSC 8 links to the rules' pages and to GitHub's settings
	Only    string // "", [OnlyFailing] or [OnlyAll]
	Verbose bool   // every source of the evidence, and digests in full
	Filter  Filter

	// Saved reports that the document is a report that was read back, which holds no more than it
	// shows.
	Saved bool

	// SystemPlan is the address of the system security plan that OSCAL's plan imports; "": none.
	SystemPlan string

	// Hints are what to type next: about each run, and of nil about the whole document. A screen
	// shows them.
	Hints map[*audit.Run][]Hint

	// Deciding is, of each run, how what is decided of its tokens is recorded.
	Deciding map[*audit.Run]*Deciding

	// Exit is the exit code that the process ends with; nil is the one that the outcome stands
	// for.
	Exit *int
}

// Filter chooses rows. Its parts must all match; an empty part matches everything. Figures and
// verdicts are always those of the whole run.
type Filter struct {
	Rules        []string       // ids
	Owners       []string       // logins
	Repositories []string       // "name" or "owner/name": tokens that reach one of them, or may
	Severity     audit.Severity // at least; what could not be judged counts as its rule's severity
}

// Active reports whether the filter leaves anything out.
func (f *Filter) Active() bool {
	return len(f.Rules)+len(f.Owners)+len(f.Repositories) > 0 || f.Severity > audit.NoSeverity
}

// String returns what the filter asks for: "owner jdoe, severity high or worse". It is not
// sanitized.
func (f *Filter) String() string {
	var parts []string
	for _, p := range []struct {
		noun   string
		values []string
	}{{"rule", f.Rules}, {"owner", f.Owners}, {"repository", f.Repositories}} {
		if len(p.values) > 0 {
			parts = append(parts, p.noun+" "+safe.List(p.values, "or"))
		}
	}
	if f.Severity > audit.NoSeverity {
		parts = append(parts, fmt.Sprintf("severity %s or worse", f.Severity))
	}
	return strings.Join(parts, ", ")
}

// Shown returns what the lists of a document show, if that is not all: "failing, owner jdoe". It
// is not sanitized.
func (v *View) Shown() string {
	if v.Only != OnlyFailing {
		return v.Filter.String()
	}
	return strings.Trim(v.Only+", "+v.Filter.String(), ", ")
}

// Unmatched lists the owners and repositories that are asked for, and that no token or pending
// request of the runs is known to have: "owner nobody".
func (f *Filter) Unmatched(runs []*audit.Run) (missing []string) {
	for _, login := range f.Owners {
		one := &Filter{Owners: []string{login}}
		if !anyToken(runs, one.owner) {
			missing = append(missing, "owner "+login)
		}
	}
	for _, name := range f.Repositories {
		one := &Filter{Repositories: []string{name}}
		if !one.listed(runs) && !anyToken(runs, func(t *audit.Token) bool {
			return slices.ContainsFunc(t.Repositories, one.names)
		}) {
			missing = append(missing, "repository "+name)
		}
	}
	return missing
}

// listed reports whether one of the organizations is known to have the repository.
func (f *Filter) listed(runs []*audit.Run) bool {
	return slices.ContainsFunc(runs, func(run *audit.Run) bool {
		return slices.ContainsFunc(run.Organization.Repositories, f.names)
	})
}

func anyToken(runs []*audit.Run, is func(*audit.Token) bool) bool {
	for _, run := range runs {
		for r := range Both(run) {
			if is(r.Token) {
				return true
			}
		}
	}
	return false
}

// Choose returns the findings of a result that the view shows, and whether it shows the token. The
// findings may be the result's own: they are not to be changed.
func (v *View) Choose(r *audit.Result) (findings []*audit.Finding, shown bool) {
	findings = r.Findings
	if v.Only == OnlyAll {
		findings = r.All()
	}
	if leftOut := v.leftOut; slices.ContainsFunc(findings, leftOut) {
		findings = slices.DeleteFunc(slices.Clone(findings), leftOut)
	}
	switch {
	case !v.Filter.owner(r.Token), !v.Filter.Repository(r.Token):
		return nil, false
	case v.Only == OnlyFailing:
		return findings, slices.ContainsFunc(findings, func(f *audit.Finding) bool {
			return f.Status == audit.Fail || Unjudged(f)
		})
	case len(v.Filter.Rules) > 0, v.Filter.Severity > audit.NoSeverity:
		return findings, len(findings) > 0
	}
	return findings, true
}

// leftOut reports whether the view does not show a finding.
func (v *View) leftOut(f *audit.Finding) bool {
	return v.Only != OnlyAll && (f.Status == audit.Pass || f.Status == audit.NotApplicable) ||
		!v.Filter.matches(f)
}

func (f *Filter) matches(finding *audit.Finding) bool {
	if len(f.Rules) > 0 && !slices.Contains(f.Rules, finding.Rule.Rule.ID) {
		return false
	}
	severity := finding.Severity
	if finding.Status == audit.Indeterminate {
		severity = finding.Rule.Severity
	}
	return severity >= f.Severity
}

func (f *Filter) owner(t *audit.Token) bool {
	return len(f.Owners) == 0 || t.Owner != nil && f.Login(t.Owner.Login)
}

// Login reports whether the filter asks for an owner of this login, in any case of its letters, or
// for no owner.
func (f *Filter) Login(owner string) bool {
	return len(f.Owners) == 0 || slices.ContainsFunc(f.Owners, func(login string) bool {
		return strings.EqualFold(login, owner)
	})
}

// Repository reports whether the token reaches one of the repositories. What is not known of it
// does not hide it.
func (f *Filter) Repository(t *audit.Token) bool {
	switch {
	case len(f.Repositories) == 0:
		return true
	case !t.Known.Has(audit.FactSelection), t.Selection == audit.SelectAll:
		return true
	case t.Selection != audit.SelectSubset:
		return false
	case !t.Known.Has(audit.FactRepositories):
		return true
	}
	return slices.ContainsFunc(t.Repositories, f.names)
}

// names reports whether the filter asks for the repository.
func (f *Filter) names(r *audit.Repository) bool {
	_, name, _ := strings.Cut(r.Name, "/")
	return slices.ContainsFunc(f.Repositories, func(want string) bool {
		return strings.EqualFold(want, r.Name) || strings.EqualFold(want, name)
	})
}

// RowOf reports whether a token that stands so has a row.
func (v *View) RowOf(s Standing) bool {
	switch v.Only {
	case OnlyAll:
		return true
	case OnlyFailing:
		return s != Indebted
	}
	return s == Violates || s == Open
}
