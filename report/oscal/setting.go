// SPDX-License-Identifier: Apache-2.0

package oscal

import (
	oscal "github.com/defenseunicorns/go-oscal/src/types/oscal-1-1-3"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// Claims about the organization's own settings: an observation of each, and a finding of one that
// evidence contradicts. None is satisfied, for nothing can show that.

// settingObservation writes what became of a claim.
func (r *resultWriter) settingObservation(
	s *audit.SettingResult, organization *[]oscal.SubjectReference,
) {
	methods := []string{"EXAMINE"}
	if s.State == audit.SettingAttested {
		methods = []string{"INTERVIEW"}
	}
	r.put("", oscal.Observation{
		UUID: r.aboutSetting(s), Methods: methods,
		Title:       s.Claim() + ": " + words.ClaimState(s),
		Description: safe.Prose(words.Claimed(r.run, s), safe.MostProse),
		Props: properties("setting", string(s.Setting), "claimed", s.Value, "state",
			string(s.State), "since", view.DayOf(s.Since)),
		Subjects: organization, Collected: view.PlainTime(r.run.CollectedAt), Origins: r.origins(),
	})
}

func (r *resultWriter) aboutSetting(s *audit.SettingResult) string {
	return view.UUID(r.result, "setting", string(s.Setting))
}

func settingObjective(s *audit.SettingResult) string { return "setting-" + string(s.Setting) }

// settingFinding writes the finding of a claim that is contradicted.
func (r *resultWriter) settingFinding(s *audit.SettingResult) {
	if s.State != audit.SettingContradicted {
		return
	}
	r.put("", oscal.Finding{
		UUID:        view.UUID(r.result, "setting finding", string(s.Setting)),
		Title:       settingObjective(s) + ": not-satisfied",
		Description: safe.Prose(words.Claimed(r.run, s), safe.MostProse),
		Origins:     r.origins(), Props: properties("setting", string(s.Setting)),
		Target: oscal.FindingTarget{
			Type: "objective-id", TargetId: settingObjective(s), Title: s.Claim(),
			Status: oscal.ObjectiveStatus{State: "not-satisfied", Reason: "fail"},
		},
		RelatedObservations: &[]oscal.RelatedObservation{
			{ObservationUuid: r.evidence()}, {ObservationUuid: r.aboutSetting(s)},
		},
	})
}
