// SPDX-License-Identifier: Apache-2.0

package oscal

import (
	"fmt"
	"time"

	oscal "github.com/defenseunicorns/go-oscal/src/types/oscal-1-1-3"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

func (r *resultWriter) observation(result *audit.Result, f *audit.Finding) *oscal.Observation {
	w := view.Weigh(r.run, f)
	subjects := []oscal.SubjectReference{{SubjectUuid: r.named(result), Type: "inventory-item"}}
	o := &oscal.Observation{
		UUID:             r.about("observation", result, f),
		Title:            f.Rule.Rule.Title,
		Description:      words.Sentence(r.run, result, f),
		Methods:          []string{"TEST"},
		Types:            &[]string{"control-objective"},
		Collected:        view.PlainTime(r.run.CollectedAt),
		Subjects:         &subjects,
		RelevantEvidence: r.relevant(),
		Props: properties("rule", f.Rule.Rule.ID, "status", f.Status.String(),
			"severity", severityOf(f), "counts-as", w.String()),
	}
	switch {
	case isRisk(w):
		*o.Types = append(*o.Types, "finding")
	case w == view.WeightBelow:
		o.Remarks = view.BelowThreshold(r.run, f) + ": no violation"
	case w == view.WeightOpen:
		o.Remarks = "cannot be judged"
		if f.Missing != 0 {
			o.Remarks += ": not learned: " + f.Missing.String()
		}
	}
	return o
}

// about names an observation in this document.
func (r *resultWriter) about(what string, result *audit.Result, f *audit.Finding) string {
	return view.UUID(r.result, what, view.KindOf(result), fmt.Sprint(result.Token.ID), f.Rule.Rule.ID)
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
		if !isRisk(view.Weigh(r.run, f)) {
			return
		}
		risk := r.risk(result, f)
		id := f.Rule.Rule.ID
		r.risks[id] = append(r.risks[id], risk.UUID)
		r.add(risk)
	})
}

// risk is a failure. Its deadline is its due date, or a waiver's last day, for then it counts
// again; a debt's own is not known here, only the last one of all.
func (r *resultWriter) risk(result *audit.Result, f *audit.Finding) *oscal.Risk {
	w, statement := view.Weigh(r.run, f), f.Rule.Rule.Remedy
	if statement == "" {
		statement = f.Rule.Rule.Title
	}
	risk := &oscal.Risk{
		// Without the document: the same in the next report, until it is gone.
		UUID: view.UUID(
			"risk",
			r.key,
			view.KindOf(result),
			fmt.Sprint(result.Token.ID),
			f.Rule.Rule.ID,
		),
		Title:       f.Rule.Rule.Title,
		Description: words.Sentence(r.run, result, f),
		Statement:   statement,
		Status:      "open",
		Props: properties("rule", f.Rule.Rule.ID, "severity", severityOf(f), "counts-as", w.String(),
			"first-seen", view.InstantOf(f.FirstSeen), "overdue", words.OverdueOf(f)),
		RelatedObservations: &[]oscal.RelatedObservation{
			{ObservationUuid: r.about("observation", result, f)},
		},
	}
	if w.Accepted() {
		risk.Status = "deviation-approved"
		risk.MitigatingFactors = &[]oscal.MitigatingFactor{
			{
				UUID: view.UUID(
					risk.UUID,
					"acceptance",
				),
				Description: w.String() + ": " + view.Acceptance(r.run, f),
			},
		}
	}
	if d := f.Waiver; d != nil {
		if until := view.PlainTime(d.Until.Add(view.Day - time.Second)); until.Year() > 1970 {
			risk.Deadline = &until
		}
	} else if !f.Due.IsZero() {
		due := view.PlainTime(f.Due)
		risk.Deadline = &due
	}
	return risk
}

// finding is what all tokens together say of a rule.
func (r *resultWriter) finding(rule *audit.RuleCount) {
	id := rule.Rule.ID
	counts := r.counts[id]
	finding := oscal.Finding{
		UUID: view.UUID(r.result, "finding", id), Title: rule.Rule.Title,
		Description: counts.String(), Origins: r.origins(),
		Props: properties("rule", id, "severity", rule.Severity.String(),
			"guide-step", rule.Rule.Guide),
		Target: oscal.FindingTarget{
			Type: "objective-id", TargetId: id, Title: rule.Rule.Title,
			Status: statusOf(r.run, counts),
		},
	}
	if r.run.Complete && counts.Idle() {
		finding.Target.ImplementationStatus = &oscal.ImplementationStatus{State: "not-applicable"}
	}
	related := []oscal.RelatedObservation{{ObservationUuid: r.evidence()}}
	for _, observation := range r.observed[id] {
		related = append(related, oscal.RelatedObservation{ObservationUuid: observation})
	}
	finding.RelatedObservations = &related
	if len(r.risks[id]) > 0 {
		finding.RelatedRisks = &[]oscal.AssociatedRisk{}
		for _, risk := range r.risks[id] {
			*finding.RelatedRisks = append(*finding.RelatedRisks, oscal.AssociatedRisk{RiskUuid: risk})
		}
	}
	r.add(finding)
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
