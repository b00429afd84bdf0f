// SPDX-License-Identifier: Apache-2.0

package json

import (
	"cmp"
	"slices"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/encode"
)

// The part of the wire format of [Format] that is about the organization's own settings.

type (
	// settingObject is what became of a claim about a setting.
	settingObject struct {
		Setting     string             `json:"setting"` // approval, max_lifetime, classic
		Value       string             `json:"value"`   // that the policy claims: "required", "90"
		Since       *string            `json:"since"`   // the first day of it; null: always
		State       string             `json:"state"`   // contradicted, attested, not_shown
		Source      string             `json:"source"`  // of what may contradict it
		Seen        string             `json:"seen"`    // the source's status
		Against     int                `json:"against"` // tokens that contradict it
		Facts       []factObject       `json:"facts"`   // the newest of them
		Attestation *attestationObject `json:"attestation"`
	}

	// factObject is a token that contradicts a claim, or a classic one.
	factObject struct {
		ID      int64   `json:"id"` // of the grant, or of the authorization
		TokenID *int64  `json:"token_id"`
		At      *string `json:"at"` // approved, or last used
	}

	attestationObject struct {
		Value  string  `json:"value"`
		By     string  `json:"by"`
		On     *string `json:"on"`
		Until  *string `json:"until"`
		Reason string  `json:"reason"`
		Ticket string  `json:"ticket"`
		State  string  `json:"state"` // valid, ended, later, other_value
	}
)

func settingsObjectOf(run *audit.Run) []settingObject {
	if run.Settings == nil {
		return nil
	}
	wire := make([]settingObject, len(run.Settings))
	for i := range run.Settings {
		s := &run.Settings[i]
		source := s.Setting.Source()
		w := settingObject{
			Setting: string(s.Setting), Value: s.Value, Since: dayOrNull(s.Since),
			State: string(s.State), Source: source,
			Seen:    string(audit.CoverageOf(run.Coverage, source).Status),
			Against: s.Against, Facts: make([]factObject, len(s.Facts)),
		}
		for k, f := range s.Facts {
			w.Facts[k] = factObject{f.ID, encode.OrNull(f.TokenID), encode.Instant(f.At)}
		}
		if d := s.Attestation; d != nil {
			w.Attestation = &attestationObject{
				Value: d.Value, By: d.By, On: dayOrNull(d.On), Until: dayOrNull(d.Until),
				Reason: d.Reason, Ticket: d.Ticket, State: string(s.Attested),
			}
		}
		wire[i] = w
	}
	return wire
}

// settings reads them back, each once and in order.
func (r *restorer) settings() (settings []audit.SettingResult) {
	last := -1
	for i := range r.wire.Settings {
		w := &r.wire.Settings[i]
		place := "organization_settings/" + w.Setting + "/"
		rank := slices.Index(audit.Settings, audit.Setting(w.Setting))
		if rank <= last {
			r.fail(place+"setting", "is none that can be claimed there")
		}
		last = rank
		s := audit.SettingResult{
			Setting: audit.Setting(w.Setting), Value: w.Value, Since: r.day(place+"since", w.Since),
			State: audit.SettingState(w.State), Against: w.Against,
		}
		for _, f := range w.Facts {
			s.Facts = append(s.Facts, audit.SettingFact{
				ID: f.ID, TokenID: orZero(f.TokenID), At: r.instant(place+"facts/at", f.At),
			})
		}
		if a := w.Attestation; a != nil {
			s.Attested = audit.AttestationState(a.State)
			s.Attestation = &audit.Decision{
				Kind: audit.Attest, Organization: r.wire.Organization.Login, Setting: s.Setting,
				Value: a.Value, By: a.By, Reason: a.Reason, Ticket: a.Ticket,
				On: r.day(place+"attestation/on", a.On), Until: r.day(place+"attestation/until", a.Until),
			}
		}
		r.settingAgrees(place, w, &s)
		settings = append(settings, s)
	}
	return settings
}

// settingAgrees holds what is said of a claim against what that rests on.
func (r *restorer) settingAgrees(place string, w *settingObject, s *audit.SettingResult) {
	seen := string(audit.CoverageOf(r.coverage(), s.Setting.Source()).Status)
	attested := audit.AttestationState("")
	if s.Attestation != nil {
		attested = s.Attestation.AttestedAt(r.part.AsOf, s.Value)
	}
	switch state := audit.StateOf(s.Against, attested); {
	case s.Value == "":
		r.fail(place+"value", "is empty")
	case w.Source != s.Setting.Source() || w.Seen != seen:
		r.fail(place+"seen", "is not what the coverage says")
	case s.Against < len(s.Facts):
		r.fail(place+"against", "is %d, and %d are listed", s.Against, len(s.Facts))
	case s.Attested != attested:
		r.fail(place+"attestation/state", "is %q, and its days and value say %q",
			string(s.Attested), string(attested))
	case s.State != state:
		r.fail(place+"state", "is %s, and what it rests on says %s",
			cmp.Or(string(s.State), "empty"), state)
	}
}
