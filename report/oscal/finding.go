// SPDX-License-Identifier: Apache-2.0

package oscal

import (
	"cmp"
	"fmt"
	"strconv"
	"time"

	oscal "github.com/defenseunicorns/go-oscal/src/types/oscal-1-1-3"
	"github.com/google/uuid"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/rulepage"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// outcome is what observations of one rule with one answer have in common.
type outcome struct {
	rule     string
	weight   view.Weight
	severity audit.Severity
}

// outcomeText is how those observations begin and go on, in JSON.
type outcomeText struct{ title, props, types []byte }

func (r *resultWriter) outcomeOf(f *audit.Finding, w view.Weight) outcomeText {
	key := outcome{f.Rule.Rule.ID, w, f.Severity}
	text, known := r.outcomes[key]
	if !known {
		types := []string{"control-objective"}
		if isRisk(w) {
			types = append(types, "finding")
		}
		text = outcomeText{
			title: once(key.rule + ": " + w.String()),
			props: once(properties("rule", key.rule, "counts-as", w.String(), "severity",
				severityOf(f))),
			types: once(types),
		}
		r.outcomes[key] = text
	}
	return text
}

// observation writes what a rule found of a token, whose UUID and subject are given.
func (r *resultWriter) observation(
	uid uuid.UUID, f *audit.Finding, named, subject string, collected []byte,
) {
	w := view.Weigh(r.run, f)
	text := r.outcomeOf(f, w)
	r.ShortObject("")
	r.Text("uuid", uid.String())
	r.Raw("title", text.title)
	r.Text("description", words.Sentence(r.run, subject, f))
	r.Raw("props", text.props)
	r.Raw("methods", testMethod)
	r.Raw("types", text.types)
	r.ShortList("subjects")
	r.ShortObject("")
	r.Text("subject-uuid", named)
	r.Raw("type", itemType)
	r.End()
	r.End()
	r.Raw("collected", collected)
	switch {
	case w == view.WeightBelow:
		r.Text("remarks", view.BelowThreshold(r.run, f)+": no violation")
	case w == view.WeightOpen && f.Missing != 0:
		r.Text("remarks", "cannot be judged: not learned: "+f.Missing.String())
	case w == view.WeightOpen:
		r.Text("remarks", "cannot be judged")
	}
	r.End()
}

var testMethod, itemType = []byte(`["TEST"]`), []byte(`"inventory-item"`)

// about returns the UUID of an observation in this document.
func (r *resultWriter) about(result *audit.Result, f *audit.Finding) uuid.UUID {
	return view.UUIDOf(r.result, "observation", view.KindOf(result),
		strconv.FormatInt(result.Token.ID, 10), f.Rule.Rule.ID)
}

func severityOf(f *audit.Finding) string {
	if f.Severity == audit.NoSeverity {
		return ""
	}
	return f.Severity.String()
}

// isRisk reports whether a failure is a risk: one that counts, or that somebody accepted.
func isRisk(w view.Weight) bool { return w == view.WeightViolation || w.Accepted() }

func (r *resultWriter) writeRisks() {
	r.each(func(result *audit.Result, f *audit.Finding) {
		if isRisk(view.Weigh(r.run, f)) {
			r.risk(result, f)
		}
	})
}

// riskText is the text that every risk of a rule has.
type riskText struct {
	impact string // why it matters
	remedy string // what to do; "" if the rule has no remedy
}

func (r *resultWriter) textOf(rule *audit.Rule) riskText {
	text, known := r.texts[rule.ID]
	if !known {
		impact := cmp.Or(rulepage.Section(rule.Doc, "Why"), rule.Title)
		text = riskText{
			impact: safe.Prose(impact, safe.MostProse), remedy: safe.Prose(rule.Remedy, safe.MostProse),
		}
		r.texts[rule.ID] = text
	}
	return text
}

// risk writes a failure.
func (r *resultWriter) risk(result *audit.Result, f *audit.Finding) {
	w, rule := view.Weigh(r.run, f), f.Rule.Rule
	text := r.textOf(rule)
	// Without the document: the same in the next report, until it is gone.
	id := view.UUIDOf("risk", r.key, view.KindOf(result), strconv.FormatInt(result.Token.ID, 10),
		rule.ID)
	r.risks[rule.ID] = append(r.risks[rule.ID], id)
	r.ShortObject("")
	r.Text("uuid", id.String())
	r.Text("title", rule.Title)
	r.Text("description", words.Sentence(r.run, words.Subject(result), f))
	r.Text("statement", text.impact)
	r.props("rule", rule.ID, "counts-as", w.String(), "first-seen", view.InstantOf(f.FirstSeen),
		"overdue", view.OverdueOf(f))
	status := "open"
	if w.Accepted() {
		status = "deviation-approved"
	}
	r.Text("status", status)
	r.Raw("characterizations", r.characterization(f.Severity))
	if w.Accepted() {
		r.put("mitigating-factors", []oscal.MitigatingFactor{{
			UUID:        view.UUID(id.String(), "acceptance"),
			Description: w.String() + ": " + view.Acceptance(r.run, f),
		}})
	}
	if until := deadline(f); !until.IsZero() {
		r.put("deadline", view.PlainTime(until))
	}
	if text.remedy != "" {
		r.ShortList("remediations")
		r.ShortObject("")
		r.Text("uuid", view.UUID(id.String(), "remedy"))
		r.Text("lifecycle", "recommendation")
		r.Text("title", "Remedy of "+rule.ID)
		r.Text("description", text.remedy)
		r.End()
		r.End()
	}
	r.ShortList("related-observations")
	r.refer(r.about(result, f))
	r.End()
	r.End()
}

// characterization returns the JSON of how severe a risk is.
func (r *resultWriter) characterization(s audit.Severity) []byte {
	text := r.severities[s]
	if text == nil {
		text = once([]oscal.Characterization{{
			Origin: (*r.origins())[0],
			Facets: []oscal.Facet{{Name: "severity", System: namespace, Value: s.String()}},
		}})
		r.severities[s] = text
	}
	return text
}

// deadline returns the last instant of a waiver, for then the failure counts again; else when it
// is due; zero if that is not known, as of a debt: only the last day of all is.
func deadline(f *audit.Finding) time.Time {
	if d := f.Waiver; d == nil {
		return f.Due
	} else if until := d.Until.Add(view.Day - time.Second); until.Year() > 1970 {
		return until
	}
	return time.Time{}
}

// refer writes a reference to an observation.
func (r *resultWriter) refer(id uuid.UUID) {
	r.ShortObject("")
	r.Text("observation-uuid", id.String())
	r.End()
}

// finding writes the answer of all tokens together to a rule.
func (r *resultWriter) finding(rule *audit.RuleCount) {
	id := rule.Rule.ID
	counts := r.counts[id]
	status := statusOf(r.run, counts)
	target := oscal.FindingTarget{
		Type: "objective-id", TargetId: id, Title: view.FailsIf(rule.Rule), Status: status,
	}
	if r.run.Complete && counts.Idle() {
		target.ImplementationStatus = &oscal.ImplementationStatus{State: "not-applicable"}
	}
	r.Object("")
	r.Text("uuid", view.UUID(r.result, "finding", id))
	r.Text("title", id+": "+status.State)
	r.Text("description", fmt.Sprintf("%s. It fails if: %s", counts, rule.Rule.Title))
	r.put("origins", r.origins())
	r.put("props", properties("rule", id, "severity", rule.Severity.String(),
		"guide-step", rule.Rule.Guide))
	r.put("target", target)
	r.List("related-observations")
	r.refer(uuid.MustParse(r.evidence()))
	for _, observation := range r.observed[id] {
		r.refer(observation)
	}
	r.End()
	if len(r.risks[id]) > 0 {
		r.List("related-risks")
		for _, risk := range r.risks[id] {
			r.ShortObject("")
			r.Text("risk-uuid", risk.String())
			r.End()
		}
		r.End()
	}
	r.End()
}

// statusOf reports whether a rule is satisfied. That is a claim, too: it is made only if the
// run is complete.
func statusOf(run *audit.Run, c *view.Weighed) oscal.ObjectiveStatus {
	const satisfied, not = "satisfied", "not-satisfied"
	switch {
	case c[view.WeightViolation] > 0:
		return oscal.ObjectiveStatus{State: not, Reason: "fail"}
	case c[view.WeightDebt]+c[view.WeightWaived] > 0:
		return oscal.ObjectiveStatus{
			State: not, Reason: "fail",
			Remarks: "Every failure that counts is accepted, see the risks: " + c.String() + ".",
		}
	case c[view.WeightOpen] > 0:
		return oscal.ObjectiveStatus{
			State: not, Reason: "other",
			Remarks: fmt.Sprintf("%d could not be judged.", c[view.WeightOpen]),
		}
	case !run.Complete:
		return oscal.ObjectiveStatus{State: not, Reason: "other", Remarks: words.Reasons(run)}
	case c[view.WeightBelow] > 0:
		return oscal.ObjectiveStatus{
			State: satisfied, Reason: "other",
			Remarks: fmt.Sprintf("Nothing fails at or above the policy's threshold of %s: %s.",
				run.Policy.FailOn, c),
		}
	case c.Idle():
		return oscal.ObjectiveStatus{
			State: satisfied, Reason: "other", Remarks: "Not applicable: it applies to no token.",
		}
	}
	return oscal.ObjectiveStatus{State: satisfied, Reason: "pass"}
}
