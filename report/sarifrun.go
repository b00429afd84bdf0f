// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/encode"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// sarifRun is one organization's run that is being written. It is judged once to count, and once
// for each class that has results, so that none is kept.
type sarifRun struct {
	writer *sarifWriter
	run    *audit.Run
	key    string // of the organization
	place  string // its path and category

	classes    [sarifClasses]int
	severities map[string]audit.Severity // the most that each rule says
	variants   map[string]bool           // of rules, which have results
	rules      []sarifRule
	index      map[string]int // of a rule
}

// sarifClass orders results, the worst first. The first ones are what breaks the policy, from
// critical to info; the last ones what is below its threshold, likewise.
type sarifClass uint8

const (
	sarifOpen    = sarifClass(audit.Critical) // a required rule could not judge
	sarifDebt    = sarifOpen + 1
	sarifWaived  = sarifOpen + 2
	sarifBelow   = sarifOpen + 3
	sarifClasses = sarifBelow + sarifClass(audit.Critical) + 1
)

// class tells the class of a finding; false for one that is no result.
func (o *sarifRun) class(f *audit.Finding) (class sarifClass, is bool) {
	milder := sarifClass(audit.Critical - f.Severity)
	switch view.Weigh(o.run, f) {
	case view.WeightViolation:
		return milder, true
	case view.WeightDebt:
		return sarifDebt, true
	case view.WeightWaived:
		return sarifWaived, true
	case view.WeightBelow:
		return sarifBelow + milder, true
	default:
		return sarifOpen, view.Unjudged(f)
	}
}

// ruleOf names the rule under which a finding is a result.
func (o *sarifRun) ruleOf(f *audit.Finding) string {
	id := f.Rule.Rule.ID
	switch view.Weigh(o.run, f) {
	case view.WeightDebt:
		return id + "/debt"
	case view.WeightWaived:
		return id + "/waived"
	case view.WeightBelow:
		return id + "/below"
	case view.WeightOpen:
		return id + "/open"
	default:
		if f.Severity != o.severities[id] {
			return id + "/" + f.Severity.String()
		}
		return id
	}
}

func (o *sarifRun) count() {
	o.severities, o.variants = map[string]audit.Severity{}, map[string]bool{}
	for i := range o.run.Rules {
		o.severities[o.run.Rules[i].Rule.ID] = o.run.Rules[i].Severity
	}
	o.each(func(_ *audit.Result, f *audit.Finding, class sarifClass) bool {
		o.classes[class]++
		o.variants[o.ruleOf(f)] = true
		return true
	})
}

// each ranges over the findings that are results and that the view shows.
func (o *sarifRun) each(yield func(*audit.Result, *audit.Finding, sarifClass) bool) {
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

// total is how many findings are results.
func (o *sarifRun) total() (n int) {
	for _, of := range o.classes {
		n += of
	}
	return n
}

// sarifRoom is how many of them the file takes, beside the results of our own.
const sarifRoom = sarifMostResults - 2

// notShown says what a viewer does not show, or the file does not hold.
func (o *sarifRun) notShown() string {
	switch n := o.total(); {
	case n > sarifRoom:
		return fmt.Sprintf("%d of %d results are left out, the mildest: GitHub takes %d, and shows %d",
			n-sarifRoom, n, sarifMostResults, sarifMostShown)
	case n > sarifMostShown-2:
		return fmt.Sprintf("%d results: GitHub shows %d, the first of this file", n, sarifMostShown)
	}
	return ""
}

// results writes them, the worst first; what a reader must not miss before all.
func (o *sarifRun) results() {
	if !o.run.Complete {
		o.own(sarifIncomplete, "error", words.Reasons(o.run))
	}
	if text := o.notShown(); text != "" {
		o.own(sarifNotShown, "warning", text)
	}
	left := sarifRoom
	for class := range sarifClasses {
		if o.classes[class] == 0 || left == 0 {
			continue
		}
		o.each(func(r *audit.Result, f *audit.Finding, is sarifClass) bool {
			if is == class {
				o.writer.Value(o.result(r, f))
				left--
			}
			return left > 0 && o.writer.Err == nil
		})
	}
}

func (o *sarifRun) own(rule, level, text string) {
	result := sarifOwn(rule, level, text, o.place, o.key)
	result.BaselineState = o.baseline(false)
	o.writer.Value(&result)
}

// baseline is said of every result of a run that has a baseline, and of none otherwise.
func (o *sarifRun) baseline(known bool) string {
	switch {
	case o.run.Debt == nil:
		return ""
	case known:
		return "unchanged"
	}
	return "new"
}

func (o *sarifRun) result(r *audit.Result, f *audit.Finding) *sarifResult {
	rule := o.ruleOf(f)
	index := o.index[rule]
	result := &sarifResult{
		RuleID: rule, RuleIndex: &index, Kind: "fail", Level: sarifLevel(f.Severity),
		Message:       sarifText{words.Sentence(o.run, r, f)},
		Locations:     []sarifLocation{sarifAt(o.place, words.Subject(r))},
		Fingerprints:  sarifFingerprint(view.KindOf(r), fmt.Sprint(r.Token.ID), f.Rule.Rule.ID, o.key),
		BaselineState: o.baseline(f.InBaseline),
		Properties: &sarifFinding{
			Kind: view.KindOf(r), Grant: r.Token.ID, Token: encode.OrNull(r.Token.TokenID),
			Severity: encode.Severity(f.Severity), FirstSeen: encode.Instant(f.FirstSeen),
			Due: encode.Instant(f.Due), Overdue: f.Overdue,
		},
	}
	switch view.Weigh(o.run, f) {
	case view.WeightDebt, view.WeightWaived:
		result.Kind, result.Level = "informational", "none"
		result.Suppressions = []sarifSuppression{{
			Kind: "external", Status: "accepted", Justification: view.Acceptance(o.run, f),
		}}
	case view.WeightBelow:
		result.Kind, result.Level = "review", "none"
	case view.WeightOpen:
		result.Kind, result.Level = "open", "none"
	default: // breaks the policy
	}
	return result
}

// sarifLevel is what SARIF has for a severity.
func sarifLevel(s audit.Severity) string {
	switch {
	case s >= audit.High:
		return "error"
	case s == audit.Medium:
		return "warning"
	}
	return "note"
}
