// SPDX-License-Identifier: Apache-2.0

// Package annotations writes what a workflow of GitHub Actions shows of an audit beside its run:
// which token breaks which rule, and what to do next.
package annotations

import (
	"fmt"
	"io"
	"slices"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// Format is the workflow commands of GitHub Actions, each a line. It is not among the formats of a
// file: a runner obeys it when it is printed.
//
// First comes what was not seen, then the verdict, then the tokens, the worst first, then what is
// overdue and what is accepted. A document that names nobody has no tokens.
var Format = view.Format{
	Name:  "annotations",
	Doc:   "workflow commands of GitHub Actions: the worst tokens, beside the run",
	Write: write, Nameless: true,
}

// most is how many annotations GitHub shows of a step.
const most = 10

// The levels of an annotation.
const (
	levelError   = "error"
	levelWarning = "warning"
	levelNotice  = "notice"
)

// annotation is one workflow command. Its texts are not sanitized.
type annotation struct{ level, title, text string }

func (a *annotation) String() string {
	return fmt.Sprintf("::%s title=%s::%s\n", a.level, safe.AnnotationTitle(a.title),
		safe.Annotation(a.text))
}

// elsewhere is where the tokens are that find no room here.
const elsewhere = "the job's summary and the reports have them all"

func write(w io.Writer, d *view.Document) error {
	all, last := verdict(d), remarks(d)
	var tokens []*placed
	if !d.Nameless {
		tokens = broken(d)
	}
	room, more := most-len(all)-len(last), 0
	if len(tokens) > room {
		more = len(tokens) - (room - 1)
		tokens = tokens[:room-1]
	}
	for _, p := range tokens {
		all = append(all, tokenAnnotation(p, len(d.Runs) > 1))
	}
	if more > 0 {
		all = append(all, annotation{
			levelNotice, "pataudit", fmt.Sprintf("and %d more: %s", more, elsewhere),
		})
	}
	all = append(all, last...)
	for i := range all {
		if _, err := io.WriteString(w, all[i].String()); err != nil {
			return err
		}
	}
	return nil
}

// verdict returns what was not seen, and how much breaks the policy.
func verdict(d *view.Document) (all []annotation) {
	for _, text := range []string{unseen(d), violations(d)} {
		if text != "" {
			all = append(all, annotation{levelError, "pataudit", text})
		}
	}
	return all
}

// remarks returns what is overdue, and what a baseline accepts.
func remarks(d *view.Document) (all []annotation) {
	total := view.Total(d.Runs)
	if n := total.Overdue; n > 0 {
		level := levelWarning
		if d.Outcome() == audit.Clean {
			level = levelNotice
		}
		all = append(all, annotation{
			level, "pataudit", "overdue: " + safe.Plural(n, "finding") + " past the policy's sla",
		})
	}
	if n := view.Sum(total.IndebtedBy); n > 0 {
		all = append(all, annotation{
			levelNotice, "pataudit",
			"debt: a baseline alone keeps " + safe.Plural(n, "token") + " from breaking the policy",
		})
	}
	return all
}

// unseen returns what is missing of the evidence; "" if nothing is.
func unseen(d *view.Document) string {
	n := view.IncompleteRuns(d)
	switch {
	case len(d.Runs)+len(d.Failed) == 0:
		return "incomplete evidence: no organization was audited"
	case n == 0:
		return ""
	case !d.Single():
		return fmt.Sprintf("incomplete evidence of %s: the job's summary says what was not seen",
			safe.Plural(n, "organization"))
	}
	reasons := d.Runs[0].Incomplete
	text := "incomplete evidence: the job's summary says what was not seen"
	if len(reasons) > 0 {
		text = "incomplete evidence: " + reasons[0].String()
	}
	if more := len(reasons) - 1; more > 0 {
		text += fmt.Sprintf("; and %d more: see the job's summary", more)
	}
	return text
}

// violations returns how much breaks the policy; "" if nothing does.
func violations(d *view.Document) string {
	if !d.Outcome().Violated() {
		return ""
	}
	if d.Single() {
		return "violations: " + view.Headline(d.Runs[0], view.Count(d.Runs[0]))
	}
	n := 0
	for _, run := range d.Runs {
		if run.Outcome().Violated() {
			n++
		}
	}
	total := view.Total(d.Runs)
	text := fmt.Sprintf("violations in %s: %d of %s %s the policy", safe.Plural(n, "organization"),
		total.Violating, safe.Plural(total.Tokens, "token"), view.Breaks(total.Violating))
	return text + d.ContradictedText()
}

// placed is a token or a request that breaks the policy, or that could not be judged.
type placed struct {
	view.Place
	run    *audit.Run
	result *audit.Result
	reason *audit.Finding
}

// broken returns what breaks the policy, or may break it, the worst first.
func broken(d *view.Document) (found []*placed) {
	for _, run := range d.Runs {
		for r := range view.Both(run) {
			p := &placed{Place: view.PlaceOf(run, r, r.Findings), run: run, result: r}
			if p.Standing > view.Open || r.Request != nil && !run.Policy.FailOnRequests {
				continue
			}
			p.reason = view.Reason(run, p.Standing, r.Findings)
			if p.reason != nil { // a report may have left it out
				found = append(found, p)
			}
		}
	}
	slices.SortFunc(found, func(a, b *placed) int { return view.ComparePlaces(a.Place, b.Place) })
	return found
}

// tokenAnnotation returns the annotation of a token: its rule, what is wrong, and what to do next.
func tokenAnnotation(p *placed, several bool) annotation {
	rule := p.reason.Rule.Rule
	title, next := p.Severity.String(), rule.Remedy
	if p.Standing == view.Open {
		title, next = "cannot be judged", "Let the App see what is missing; pataudit doctor tells how."
	}
	a := annotation{
		title: title + ": " + rule.ID,
		text:  fmt.Sprintf("%s: %s. Next: %s", words.Subject(p.result), words.Why(p.reason), next),
	}
	if several {
		a.text = p.run.Organization.Login + ": " + a.text
	}
	switch {
	case p.Standing == view.Open, p.Severity == audit.Medium:
		a.level = levelWarning
	case p.Severity >= audit.High:
		a.level = levelError
	default:
		a.level = levelNotice
	}
	return a
}
