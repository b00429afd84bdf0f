// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"time"

	oscal "github.com/defenseunicorns/go-oscal/src/types/oscal-1-1-3"

	"github.com/complytime/pataudit/audit"
)

func (r *oscalRun) observation(result *audit.Result, f *audit.Finding) *oscal.Observation {
	subjects := []oscal.SubjectReference{{SubjectUuid: r.named(result), Type: "inventory-item"}}
	o := &oscal.Observation{
		UUID:  r.about("observation", result, f),
		Title: f.Rule.Rule.Title, Description: saying(result, f), Methods: []string{"TEST"},
		Types: &[]string{"control-objective"}, Collected: oscalTime(r.run.CollectedAt),
		Subjects: &subjects, RelevantEvidence: r.relevant(),
		Props: oscalProps("rule", f.Rule.Rule.ID, "status", f.Status.String(),
			"severity", severityOf(f)),
	}
	switch f.Status {
	case audit.Fail, audit.Waived:
		*o.Types = append(*o.Types, "finding")
	case audit.Indeterminate:
		o.Remarks = "cannot be judged"
		if f.Missing != 0 {
			o.Remarks += ": not learned: " + f.Missing.String()
		}
	default: // nothing more to say
	}
	return o
}

// about names an observation in this document.
func (r *oscalRun) about(what string, result *audit.Result, f *audit.Finding) string {
	return uuid5(r.result, what, kindOf(result), fmt.Sprint(result.Token.ID), f.Rule.Rule.ID)
}

func severityOf(f *audit.Finding) string {
	if f.Severity == audit.NoSeverity {
		return ""
	}
	return f.Severity.String()
}

func isRisk(f *audit.Finding) bool { return f.Status == audit.Fail || f.Status == audit.Waived }

func (r *oscalRun) writeRisks() {
	r.each(func(result *audit.Result, f *audit.Finding) {
		if !isRisk(f) {
			return
		}
		risk := r.risk(result, f)
		id := f.Rule.Rule.ID
		r.risks[id] = append(r.risks[id], risk.UUID)
		r.add(risk)
	})
}

// risk is a failure. A waiver's last day is its deadline, for then it counts again.
func (r *oscalRun) risk(result *audit.Result, f *audit.Finding) *oscal.Risk {
	statement := f.Rule.Rule.Remedy
	if statement == "" {
		statement = f.Rule.Rule.Title
	}
	risk := &oscal.Risk{
		// Without the document: the same in the next report, until it is gone.
		UUID:  uuid5("risk", r.key, kindOf(result), fmt.Sprint(result.Token.ID), f.Rule.Rule.ID),
		Title: f.Rule.Rule.Title, Description: saying(result, f), Statement: statement,
		Status: "open",
		Props: oscalProps("rule", f.Rule.Rule.ID, "severity", severityOf(f),
			"known-debt", map[bool]string{true: "true"}[f.InBaseline]),
		RelatedObservations: &[]oscal.RelatedObservation{
			{ObservationUuid: r.about("observation", result, f)},
		},
	}
	if d := f.Waiver; d != nil {
		risk.Status = "deviation-approved"
		if until := oscalTime(d.Until.Add(day - time.Second)); until.Year() > 1970 {
			risk.Deadline = &until
		}
		risk.MitigatingFactors = &[]oscal.MitigatingFactor{{
			UUID: uuid5(risk.UUID, "waiver"), Description: accepted(d),
		}}
	}
	return risk
}

// finding is what all tokens together say of a rule.
func (r *oscalRun) finding(rule *audit.RuleCount) {
	id := rule.Rule.ID
	counts := r.counts[id]
	finding := oscal.Finding{
		UUID: uuid5(r.result, "finding", id), Title: rule.Rule.Title,
		Description: tallied(counts), Origins: r.origins(),
		Props: oscalProps("rule", id, "severity", rule.Severity.String(),
			"guide-step", rule.Rule.Guide),
		Target: oscal.FindingTarget{
			Type: "objective-id", TargetId: id, Title: rule.Rule.Title,
			Status: oscalStatus(r.run, counts),
		},
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

// oscalStatus says whether a rule is satisfied. That is a claim, too: it is made only if the run
// is complete.
func oscalStatus(run *audit.Run, counts *audit.Counts) oscal.ObjectiveStatus {
	const not = "not-satisfied"
	switch {
	case counts[audit.Fail] > 0:
		return oscal.ObjectiveStatus{State: not, Reason: "fail"}
	case counts[audit.Waived] > 0:
		return oscal.ObjectiveStatus{
			State: not, Reason: "fail", Remarks: "Every failure is waived: see the risks.",
		}
	case counts[audit.Indeterminate] > 0:
		return oscal.ObjectiveStatus{
			State: not, Reason: "other",
			Remarks: fmt.Sprintf("%d could not be judged.", counts[audit.Indeterminate]),
		}
	case !run.Complete:
		return oscal.ObjectiveStatus{State: not, Reason: "other", Remarks: reasons(run)}
	}
	if counts[audit.Pass] == 0 {
		return oscal.ObjectiveStatus{
			State: "satisfied", Reason: "other", Remarks: "It applies to no token.",
		}
	}
	return oscal.ObjectiveStatus{State: "satisfied", Reason: "pass"}
}
