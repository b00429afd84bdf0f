// SPDX-License-Identifier: Apache-2.0

package comparison

import (
	"io"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/encode"
	"github.com/complytime/pataudit/report/json"
)

// The comparison for machines. Its keys are a promise, as those of [json.Format]; tokens come
// worst first.

type (
	comparisonObject struct {
		Version      int               `json:"version"`
		Organization json.Organization `json:"organization"`
		Policies     *shift            `json:"policies"` // of the same evidence by two policies
		Summary      deltasObject      `json:"summary"`
		Old          sideObject        `json:"old"`
		New          sideObject        `json:"new"`
		NotCompared  []string          `json:"not_compared"` // rules
		Notes        []string          `json:"notes"`
		Settings     []settingObject   `json:"organization_settings,omitzero"` // that changed
		Tokens       []deltaObject     `json:"tokens"`
	}

	sideObject struct {
		Name            string  `json:"name"`
		AsOf            *string `json:"as_of"`
		Verdict         string  `json:"verdict"`
		Complete        bool    `json:"complete"`
		Listed          bool    `json:"listed"` // the whole list of tokens was seen
		Tokens          int     `json:"tokens"`
		TokensViolating int     `json:"tokens_violating"`
		PolicyName      string  `json:"policy_name"`
		PolicyDigest    string  `json:"policy_digest"`
		EvidenceDigest  string  `json:"evidence_digest"`
	}

	deltasObject struct {
		New           int `json:"new"`
		Gone          int `json:"gone"`
		NotSeen       int `json:"not_seen"`
		Widened       int `json:"widened"`
		Narrowed      int `json:"narrowed"`
		Renewed       int `json:"renewed"`
		Expired       int `json:"expired"`
		OwnersChanged int `json:"owners_changed"`
		Opened        int `json:"opened"`
		Milder        int `json:"milder"`
		Fixed         int `json:"fixed"`
		Waived        int `json:"waived"`
		Indebted      int `json:"indebted"`
	}

	// deltaObject is a token. Its ids, name and owner are the newer run's; the older one's, if it is
	// not in that.
	deltaObject struct {
		ID       int64       `json:"id"`
		OldID    *int64      `json:"old_id"` // of its grant then, if it was another one
		TokenID  *int64      `json:"token_id"`
		Name     string      `json:"name"`
		Owner    *json.Owner `json:"owner"`
		Severity *string     `json:"severity"` // of the worst failing finding now; null if none fails

		New     bool `json:"new"`
		Gone    bool `json:"gone"`
		NotSeen bool `json:"not_seen"` // by a run that did not see the whole list
		Renewed bool `json:"renewed"`
		Expired bool `json:"expired"`

		Gained       []string         `json:"gained"`
		Lost         []string         `json:"lost"`
		OldExpiresAt *string          `json:"old_expires_at"`
		ExpiresAt    *string          `json:"expires_at"`
		OldRole      *string          `json:"old_role"` // if it is another one now
		Opened       []movementObject `json:"opened"`
		Milder       []movementObject `json:"milder"`
		Fixed        []movementObject `json:"fixed"`
		Waived       []movementObject `json:"waived"`
		Indebted     []movementObject `json:"indebted"` // accepted by the baseline now
	}

	movementObject struct {
		Rule        string  `json:"rule"`
		OldStatus   *string `json:"old_status"` // null: it was not told
		Status      *string `json:"status"`
		OldSeverity *string `json:"old_severity"`
		Severity    *string `json:"severity"`
		Message     string  `json:"message"` // the newer one
	}
)

func writeJSON(w io.Writer, c *Comparison) error {
	f := c.figures()
	o := c.New.Organization
	wire := comparisonObject{
		Version: encode.Version, Organization: json.Organization{
			Login: o.Login, ID: encode.OrNull(o.ID), Host: o.Host,
		},
		Old: sideObjectOf(c.OldName, c.Old), New: sideObjectOf(c.NewName, c.New),
		Notes: c.notes(), Settings: c.settingObjects(),
		Summary: deltasObject{
			New: f.New, Gone: f.Gone, NotSeen: f.Unseen, Widened: f.Widened, Narrowed: f.Narrowed,
			Renewed: f.Renewed, Expired: f.Expired, OwnersChanged: f.Roles, Opened: f.Opened,
			Milder: f.Milder, Fixed: f.Fixed, Waived: f.Waived,
			Indebted: f.Indebted,
		},
	}
	if c.Policies {
		wire.Policies = c.shift()
	} else {
		wire.NotCompared = c.askedOnce()
	}
	for i := range c.Deltas {
		wire.Tokens = append(wire.Tokens, deltaObjectOf(&c.Deltas[i]))
	}
	return encode.Value(w, wire)
}

func sideObjectOf(name string, run *audit.Run) sideObject {
	return sideObject{
		Name: name, AsOf: encode.Instant(run.AsOf), Verdict: run.Outcome().String(),
		Complete: run.Complete, Listed: run.Listed(), Tokens: run.Summary.Tokens,
		TokensViolating: run.Summary.Violating, PolicyName: run.Policy.Name,
		PolicyDigest: run.Policy.Digest, EvidenceDigest: run.Digest,
	}
}

func deltaObjectOf(d *audit.Delta) deltaObject {
	t := d.Token()
	wire := deltaObject{
		ID: t.ID, TokenID: encode.OrNull(t.TokenID), Name: t.Name, Owner: json.OwnerOf(t),
		Severity: encode.Severity(d.Severity()), New: d.Appeared(), Gone: d.Gone(),
		NotSeen: d.Unseen, Renewed: d.Renewed, Expired: d.Expired, Gained: d.Gained, Lost: d.Lost,
		ExpiresAt: encode.Instant(t.ExpiresAt),
		Opened:    movementObjects(d.Opened), Milder: movementObjects(d.Milder),
		Fixed:  movementObjects(d.Fixed),
		Waived: movementObjects(d.Waived), Indebted: movementObjects(d.Indebted),
	}
	if d.Old == nil || d.New == nil {
		return wire
	}
	old := d.Old.Token
	wire.OldExpiresAt = encode.Instant(old.ExpiresAt)
	if old.ID != t.ID {
		wire.OldID = encode.OrNull(old.ID)
	}
	if d.RoleChanged {
		wire.OldRole = encode.OrNull(string(old.Owner.Role))
	}
	return wire
}

func movementObjects(changes []audit.Change) (wire []movementObject) {
	for i := range changes {
		m := movementObject{}
		if f := changes[i].Old; f != nil {
			m.Rule, m.Message = f.Rule.Rule.ID, f.Message
			m.OldStatus, m.OldSeverity = encode.OrNull(f.Status.String()), encode.Severity(f.Severity)
		}
		if f := changes[i].New; f != nil {
			m.Rule, m.Message = f.Rule.Rule.ID, f.Message
			m.Status, m.Severity = encode.OrNull(f.Status.String()), encode.Severity(f.Severity)
		}
		wire = append(wire, m)
	}
	return wire
}
