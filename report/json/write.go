// SPDX-License-Identifier: Apache-2.0

package json

import (
	"io"
	"iter"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/encode"
	"github.com/complytime/pataudit/report/view"
)

// Format writes everything, for machines: version 1 of the wire format, which may gain keys and
// never loses or retypes one.
//
// It is written token by token, and holds none of them. Texts keep their value: a decoder gives
// back what GitHub sent. In the bytes, though, every rune that does not show is written as an
// escape, so that a report may be printed or land in a log.
var Format = view.Format{
	Name:  "json",
	Doc:   "every token and finding, for machines (versioned)",
	Ext:   []string{".json"},
	Write: writeJSON,
}

func writeJSON(w io.Writer, d *view.Document) error {
	if d.Single() {
		return encode.Value(w, reportObjectOf(d, d.Runs[0]))
	}
	return encode.Value(w, reportsObjectOf(d))
}

// reportsObjectOf returns the report of several organizations, or of none.
func reportsObjectOf(d *view.Document) *reportsObject {
	o := d.Outcome()
	w := &reportsObject{
		Version: encode.Version, Verdict: o.String(),
		Complete:      o == audit.Clean || o == audit.Violations,
		Pseudonymised: d.Pseudonymised,
		Summary:       summaryObjectOf(view.Total(d.Runs), d.Contradicted()),
		Audits: func(yield func(*reportObject) bool) {
			for _, run := range d.Runs {
				if !yield(reportObjectOf(d, run)) {
					return
				}
			}
		},
	}
	for _, f := range d.Failed {
		w.Failed = append(w.Failed, failureObject{f.Organization, f.Reason.String(), f.Reason})
	}
	return w
}

// reportObjectOf returns the report of one organization.
func reportObjectOf(d *view.Document, run *audit.Run) *reportObject {
	w := &reportObject{
		Version: encode.Version, Tool: toolObject(d.Tool),
		Organization: Organization{
			run.Organization.Login, encode.OrNull(run.Organization.ID), run.Organization.Host,
		},
		AsOf: encode.Instant(run.AsOf), CollectedAt: encode.Instant(run.CollectedAt),
		Verdict: run.Outcome().String(), Complete: run.Complete,
		Incomplete: run.Incomplete.Texts(), WhyIncomplete: run.Incomplete,
		Coverage: coverageObjectOf(run.Coverage), EvidenceDigest: encode.OrNull(run.Digest),
		Policy:  policyObjectOf(&run.Policy),
		Summary: summaryObjectOf(&run.Summary, run.Contradicted()),
		Since:   sinceObjectOf(run.Since), Trend: trendObjectOf(run.Trend),
		Registry: (*registryObject)(run.Registry), Settings: settingsObjectOf(run),
		Rules: rulesObjectOf(run.Rules), View: viewObjectOf(&d.View),
		Pseudonymised: d.Pseudonymised,
		Tokens:        shown(&d.View, run.Results(), resultObjectOf),
		Requests: shown(&d.View, run.Requests(),
			func(r *audit.Result, findings []*audit.Finding) *requestObject {
				return requestObjectOf(r, findings, run.AsOf)
			}),
		Classic: classicObjectOf(run, &d.View),
		NotSeen: run.NotSeen.Texts(), WhatNotSeen: run.NotSeen,
		Decisions: decisionsObjectOf(run.Decisions), Debt: debtObjectOf(run.Debt),
	}
	if run.Unsaved { // it can be verified still, and added to the history later
		w.InHistory = new(false)
	}
	return w
}

// shown returns the results that a view shows, each with the findings that it shows.
func shown[T any](
	v *view.View, results iter.Seq[*audit.Result],
	objectOf func(*audit.Result, []*audit.Finding) *T,
) elements[T] {
	return func(yield func(*T) bool) {
		for r := range results {
			if findings, shown := v.Choose(r); shown && !yield(objectOf(r, findings)) {
				return
			}
		}
	}
}
