// SPDX-License-Identifier: Apache-2.0

package json

import (
	"iter"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/complytime/pataudit/audit"
)

// The whole of the wire format, as it is written and read back.

type (
	// reportsObject is the report of several organizations.
	reportsObject struct {
		Version  int    `json:"version"`
		Verdict  string `json:"verdict"`
		Complete bool   `json:"complete"`

		Pseudonymised bool `json:"pseudonymised,omitzero"`

		Failed  []failureObject        `json:"failed"`
		Summary summaryObject          `json:"summary"`
		Audits  elements[reportObject] `json:"audits"`
	}

	// reportObject is the report of one.
	reportObject struct {
		Version        int                     `json:"version"`
		Tool           toolObject              `json:"tool"`
		Organization   Organization            `json:"organization"`
		AsOf           *string                 `json:"as_of"`
		CollectedAt    *string                 `json:"collected_at"`
		Verdict        string                  `json:"verdict"`
		Complete       bool                    `json:"complete"`
		Incomplete     []string                `json:"incomplete"`
		WhyIncomplete  audit.Gaps              `json:"incomplete_codes"` // one for each
		Coverage       []coverageObject        `json:"coverage"`
		EvidenceDigest *string                 `json:"evidence_digest"`
		Policy         policyObject            `json:"policy"`
		Summary        summaryObject           `json:"summary"`
		Since          *sinceObject            `json:"since,omitzero"`
		Trend          []pointObject           `json:"trend,omitzero"`
		Registry       *registryObject         `json:"registry,omitzero"`
		Settings       []settingObject         `json:"organization_settings,omitzero"`
		Rules          []ruleObject            `json:"rules"`
		View           *viewObject             `json:"view,omitzero"`
		Pseudonymised  bool                    `json:"pseudonymised,omitzero"`
		InHistory      *bool                   `json:"in_history,omitzero"`
		Tokens         elements[resultObject]  `json:"tokens"`
		Requests       elements[requestObject] `json:"requests"`
		Classic        *[]classicObject        `json:"classic"`
		NotSeen        []string                `json:"not_seen"`
		WhatNotSeen    audit.Gaps              `json:"not_seen_codes"` // one for each
		Decisions      []decisionObject        `json:"decisions"`
		Debt           *debtObject             `json:"debt"`
	}
)

// elements are those of a list; nil has none. They are made one by one while they are written, so
// that none of them is held.
type elements[T any] iter.Seq[*T]

// MarshalJSONTo writes each element as soon as it is made.
func (e elements[T]) MarshalJSONTo(enc *jsontext.Encoder) error {
	if err := enc.WriteToken(jsontext.BeginArray); err != nil {
		return err
	}
	if e == nil {
		e = func(func(*T) bool) {}
	}
	for element := range e {
		if err := json.MarshalEncode(enc, element); err != nil {
			return err
		}
	}
	return enc.WriteToken(jsontext.EndArray)
}

// UnmarshalJSONFrom reads the whole list, and holds it.
func (e *elements[T]) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	var held []*T
	err := json.UnmarshalDecode(dec, &held)
	*e = elements[T](slices.Values(held))
	return err
}

// UnmarshalJSONFrom is the inverse of MarshalJSONTo, but for the order.
func (p *permissionsObject) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	var groups map[string]map[string]string
	if err := json.UnmarshalDecode(dec, &groups); err != nil {
		return err
	}
	*p = permissionsObject{}
	for group, levels := range groups {
		for name, level := range levels {
			*p = append(*p, audit.Permission{Group: group, Name: name, Level: level})
		}
	}
	slices.SortFunc(*p, audit.ComparePermissions)
	return nil
}

// figures returns as much of the run as totals are made of.
func (w *reportObject) figures() *audit.Run {
	run := &audit.Run{Complete: w.Complete, Summary: w.Summary.restored()}
	run.Policy.FailOnRequests = w.Policy.FailOnRequests
	run.Policy.FailOnOverdue = w.Policy.FailOnOverdue
	for i := range w.Settings {
		state := audit.SettingState(w.Settings[i].State)
		run.Settings = append(run.Settings, audit.SettingResult{State: state})
	}
	return run
}

// restored is the inverse of summaryObjectOf.
func (w *summaryObject) restored() audit.Summary {
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

func (w *severitiesObject) restored() (counts [audit.Critical + 1]int) {
	counts[audit.Critical], counts[audit.High] = w.Critical, w.High
	counts[audit.Medium], counts[audit.Low], counts[audit.Info] = w.Medium, w.Low, w.Info
	return counts
}
