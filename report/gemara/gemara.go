// SPDX-License-Identifier: Apache-2.0

// Package gemara writes what an audit found as the documents of Gemara that complytime's
// compliance tools read: an evaluation log, and the catalog of the controls that it evaluates.
package gemara

import (
	"io"
	"slices"
	"strings"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/encode"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// Format writes an EvaluationLog in YAML, as complytime's own tools read it, or in JSON to a path
// that ends so.
//
// Each rule that was asked is an evaluation of the control of the same id in the catalog that
// [Catalog] writes. It holds one assessment for each organization, and one for each token
// that does not pass. A failure is Failed, even if it is waived or accepted debt: what is accepted
// is for an enforcement log, and the message mentions that. One below the policy's threshold is
// Needs Review: it does not fail the policy, and is no pass. What could not be judged is Unknown;
// so is everything that did not fail in a run that is not complete. The control complete-evidence
// says whether all was seen, and why not. Claims about the organization's own settings are the
// control organization-settings: Failed if contradicted, Needs Review if a person attests it, else
// Not Run; in the log's own result a failure alone counts.
var Format = view.Format{
	Name:  "gemara",
	Doc:   "evaluation log for compliance tools (Gemara): YAML, or JSON by the path's suffix",
	Ext:   []string{".gemara.yaml", ".gemara.yml", ".gemara.json"},
	Write: func(w io.Writer, d *view.Document) error { return writeLog(&yamlOutput{w: w}, d) },
	JSON: func(w io.Writer, d *view.Document) error {
		return writeLog(&jsonOutput{encode.New(w)}, d)
	},
}

const (
	schemaVersion = "1.4.1"
	catalogID     = "pataudit-rules"      // the id of the catalog, and of the reference to it
	evidenceID    = "complete-evidence"   // the control beside the rules
	tokensID      = "fine-grained-tokens" // what the controls apply to
)

// writer writes the log. What it writes to keeps the first error.
type writer struct {
	out  output
	doc  *view.Document
	runs []*runCounts
	at   string
}

func writeLog(out output, d *view.Document) error {
	g := &writer{out: out, doc: d, at: view.DocumentTime(d).Format(time.RFC3339)}
	for _, run := range d.Runs {
		r := &runCounts{run, view.Tally(run)}
		for i := range run.Rules {
			if !run.Rules[i].Asked {
				delete(r.counts, run.Rules[i].Rule.ID)
			}
		}
		g.runs = append(g.runs, r)
	}
	rules := view.AskedRules(d.Runs)
	overall, _ := g.evidence()
	for _, rule := range rules {
		overall = max(overall, g.outcomeOf(rule.Rule.ID))
	}
	if d.Contradicted() > 0 {
		overall = failed
	}
	out.begin(g.head(overall), "evaluations")
	g.writeEvidence()
	g.writeSettings()
	for _, rule := range rules {
		g.rule(rule)
	}
	out.end()
	return out.failed()
}

// outcomeOf returns the answer of all runs together to a rule.
func (g *writer) outcomeOf(rule string) outcome {
	worst := notApplicable
	for _, run := range g.runs {
		worst = max(worst, run.outcomeOf(rule))
	}
	return worst
}

func (g *writer) head(result outcome) *head {
	what := []string{"verdict " + g.doc.Outcome().String()}
	if tool := g.doc.Tool; tool.ProjectFile != "" {
		what = append(what, "project file "+tool.ProjectFile+" "+tool.ProjectDigest)
	}
	for _, run := range g.doc.Runs {
		for _, note := range words.Remainders(run, g.doc) {
			what = append(what, safe.Prose(run.Organization.Login, safe.MostName)+": "+note)
		}
	}
	return &head{
		Metadata: metadata{
			ID: "pataudit-" + view.DocumentID(g.doc), Type: "EvaluationLog", Gemara: schemaVersion,
			Version: g.doc.Tool.Version, Date: g.at, Author: author(g.doc.Tool),
			Description: safe.Prose("Audit of fine-grained personal access tokens: "+
				strings.Join(what, "; "), 4*safe.MostProse),
			Refs: []reference{{
				ID: catalogID, Title: catalogTitle, Version: view.OrUnknown(g.doc.Tool.Version),
			}},
		},
		Result: result.String(),
		Target: g.target(),
	}
}

// target is the organization, or all of them.
func (g *writer) target() entity {
	if g.doc.Single() {
		o := g.doc.Runs[0].Organization
		return entity{
			ID: safe.Prose(o.Key(), safe.MostName), Name: safe.Prose(o.Login, safe.MostName),
			Type: "Software", Description: "An organization on GitHub.",
		}
	}
	return entity{
		ID: "organizations", Type: "Software",
		Name:        safe.Plural(len(g.doc.Runs)+len(g.doc.Failed), "organization"),
		Description: "Organizations on GitHub. The messages say which is meant.",
	}
}

// evidence reports whether everything was seen.
func (g *writer) evidence() (result outcome, message string) {
	switch o := g.doc.Outcome(); {
	case len(g.doc.Runs)+len(g.doc.Failed) == 0:
		return notRun, "no organization was audited"
	case o != audit.Clean && o != audit.Violations:
		return unknown, "not complete: nothing is called clean"
	}
	return passed, "complete"
}

// evaluation begins one, whose assessments follow.
func (g *writer) evaluation(name, control string, result outcome, message string) {
	g.out.begin(&evaluation{
		Name: name, Result: result.String(), Message: message,
		Control: entry{catalogID, control},
	}, "assessment-logs")
}

func (g *writer) writeEvidence() {
	result, message := g.evidence()
	g.evaluation(evidenceControl.Title, evidenceID, result, message)
	for _, run := range g.runs {
		a := g.assessment(evidenceID, passed, g.about(run)+"complete")
		if !run.Complete {
			a.Result, a.Message = unknown.String(), g.about(run)+words.Reasons(run.Run)
		}
		if run.Digest != "" {
			collected := g.at
			if !run.CollectedAt.IsZero() {
				collected = view.PlainTime(run.CollectedAt).Format(time.RFC3339)
			}
			a.Evidence = []proof{{
				ID: "snapshot", Type: "snapshot", CollectedAt: collected,
				Payload: payload{run.Digest}, Description: "The digest of the evidence.",
			}}
		}
		g.out.element(a)
	}
	for _, f := range g.doc.Failed {
		g.out.element(g.assessment(evidenceID, unknown,
			safe.Prose(f.Organization, safe.MostName)+" was not audited: "+f.Reason.String()))
	}
	if len(g.doc.Runs)+len(g.doc.Failed) == 0 {
		g.out.element(g.assessment(evidenceID, notRun, message))
	}
	g.out.end()
}

// rule writes an evaluation: a pass over the results for each rule that someone does not pass.
func (g *writer) rule(r *audit.RuleCount) {
	id := r.Rule.ID
	var total view.Weighed
	for _, run := range g.runs {
		if c := run.counts[id]; c != nil {
			for w, n := range c {
				total[w] += n
			}
		}
	}
	g.evaluation(view.FailsIf(r.Rule), id, g.outcomeOf(id), total.String())
	for _, run := range g.runs {
		result, message := run.outcomeOf(id), "not asked"
		if c := run.counts[id]; c != nil {
			message = c.String()
		}
		g.out.element(g.assessment(id, result, g.about(run)+message))
		if result >= needsReview || g.doc.View.Only == view.OnlyAll {
			g.tokens(run, r)
		}
	}
	g.out.end()
}

// tokens writes an assessment of each token that the view shows with an answer to the rule.
func (g *writer) tokens(run *runCounts, r *audit.RuleCount) {
	all := g.doc.View.Only == view.OnlyAll
	ofRule := func(f *audit.Finding) bool { return f.Rule.Rule.ID == r.Rule.ID }
	for result := range view.Counted(run.Run) {
		if !all && !slices.ContainsFunc(result.Findings, ofRule) {
			continue // it passes, which is not shown
		}
		findings, shown := g.doc.View.Choose(result)
		i := slices.IndexFunc(findings, ofRule)
		if !shown || i < 0 {
			continue
		}
		f := findings[i]
		a := g.assessment(r.Rule.ID, outcomeOf(view.Weigh(run.Run, f)),
			g.about(run)+words.Sentence(run.Run, words.Subject(result), f))
		if f.Status == audit.Fail {
			a.Recommendation = r.Rule.Remedy
		}
		if g.out.assessment(a); g.out.failed() != nil {
			return
		}
	}
}

// about returns the organization, where there may be several.
func (g *writer) about(run *runCounts) string {
	if g.doc.Single() {
		return ""
	}
	return safe.Prose(run.Organization.Login, safe.MostName) + ": "
}

func (g *writer) assessment(rule string, r outcome, message string) *assessment {
	return &assessment{
		Requirement: entry{catalogID, rule + ".01"}, Description: "pataudit asks " + rule,
		Result: r.String(), Message: safe.Prose(message, safe.MostProse),
		Applicability: []string{tokensID}, Steps: []string{rule}, Start: g.at,
	}
}
