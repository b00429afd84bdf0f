// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
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

// Gemara writes an EvaluationLog in YAML, as complytime's own tools read it; [GemaraJSON] the same
// in JSON.
//
// Each rule that was asked is an evaluation of the control of the same id in the catalog that
// [GemaraCatalog] writes. It holds one assessment for each organization, and one for each token
// that does not pass. A failure is Failed, even if it is waived or accepted debt: what is accepted
// is for an enforcement log, and the message says it. One below the policy's threshold is
// Needs Review: it does not fail the policy, and is no pass. What could not be judged is Unknown;
// so is everything that did not fail in a run that is not complete. The control complete-evidence
// says whether all was seen, and why not.
var Gemara = view.Format{
	Name:  "gemara",
	Doc:   "evaluation log for compliance tools (Gemara, YAML)",
	Ext:   []string{".gemara.yaml", ".gemara.yml"},
	Write: func(w io.Writer, d *view.Document) error { return writeGemara(&gemaraYAML{w: w}, d) },
}

// GemaraJSON is [Gemara] in JSON.
var GemaraJSON = view.Format{
	Name: "gemara-json",
	Doc:  "evaluation log for compliance tools (Gemara, JSON)",
	Ext:  []string{".gemara.json"},
	Write: func(w io.Writer, d *view.Document) error {
		return writeGemara(&gemaraJSON{encode.New(w)}, d)
	},
}

const (
	gemaraVersion  = "1.4.1"
	gemaraCatalog  = "pataudit-rules"      // the id of the catalog, and of the reference to it
	gemaraEvidence = "complete-evidence"   // the control beside the rules
	gemaraTokens   = "fine-grained-tokens" // what the controls apply to
)

// gemaraWriter writes the log. What it writes to keeps the first error.
type gemaraWriter struct {
	out  gemaraOutput
	doc  *view.Document
	runs []*gemaraRun
	at   string
}

func writeGemara(out gemaraOutput, d *view.Document) error {
	g := &gemaraWriter{out: out, doc: d, at: view.DocumentTime(d).Format(time.RFC3339)}
	for _, run := range d.Runs {
		r := &gemaraRun{run, map[string]*view.Weighed{}}
		counts := view.Tally(run)
		for i := range run.Rules {
			if id := run.Rules[i].Rule.ID; run.Rules[i].Asked {
				r.counts[id] = counts[id]
			}
		}
		g.runs = append(g.runs, r)
	}
	rules := view.AskedRules(d.Runs)
	overall, _ := g.evidence()
	for _, rule := range rules {
		overall = max(overall, g.of(rule.Rule.ID))
	}
	out.begin(g.head(overall), "evaluations")
	g.writeEvidence()
	for _, rule := range rules {
		g.rule(rule)
	}
	out.end()
	return out.failed()
}

// of is what all runs together say of a rule.
func (g *gemaraWriter) of(rule string) gemaraResult {
	worst := gemaraNotApplicable
	for _, run := range g.runs {
		worst = max(worst, run.of(rule))
	}
	return worst
}

func (g *gemaraWriter) head(result gemaraResult) *gemaraHead {
	what := []string{"verdict " + g.doc.Outcome().String()}
	for _, run := range g.doc.Runs {
		for _, note := range words.Remainders(run, &g.doc.View) {
			what = append(what, safe.Prose(run.Organization.Login, safe.MostName)+": "+note)
		}
	}
	return &gemaraHead{
		Metadata: gemaraMetadata{
			ID: "pataudit-" + view.DocumentID(g.doc), Type: "EvaluationLog", Gemara: gemaraVersion,
			Version: g.doc.Tool.Version, Date: g.at, Author: gemaraAuthor(g.doc.Tool),
			Description: safe.Prose("Audit of fine-grained personal access tokens: "+
				strings.Join(what, "; "), 4*safe.MostProse),
			Refs: []gemaraReference{{
				ID: gemaraCatalog, Title: gemaraTitle, Version: gemaraToolVersion(g.doc.Tool),
			}},
		},
		Result: result.String(),
		Target: g.target(),
	}
}

// target is the organization, or all of them.
func (g *gemaraWriter) target() gemaraEntity {
	if g.doc.Single() {
		o := g.doc.Runs[0].Organization
		return gemaraEntity{
			ID: safe.Prose(
				view.OrganizationKey(o),
				safe.MostName,
			),
			Name:        safe.Prose(o.Login, safe.MostName),
			Type:        "Software",
			Description: "An organization on GitHub.",
		}
	}
	return gemaraEntity{
		ID: "organizations", Type: "Software",
		Name:        safe.Plural(len(g.doc.Runs)+len(g.doc.Failed), "organization"),
		Description: "Organizations on GitHub. The messages say which is meant.",
	}
}

