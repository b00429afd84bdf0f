// SPDX-License-Identifier: Apache-2.0

package json

import (
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/encode"
	"github.com/complytime/pataudit/report/view"
)

// The part of the wire format of [Format] that people put there: the policy, and what they
// decided. Their days are "2026-11-22", null if there is none.

type (
	policyObject struct {
		Name           string          `json:"name"`
		Digest         string          `json:"digest"`
		FailOn         string          `json:"fail_on"`
		FailOnRequests bool            `json:"fail_on_requests"`
		FailOnOverdue  bool            `json:"fail_on_overdue,omitzero"`
		SLA            termsObject     `json:"sla,omitzero"`
		Ratified       *ratifiedObject `json:"ratified"`

		HistoryRequired bool `json:"history_required,omitzero"`
	}

	ratifiedObject struct {
		By string  `json:"by"`
		On *string `json:"on"`
	}

	// waiverObject is what accepts a finding.
	waiverObject struct {
		Reason  string  `json:"reason"`
		By      string  `json:"by"`
		Ticket  string  `json:"ticket"`
		On      *string `json:"on"`
		Until   *string `json:"until"`
		ByOwner bool    `json:"by_owner"`
	}

	// exceededObject is a valid waiver that does not cover its finding, and what is more.
	exceededObject struct {
		By    string   `json:"by"`
		Until *string  `json:"until"`
		More  []string `json:"more"`
	}

	decisionObject struct {
		Kind     string  `json:"kind"`
		Rule     *string `json:"rule"`
		TokenID  int64   `json:"token_id"`
		OwnerID  int64   `json:"owner_id"`
		Until    *string `json:"until"`
		State    string  `json:"state"`
		Detail   string  `json:"detail"`
		By       string  `json:"by"`
		ByOwner  bool    `json:"by_owner"`
		Reason   string  `json:"reason"`
		Ticket   string  `json:"ticket"`
		Purpose  string  `json:"purpose"`
		Consumer string  `json:"consumer"`
		On       *string `json:"on"`

		// Of a waiver and, but for the severity, of what is to be reduced. Reach is all, none, unknown,
		// or some: then RepositoryIDs says which.
		Basis         []string `json:"basis,omitzero"`
		Held          []string `json:"held,omitzero"`
		Severity      *string  `json:"severity,omitzero"`
		Reach         string   `json:"reach,omitzero"`
		RepositoryIDs []int64  `json:"repository_ids,omitzero"`
	}

	// debtObject counts what is left of a baseline.
	debtObject struct {
		Accepted int     `json:"accepted"`
		Left     int     `json:"left"`
		Worse    int     `json:"worse"`
		Ended    int     `json:"ended"`
		Waived   int     `json:"waived"`
		Gone     int     `json:"gone"`
		Until    *string `json:"until"`
	}
)

func policyObjectOf(p *audit.PolicyName) policyObject {
	wire := policyObject{
		Name: p.Name, Digest: p.Digest, FailOn: p.FailOn.String(),
		FailOnRequests: p.FailOnRequests, FailOnOverdue: p.FailOnOverdue, SLA: termsObjectOf(p.SLA),
		HistoryRequired: p.HistoryRequired,
	}
	if p.Ratified != nil {
		wire.Ratified = &ratifiedObject{By: p.Ratified.By, On: dayOrNull(p.Ratified.On)}
	}
	return wire
}

func waiverObjectOf(d *audit.Decision, t *audit.Token) *waiverObject {
	if d == nil {
		return nil
	}
	return &waiverObject{
		Reason: d.Reason, By: d.By, Ticket: d.Ticket, On: dayOrNull(d.On), Until: dayOrNull(d.Until),
		ByOwner: d.ByOwner(t),
	}
}

func exceededObjectOf(f *audit.Finding) *exceededObject {
	if f.Exceeded == nil {
		return nil
	}
	return &exceededObject{By: f.Exceeded.By, Until: dayOrNull(f.Exceeded.Until), More: f.More}
}

func decisionsObjectOf(decisions []audit.DecisionResult) []decisionObject {
	wire := make([]decisionObject, len(decisions))
	for i, r := range decisions {
		d := r.Decision
		wire[i] = decisionObject{
			Kind: d.Kind, Rule: encode.OrNull(d.Rule), TokenID: d.TokenID, OwnerID: d.OwnerID,
			Until: dayOrNull(d.Until), State: string(r.State), Detail: r.Detail,
			By: d.By, ByOwner: r.ByOwner, Reason: d.Reason, Ticket: d.Ticket,
			Purpose: d.Purpose, Consumer: d.Consumer, On: dayOrNull(d.On), Basis: d.Basis,
			Held: d.Held,
		}
		if d.Kind == audit.Waive || d.Kind == audit.Reduce || d.Exact() {
			wire[i].Reach, wire[i].RepositoryIDs = d.Reach.Word(), d.Reach.IDs()
		}
		if d.Severity != audit.NoSeverity {
			severity := d.Severity.String()
			wire[i].Severity = &severity
		}
	}
	return wire
}

func debtObjectOf(d *audit.DebtCount) *debtObject {
	if d == nil {
		return nil
	}
	return &debtObject{
		d.Accepted, d.Left, d.Worse, d.Ended, d.Waived, d.Gone, dayOrNull(d.Until),
	}
}

func dayOrNull(t time.Time) *string { return encode.OrNull(view.DayOf(t)) }
