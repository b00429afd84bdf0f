// SPDX-License-Identifier: Apache-2.0

package privacy

import "github.com/complytime/pataudit/audit"

// setting puts into a nameless claim what stands for names. Who approved a token for itself shows
// the owner's role: of these tokens nothing but how many they are is left.
func (r *redactor) setting(redacted, old *audit.SettingResult) {
	if d := old.Attestation; d != nil {
		a := redacted.Attestation
		a.By, a.Reason, a.Ticket = r.text(kindPerson, d.By), withhold(d.Reason), withhold(d.Ticket)
	}
	kind := grantIDs
	switch old.Setting {
	case audit.SettingApproval:
		return
	case audit.SettingClassic:
		kind = authorizationIDs
	default: // of grants
	}
	for _, f := range old.Facts {
		redacted.Facts = append(redacted.Facts, audit.SettingFact{
			ID: r.id(kind, f.ID), TokenID: r.id(tokenIDs, f.TokenID), At: f.At,
		})
	}
}
