// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/complytime/pataudit/audit"
)

// Gemara writes an EvaluationLog in YAML, as complytime's own tools read it; [GemaraJSON] the same
// in JSON.
//
// Each rule that was asked is an evaluation of the control of the same id in the catalog that
// [GemaraCatalog] writes. It holds one assessment for each organization, and one for each token
// that does not pass. A failure is Failed, waived or not: whether it is accepted is for an
// enforcement log, and the message says it. What could not be judged is Unknown; so is everything
// that did not fail in a run that is not complete. The control complete-evidence says whether all
// was seen, and why not.
var Gemara = Format{
	Name:  "gemara",
	Doc:   "evaluation log for compliance tools (Gemara, YAML)",
	Ext:   []string{".gemara.yaml", ".gemara.yml"},
	Write: func(w io.Writer, d *Document) error { return writeGemara(newGemaraYAML(w), d) },
}

// GemaraJSON is [Gemara] in JSON.
var GemaraJSON = Format{
	Name:  "gemara-json",
	Doc:   "evaluation log for compliance tools (Gemara, JSON)",
	Ext:   []string{".gemara.json"},
	Write: func(w io.Writer, d *Document) error { return writeGemara(&gemaraJSON{newJSON(w)}, d) },
}

const (
	gemaraVersion  = "1.4.1"
	gemaraCatalog  = "pataudit-rules"      // the id of the catalog, and of the reference to it
	gemaraEvidence = "complete-evidence"   // the control beside the rules
	gemaraTokens   = "fine-grained-tokens" // what the controls apply to
)

// gemaraResult is an answer, the worst last.
type gemaraResult uint8

const (
	gemaraNotApplicable gemaraResult = iota
	gemaraPassed
	gemaraNotRun
	gemaraUnknown
	gemaraFailed
)

var gemaraResults = [...]string{"Not Applicable", "Passed", "Not Run", "Unknown", "Failed"}

func (r gemaraResult) String() string { return gemaraResults[r] }

func gemaraResultOf(f *audit.Finding) gemaraResult {
	switch f.Status {
	case audit.Pass:
		return gemaraPassed
	case audit.NotApplicable:
		return gemaraNotApplicable
	case audit.Indeterminate:
		return gemaraUnknown
	default: // fails, if waived or not
		return gemaraFailed
	}
}

// gemaraRun is a run with its counts.
type gemaraRun struct {
	*audit.Run
	counts map[string]*audit.Counts
}

// of is what a run says of a rule: a claim, made only if the run is complete.
func (r *gemaraRun) of(rule string) gemaraResult {
	c := r.counts[rule]
	switch {
	case c == nil:
		return gemaraNotRun
	case c[audit.Fail]+c[audit.Waived] > 0:
		return gemaraFailed
	case c[audit.Indeterminate] > 0, !r.Complete:
		return gemaraUnknown
	case c[audit.Pass] > 0:
		return gemaraPassed
	}
	return gemaraNotApplicable
}

// gemaraWriter writes the log. What it writes to keeps the first error.
type gemaraWriter struct {
	out  gemaraOutput
	doc  *Document
	runs []*gemaraRun
	at   string
}