// evidence reports whether everything was seen.
func (g *gemaraWriter) evidence() (result gemaraResult, message string) {
	switch o := g.doc.Outcome(); {
	case len(g.doc.Runs)+len(g.doc.Failed) == 0:
		return gemaraNotRun, "no organization was audited"
	case o != audit.Clean && o != audit.Violations:
		return gemaraUnknown, "not complete: nothing is called clean"
	}
	return gemaraPassed, "complete"
}

// evaluation begins one, whose assessments follow.
func (g *gemaraWriter) evaluation(name, control string, result gemaraResult, message string) {
	g.out.begin(&gemaraEvaluation{
		Name: name, Result: result.String(), Message: message,
		Control: gemaraEntry{gemaraCatalog, control},
	}, "assessment-logs")
}

func (g *gemaraWriter) writeEvidence() {
	result, message := g.evidence()
	g.evaluation(evidenceControl.Title, gemaraEvidence, result, message)
	for _, run := range g.runs {
		a := g.assessment(gemaraEvidence, gemaraPassed, g.about(run)+"complete")
		if !run.Complete {
			a.Result, a.Message = gemaraUnknown.String(), g.about(run)+words.Reasons(run.Run)
		}
		if run.Digest != "" {
			a.Evidence = []gemaraProof{{
				ID: "snapshot", Type: "snapshot", CollectedAt: gemaraTime(run.CollectedAt, g.at),
				Payload: gemaraPayload{run.Digest}, Description: "The digest of the evidence.",
			}}
		}
		g.out.element(a)
	}
	for _, f := range g.doc.Failed {
		g.out.element(g.assessment(gemaraEvidence, gemaraUnknown,
			fmt.Sprintf("%s was not audited: %s", safe.Prose(f.Organization, safe.MostName), f.Reason)))
	}
	if len(g.doc.Runs)+len(g.doc.Failed) == 0 {
		g.out.element(g.assessment(gemaraEvidence, gemaraNotRun, message))
	}
	g.out.end()
}

// rule writes an evaluation: a pass over the results for each rule that someone does not pass.
func (g *gemaraWriter) rule(r *audit.RuleCount) {
	id := r.Rule.ID
	var total view.Weighed
	for _, run := range g.runs {
		if c := run.counts[id]; c != nil {
			for w, n := range c {
				total[w] += n
			}
		}
	}
	g.evaluation(r.Rule.Title, id, g.of(id), total.String())
	for _, run := range g.runs {
		result, message := run.of(id), "not asked"
		if c := run.counts[id]; c != nil {
			message = c.String()
		}
		g.out.element(g.assessment(id, result, g.about(run)+message))
		if result >= gemaraNeedsReview || g.doc.View.Only == view.OnlyAll {
			g.tokens(run, r)
		}
	}
	g.out.end()
}

// tokens writes what a rule says of each token that the view shows with it.
func (g *gemaraWriter) tokens(run *gemaraRun, r *audit.RuleCount) {
	for result := range view.Counted(run.Run) {
		findings, shown := g.doc.View.Choose(result)
		i := slices.IndexFunc(findings, func(f *audit.Finding) bool {
			return f.Rule.Rule.ID == r.Rule.ID
		})
		if !shown || i < 0 {
			continue
		}
		f := findings[i]
		a := g.assessment(r.Rule.ID, gemaraResultOf(view.Weigh(run.Run, f)),
			g.about(run)+words.Sentence(run.Run, result, f))
		if f.Status == audit.Fail {
			a.Recommendation = r.Rule.Remedy
		}
		if g.out.element(a); g.out.failed() != nil {
			return
		}
	}
}

// about names the organization, where there may be several.
func (g *gemaraWriter) about(run *gemaraRun) string {
	if g.doc.Single() {
		return ""
	}
	return safe.Prose(run.Organization.Login, safe.MostName) + ": "
}

func (g *gemaraWriter) assessment(rule string, r gemaraResult, message string) *gemaraAssessment {
	return &gemaraAssessment{
		Requirement: gemaraEntry{gemaraCatalog, rule + ".01"}, Description: "pataudit asks " + rule,
		Result: r.String(), Message: safe.Prose(message, safe.MostProse),
		Applicability: []string{gemaraTokens}, Steps: []string{rule}, Start: g.at,
	}
}

// gemaraTime is an instant that may not be known.
func gemaraTime(t time.Time, otherwise string) string {
	if t.IsZero() {
		return otherwise
	}
	return view.PlainTime(t).Format(time.RFC3339)
}
