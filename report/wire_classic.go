// SPDX-License-Identifier: Apache-2.0

package report

import (
	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/encode"
	"github.com/complytime/pataudit/report/view"
)

// wireClassic is a classic token in [JSON].
type wireClassic struct {
	ID           int64     `json:"id"` // of its authorization
	TokenID      *int64    `json:"token_id"`
	Login        *string   `json:"login"`
	Note         *string   `json:"note"`
	LastEight    *string   `json:"last_eight"`
	Scopes       *[]string `json:"scopes"`
	AuthorizedAt *string   `json:"authorized_at"`
	ExpiresAt    *string   `json:"expires_at"`
	LastUsedAt   *string   `json:"last_used_at"`
	Unknown      []string  `json:"unknown"`
}

// wireClassicOf is null if classic tokens were not asked for.
func wireClassicOf(run *audit.Run, v *view.View) *[]wireClassic {
	if run.Classic == nil {
		return nil
	}
	wire := []wireClassic{}
	for _, c := range run.Classic {
		if !v.Filter.Login(c.Login) {
			continue
		}
		w := wireClassic{
			ID:           c.ID,
			TokenID:      encode.OrNull(c.TokenID),
			Login:        encode.OrNull(c.Login),
			Note:         encode.OrNull(c.Note),
			LastEight:    encode.OrNull(c.LastEight),
			AuthorizedAt: encode.Instant(c.AuthorizedAt),
			ExpiresAt:    encode.Instant(c.ExpiresAt),
			LastUsedAt:   encode.Instant(c.LastUsedAt),
			Unknown:      ((audit.FactExpiry | audit.FactLastUsed) &^ c.Known).Names(),
		}
		if c.Scopes != nil {
			w.Scopes = &c.Scopes
		}
		wire = append(wire, w)
	}
	return &wire
}