func writeGemara(out gemaraOutput, d *Document) error {
	g := &gemaraWriter{out: out, doc: d, at: oscalAt(d).Format(time.RFC3339)}
	for _, run := range d.Runs {
		r := &gemaraRun{run, map[string]*audit.Counts{}}
		counts := tally(run)
		for i := range run.Rules {
			if id := run.Rules[i].Rule.ID; run.Rules[i].Asked {
				r.counts[id] = counts[id]
			}
		}
		g.runs = append(g.runs, r)
	}
	rules := askedRules(d.Runs)
	overall := g.evidence().Result
	for _, rule := range rules {
		overall = max(overall, g.of(rule.Rule.ID))
	}
	out.open(g.head(overall))
	g.writeEvidence()
	for _, rule := range rules {
		g.rule(rule)
	}
	return out.close()
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
		for _, note := range remainders(run, &g.doc.View) {
			what = append(what, Prose(run.Organization.Login, mostName)+": "+note)
		}
	}
	return &gemaraHead{
		Metadata: gemaraMetadata{
			ID: "pataudit-" + oscalID(g.doc), Type: "EvaluationLog", Gemara: gemaraVersion,
			Version: g.doc.Tool.Version, Date: g.at, Author: gemaraAuthor(g.doc.Tool),
			Description: Prose("Audit of fine-grained personal access tokens: "+
				strings.Join(what, "; "), 4*mostProse),
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
	if g.doc.single() {
		o := g.doc.Runs[0].Organization
		return gemaraEntity{
			ID: Prose(organizationKey(o), mostName), Name: Prose(o.Login, mostName), Type: "Software",
			Description: "An organization on GitHub.",
		}
	}
	return gemaraEntity{
		ID: "organizations", Type: "Software",
		Name:        plural(len(g.doc.Runs)+len(g.doc.Failed), "organization"),
		Description: "Organizations on GitHub. The messages say which is meant.",
	}
}

// evidence is the evaluation of what was seen.
func (g *gemaraWriter) evidence() *gemaraEvaluation {
	e := &gemaraEvaluation{
		Name: "Everything that the verdict needs was seen", Result: gemaraPassed,
		Message: "complete", Control: gemaraEntry{gemaraCatalog, gemaraEvidence},
	}
	switch o := g.doc.Outcome(); {
	case len(g.doc.Runs)+len(g.doc.Failed) == 0:
		e.Result, e.Message = gemaraNotRun, "no organization was audited"
	case o != audit.Clean && o != audit.Violations:
		e.Result, e.Message = gemaraUnknown, "not complete: nothing is called clean"
	}
	return e
}

func (g *gemaraWriter) writeEvidence() {
	e := g.evidence()
	g.out.evaluation(e)
	for _, run := range g.runs {
		a := g.assessment(gemaraEvidence, gemaraPassed, g.about(run)+"complete")
		if !run.Complete {
			a.Result, a.Message = gemaraUnknown.String(), g.about(run)+reasons(run.Run)
		}
		if run.Digest != "" {
			a.Evidence = []gemaraProof{{
				ID: "snapshot", Type: "snapshot", CollectedAt: gemaraTime(run.CollectedAt, g.at),
				Payload: gemaraPayload{run.Digest}, Description: "The digest of the evidence.",
			}}
		}
		g.out.assessment(a)
	}
	for _, f := range g.doc.Failed {
		g.out.assessment(g.assessment(gemaraEvidence, gemaraUnknown,
			fmt.Sprintf("%s was not audited: %s", Prose(f.Organization, mostName), f.Reason)))
	}
	if len(g.doc.Runs)+len(g.doc.Failed) == 0 {
		g.out.assessment(g.assessment(gemaraEvidence, gemaraNotRun, e.Message))
	}
}

// rule writes an evaluation. A run is judged again for each rule that someone does not pass.
func (g *gemaraWriter) rule(r *audit.RuleCount) {
	id := r.Rule.ID
	var total audit.Counts
	for _, run := range g.runs {
		if c := run.counts[id]; c != nil {
			for status, n := range c {
				total[status] += n
			}
		}
	}
	g.out.evaluation(&gemaraEvaluation{
		Name: r.Rule.Title, Result: g.of(id), Message: tallied(&total),
		Control: gemaraEntry{gemaraCatalog, id},
	})
	for _, run := range g.runs {
		result, message := run.of(id), "not asked"
		if c := run.counts[id]; c != nil {
			message = tallied(c)
		}
		g.out.assessment(g.assessment(id, result, g.about(run)+message))
		if result == gemaraFailed || result == gemaraUnknown || g.doc.View.Only == OnlyAll {
			g.tokens(run, r)
		}
	}
}

// tokens writes what a rule says of each token that the view shows with it.
func (g *gemaraWriter) tokens(run *gemaraRun, r *audit.RuleCount) {
	for result := range counted(run.Run) {
		findings, shown := g.doc.View.choose(result)
		i := slices.IndexFunc(findings, func(f *audit.Finding) bool {
			return f.Rule.Rule.ID == r.Rule.ID
		})
		if !shown || i < 0 {
			continue
		}
		f := findings[i]
		a := g.assessment(r.Rule.ID, gemaraResultOf(f), g.about(run)+saying(result, f))
		if f.Status == audit.Fail {
			a.Recommendation = r.Rule.Remedy
		}
		if g.out.assessment(a); g.out.failed() {
			return
		}
	}
}

// about names the organization, where there may be several.
func (g *gemaraWriter) about(run *gemaraRun) string {
	if g.doc.single() {
		return ""
	}
	return Prose(run.Organization.Login, mostName) + ": "
}

func (g *gemaraWriter) assessment(rule string, r gemaraResult, message string) *gemaraAssessment {
	return &gemaraAssessment{
		Requirement: gemaraEntry{gemaraCatalog, rule + ".01"}, Description: "pataudit asks " + rule,
		Result: r.String(), Message: Prose(message, mostProse),
		Applicability: []string{gemaraTokens}, Steps: []string{rule}, Start: g.at,
	}
}

// gemaraTime is an instant that may not be known.
func gemaraTime(t time.Time, otherwise string) string {
	if t.IsZero() {
		return otherwise
	}
	return oscalTime(t).Format(time.RFC3339)
}
