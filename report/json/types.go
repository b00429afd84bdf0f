// SPDX-License-Identifier: Apache-2.0

package json

import (
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/encode"
	"github.com/complytime/pataudit/report/view"
)

// The wire format of [Format], apart from the types of the domain. A nil pointer is null: unknown,
// or none. The encoder writes a nil slice as [].

type (
	toolObject struct {
		Name        string `json:"name"`
		Version     string `json:"version"`
		Permissions string `json:"permissions_as_of"` // the day of its table of permissions

		ProjectFile   string `json:"project_file,omitzero"` // that told it what to do
		ProjectDigest string `json:"project_digest,omitzero"`
	}

	// Organization is the one that was audited.
	Organization struct {
		Login string `json:"login"`
		ID    *int64 `json:"id"`
		Host  string `json:"host"`
	}

	coverageObject struct {
		Source   string `json:"source"`
		Status   string `json:"status"`
		Items    int    `json:"items"`
		Requests int    `json:"requests"`
		Reason   string `json:"reason"`

		ReasonCodes audit.Reason `json:"reason_codes"` // which say the same
	}

	// failureObject is an organization that could not be audited.
	failureObject struct {
		Organization string `json:"organization"`
		Reason       string `json:"reason"`

		ReasonCodes audit.Reason `json:"reason_codes"` // which say the same
	}

	summaryObject struct {
		Tokens            int              `json:"tokens"`
		TokensActive      int              `json:"tokens_active"` // not expired
		TokensFailing     int              `json:"tokens_failing"`
		TokensViolating   int              `json:"tokens_violating"` // at or above fail_on, no debt
		TokensBySeverity  severitiesObject `json:"tokens_by_severity"`
		ViolatingBy       severitiesObject `json:"tokens_violating_by_severity"`
		IndebtedBy        severitiesObject `json:"tokens_indebted_by_severity"`
		People            int              `json:"people"`
		Findings          statusesObject   `json:"findings"`
		BySeverity        severitiesObject `json:"by_severity"`
		Requests          int              `json:"requests"`
		RequestsViolating int              `json:"requests_violating"`
		Overdue           int              `json:"overdue,omitzero"` // findings
		Contradicted      int              `json:"settings_contradicted,omitzero"`
	}

	statusesObject struct {
		Fail          int `json:"fail"`
		Waived        int `json:"waived"`
		Indeterminate int `json:"indeterminate"`
		Pass          int `json:"pass"`
		NotApplicable int `json:"not_applicable"`
	}

	severitiesObject struct {
		Critical int `json:"critical"`
		High     int `json:"high"`
		Medium   int `json:"medium"`
		Low      int `json:"low"`
		Info     int `json:"info"`
	}

	ruleObject struct {
		ID            string `json:"id"`
		Title         string `json:"title"`
		Severity      string `json:"severity"`
		Asked         bool   `json:"asked"`
		NotAsked      string `json:"not_asked,omitzero"` // why, of one that was not
		Required      bool   `json:"required"`
		Fail          int    `json:"fail"`
		Waived        int    `json:"waived"`
		Indeterminate int    `json:"indeterminate"`
		Pass          int    `json:"pass"`
		NotApplicable int    `json:"not_applicable"`
	}

	// viewObject says what was left out of the lists.
	viewObject struct {
		Only         *string  `json:"only"`
		Rules        []string `json:"rules"`
		Owners       []string `json:"owners"`
		Repositories []string `json:"repositories"`
		Severity     *string  `json:"severity"`
	}

	Owner struct {
		Login     string  `json:"login"`
		ID        int64   `json:"id"`
		Role      *string `json:"role"`
		TwoFactor *bool   `json:"two_factor"`

		// What the registry says of the owner.
		Kind    string `json:"kind,omitzero"`
		Team    string `json:"team,omitzero"`
		Contact string `json:"contact,omitzero"`
		Service string `json:"service,omitzero"`
	}

	// registryObject is the registry of owners, and how it fits the evidence.
	registryObject struct {
		Digest   string   `json:"digest"`
		Owners   int      `json:"owners"`
		OtherIDs []string `json:"other_ids"` // logins that another account has than the entry names
		Absent   int      `json:"absent"`    // entries of which no token is
	}

	resultObject struct {
		ID           int64              `json:"id"`
		TokenID      *int64             `json:"token_id"`
		Name         string             `json:"name"`
		Owner        *Owner             `json:"owner"`
		Selection    *string            `json:"repository_selection"`
		Repositories *[]string          `json:"repositories"`
		Permissions  *permissionsObject `json:"permissions"`
		GrantedAt    *string            `json:"granted_at"`
		ExpiresAt    *string            `json:"expires_at"`
		Expired      *bool              `json:"expired"`
		LastUsedAt   *string            `json:"last_used_at"`
		GrantedDays  *int64             `json:"granted_days"`
		TokenCreated *string            `json:"token_created_at,omitzero"` // there only if known
		ApprovedBy   *string            `json:"approved_by,omitzero"`      // likewise
		FirstSeen    *string            `json:"first_seen,omitzero"`
		LastExpiry   *string            `json:"last_expires_at,omitzero"` // of one that GitHub forgot
		Gained       []string           `json:"gained,omitzero"`          // since the last complete run
		Lapsed       []string           `json:"lapsed,omitzero"`          // of these: not accepted
		Unknown      []string           `json:"unknown"`
		Severity     *string            `json:"severity"`
		Findings     []findingObject    `json:"findings"`
		Successors   []successorObject  `json:"successors,omitzero"` // what to have in its place
	}

	// successorObject is a token that is proposed.
	successorObject struct {
		Name            *string            `json:"name"` // null: as it is
		Selection       *string            `json:"repository_selection"`
		Repositories    *[]string          `json:"repositories"`            // null: to be chosen
		Visibility      *string            `json:"repositories_visibility"` // that they share
		MaxRepositories *int               `json:"max_repositories"`        // null: any number
		Permissions     *permissionsObject `json:"permissions"`
		LeftOut         []string           `json:"repositories_left_out"` // that it may not have
		MaxDays         *int               `json:"max_days"`              // null: no limit
		NeedsWaivers    []string           `json:"needs_waivers"`         // ids of rules
		StillFails      []string           `json:"still_fails"`           // ids of rules
	}

	requestObject struct {
		resultObject
		Reason    string  `json:"reason"`
		CreatedAt *string `json:"created_at"`
		AgeDays   *int64  `json:"age_days"`
		Denial    string  `json:"denial"`
	}

	findingObject struct {
		Rule       string          `json:"rule"`
		Status     string          `json:"status"`
		Severity   *string         `json:"severity"`
		Message    string          `json:"message"`
		Basis      []string        `json:"basis"`
		Remedy     string          `json:"remedy"`
		Missing    []string        `json:"missing"`
		Waiver     *waiverObject   `json:"waiver"`
		Exceeded   *exceededObject `json:"exceeded"`
		Override   *string         `json:"override"`
		InBaseline bool            `json:"in_baseline"`
		MoreOwed   []string        `json:"more_than_debt,omitzero"` // of one that a debt does not cover
		FirstSeen  *string         `json:"first_seen,omitzero"`
		Due        *string         `json:"due,omitzero"`
		Overdue    bool            `json:"overdue,omitzero"`
	}
)

