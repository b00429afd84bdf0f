// SPDX-License-Identifier: Apache-2.0

package json

import (
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/complytime/pataudit/audit"
)

// The whole of the wire format, to read it back. [Format] writes the same keys one by one, since
// it holds no tokens; a test holds the two against each other.

type (
	// wireReports is the report of several organizations.
	wireReports struct {
		Version  int    `json:"version"`
		Verdict  string `json:"verdict"`
		Complete bool   `json:"complete"`

		Pseudonymised bool `json:"pseudonymised,omitzero"`

		Failed  []wireFailure `json:"failed"`
		Summary wireSummary   `json:"summary"`
		Audits  []wireReport  `json:"audits"`
	}

	// wireReport is the report of one.
	wireReport struct {
		Version        int            `json:"version"`
		Tool           wireTool       `json:"tool"`
		Organization   Organization   `json:"organization"`
		AsOf           *string        `json:"as_of"`
		CollectedAt    *string        `json:"collected_at"`
		Verdict        string         `json:"verdict"`
		Complete       bool           `json:"complete"`
		Incomplete     []string       `json:"incomplete"`
		Coverage       []wireCoverage `json:"coverage"`
		EvidenceDigest *string        `json:"evidence_digest"`
		Policy         wirePolicy     `json:"policy"`
		Summary        wireSummary    `json:"summary"`
		Since          *wireSince     `json:"since,omitzero"`
		Trend          []wirePoint    `json:"trend,omitzero"`
		Rules          []wireRule     `json:"rules"`
		View           *wireView      `json:"view,omitzero"`
		Pseudonymised  bool           `json:"pseudonymised,omitzero"`
		InHistory      *bool          `json:"in_history,omitzero"`
		Tokens         []*wireResult  `json:"tokens"`
		Requests       []*wireRequest `json:"requests"`
		Classic        *[]wireClassic `json:"classic"`
		NotSeen        []string       `json:"not_seen"`
		Decisions      []wireDecision `json:"decisions"`
		Debt           *wireDebt      `json:"debt"`
	}
)

// UnmarshalJSONFrom is the inverse of MarshalJSONTo, but for the order.
func (p *wirePermissions) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	var groups map[string]map[string]string
	if err := json.UnmarshalDecode(dec, &groups); err != nil {
		return err
	}
	*p = wirePermissions{}
	for group, levels := range groups {
		for name, level := range levels {
			*p = append(*p, audit.Permission{Group: group, Name: name, Level: level})
		}
	}
	slices.SortFunc(*p, audit.ComparePermissions)
	return nil
}

// figures returns as much of the run as totals are made of.
func (w *wireReport) figures() *audit.Run {
	run := &audit.Run{Complete: w.Complete, Summary: w.Summary.restored()}
	run.Policy.FailOnRequests = w.Policy.FailOnRequests
	run.Policy.FailOnOverdue = w.Policy.FailOnOverdue
	return run
}

// restored is the inverse of wireSummaryOf.
func (w *wireSummary) restored() audit.Summary {
	s := audit.Summary{
		Tokens: w.Tokens, Active: w.TokensActive, People: w.People, Failing: w.TokensFailing,
		Violating: w.TokensViolating, Requests: w.Requests, RequestsViolating: w.RequestsViolating,
		BySeverity: w.BySeverity.restored(), ByWorst: w.TokensBySeverity.restored(),
		ViolatingBy: w.ViolatingBy.restored(), IndebtedBy: w.IndebtedBy.restored(),
		Overdue: w.Overdue,
	}
	s.Findings[audit.Fail] = w.Findings.Fail
	s.Findings[audit.Waived] = w.Findings.Waived
	s.Findings[audit.Indeterminate] = w.Findings.Indeterminate
	s.Findings[audit.Pass] = w.Findings.Pass
	s.Findings[audit.NotApplicable] = w.Findings.NotApplicable
	s.ByWorst[audit.NoSeverity] = s.Tokens - s.Failing
	return s
}

func (w *wireSeverities) restored() (counts [audit.Critical + 1]int) {
	counts[audit.Critical], counts[audit.High] = w.Critical, w.High
	counts[audit.Medium], counts[audit.Low], counts[audit.Info] = w.Medium, w.Low, w.Info
	return counts
}
