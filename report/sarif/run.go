// SPDX-License-Identifier: Apache-2.0

package sarif

import (
	"fmt"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/encode"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// runWriter is one organization's run that is being written. It is judged once to count, and once
// for each class that has results, so that none is kept.
type runWriter struct {
	writer *writer
	run    *audit.Run
	key    string // of the organization
	place  string // its path and category

	total      int // how many findings are results
	classes    [classes]int
	severities map[string]audit.Severity // the most that each rule says
	variants   map[string]bool           // of rules, which have results
	rules      []reportingRule
	index      map[string]int // of a rule
}

// resultClass orders results, the worst first. The first ones are what breaks the policy, from
// critical to info; the last ones what is below its threshold, likewise.
type resultClass uint8

const (
	classOpen   = resultClass(audit.Critical) // a required rule could not judge
	classDebt   = classOpen + 1
	classWaived = classOpen + 2
	classBelow  = classOpen + 3
	classes     = classBelow + resultClass(audit.Critical) + 1
)

// class returns the class of a finding; false for one that is no result.
func (o *runWriter) class(f *audit.Finding) (class resultClass, is bool) {
	milder := resultClass(audit.Critical - f.Severity)
	switch view.Weigh(o.run, f) {
	case view.WeightViolation:
		return milder, true
	case view.WeightDebt:
		return classDebt, true
	case view.WeightWaived:
		return classWaived, true
	case view.WeightBelow:
		return classBelow + milder, true
	default:
		return classOpen, view.Unjudged(f)
	}
}

// ruleOf returns the rule under which a finding is a result.
func (o *runWriter) ruleOf(f *audit.Finding) string {
	id := f.Rule.Rule.ID
	if e, is := exempt[view.Weigh(o.run, f)]; is {
		return id + "/" + e.suffix
	}
	if f.Severity != o.severities[id] {
		return id + "/" + f.Severity.String()
	}
	return id
}

func (o *runWriter) count() {
	o.severities, o.variants = map[string]audit.Severity{}, map[string]bool{}
	for i := range o.run.Rules {
		o.severities[o.run.Rules[i].Rule.ID] = o.run.Rules[i].Severity
	}
	o.each(func(_ *audit.Result, f *audit.Finding, class resultClass) bool {
		o.classes[class]++
		o.total++
		o.variants[o.ruleOf(f)] = true
		return true
	})
}

// each ranges over the findings that are results and that the view shows.
func (o *runWriter) each(yield func(*audit.Result, *audit.Finding, resultClass) bool) {
	for r := range view.Counted(o.run) {
		findings, shown := o.writer.doc.View.Choose(r)
		if !shown {
			continue
		}
		for _, f := range findings {
			if class, is := o.class(f); is && !yield(r, f, class) {
				return
			}
		}
	}
}

// mostOwn is how many results of our own there may be: two, and one for each claimed setting.
func (o *runWriter) mostOwn() int { return 2 + len(o.run.Settings) }

// mostOfFindings is how many findings the file takes, beside the results of our own.
func (o *runWriter) mostOfFindings() int { return mostResults - o.mostOwn() }

// notShown returns what a viewer does not show, or the file does not hold.
func (o *runWriter) notShown() string {
	switch n := o.total; {
	case n > o.mostOfFindings():
		return fmt.Sprintf("%d of %d results are left out, the mildest: GitHub takes %d, and shows %d",
			n-o.mostOfFindings(), n, mostResults, mostShown)
	case n > mostShown-o.mostOwn():
		return fmt.Sprintf("%d results: GitHub shows %d, the first of this file", n, mostShown)
	}
	return ""
}

// results writes them, the worst first; what a reader must not miss before all.
func (o *runWriter) results() {
	if !o.run.Complete {
		o.own(evidenceIncomplete, "error", words.Reasons(o.run))
	}
	if text := o.notShown(); text != "" {
		o.own(resultsNotShown, "warning", text)
	}
	for i := range o.run.Settings {
		if s := &o.run.Settings[i]; s.State == audit.SettingContradicted {
			o.own(settingContradicted, "error", words.Claimed(o.run, s), string(s.Setting))
		}
	}
	left := o.mostOfFindings()
	for class := range classes {
		if o.classes[class] == 0 || left == 0 {
			continue
		}
		o.each(func(r *audit.Result, f *audit.Finding, is resultClass) bool {
			if is == class {
				o.writer.Value(o.result(r, f))
				left--
			}
			return left > 0 && o.writer.Err == nil
		})
	}
}

func (o *runWriter) own(rule, level, text string, which ...string) {
	result := ownResult(rule, level, text, o.place, append([]string{o.key}, which...)...)
	result.BaselineState = o.baseline(false)
	o.writer.Value(&result)
}

// baseline returns the state of a result against the run's baseline; "" if the run has none.
func (o *runWriter) baseline(known bool) string {
	switch {
	case o.run.Debt == nil:
		return ""
	case known:
		return "unchanged"
	}
	return "new"
}

func (o *runWriter) result(r *audit.Result, f *audit.Finding) *resultObject {
	rule, subject := o.ruleOf(f), words.Subject(r)
	index := o.index[rule]
	result := &resultObject{
		RuleID: rule, RuleIndex: &index, Kind: "fail", Level: levelOf(f.Severity),
		Message:       plainText{words.Sentence(o.run, subject, f)},
		Locations:     []location{locationOf(o.place, subject)},
		Fingerprints:  fingerprintOf(view.KindOf(r), fmt.Sprint(r.Token.ID), f.Rule.Rule.ID, o.key),
		BaselineState: o.baseline(f.InBaseline),
		Properties: &resultProperties{
			Kind: view.KindOf(r), Grant: r.Token.ID, Token: encode.OrNull(r.Token.TokenID),
			Severity: encode.Severity(f.Severity), FirstSeen: encode.Instant(f.FirstSeen),
			Due: encode.Instant(f.Due), Overdue: f.Overdue,
		},
	}
	w := view.Weigh(o.run, f)
	if e, is := exempt[w]; is {
		result.Kind, result.Level = e.kind, "none"
	}
	if w.Accepted() {
		result.Suppressions = []suppression{{
			Kind: "external", Status: "accepted", Justification: view.Acceptance(o.run, f),
		}}
	}
	return result
}

// levelOf is what SARIF has for a severity.
func levelOf(s audit.Severity) string {
	switch {
	case s >= audit.High:
		return "error"
	case s == audit.Medium:
		return "warning"
	}
	return "note"
}