// permissionsObject is an object per group, with the documented groups always there.
type permissionsObject []audit.Permission

func (p *permissionsObject) MarshalJSONTo(enc *jsontext.Encoder) error {
	groups := []string{audit.GroupRepository, audit.GroupOrganization, audit.GroupOther}
	for _, permission := range *p {
		if !slices.Contains(groups, permission.Group) {
			groups = append(groups, permission.Group)
		}
	}
	tokens := []jsontext.Token{jsontext.BeginObject}
	for _, group := range groups {
		tokens = append(tokens, jsontext.String(group), jsontext.BeginObject)
		for _, permission := range *p {
			if permission.Group == group {
				tokens = append(tokens,
					jsontext.String(permission.Name), jsontext.String(permission.Level))
			}
		}
		tokens = append(tokens, jsontext.EndObject)
	}
	for _, token := range append(tokens, jsontext.EndObject) {
		if err := enc.WriteToken(token); err != nil {
			return err
		}
	}
	return nil
}

// classicObject is a classic token in [Format].
type classicObject struct {
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

// classicObjectOf is null if classic tokens were not asked for.
func classicObjectOf(run *audit.Run, v *view.View) *[]classicObject {
	if run.Classic == nil {
		return nil
	}
	wire := []classicObject{}
	for _, c := range run.Classic {
		if !v.Filter.Login(c.Login) {
			continue
		}
		w := classicObject{
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
