// SPDX-License-Identifier: Apache-2.0

package json

import (
	"io"
	"iter"

	"github.com/go-json-experiment/json/jsontext"

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
	j := &documentWriter{encode.New(w), d}
	if d.Single() {
		j.run(d.Runs[0])
	} else {
		j.runs()
	}
	return j.Err
}

// documentWriter writes a document, token by token.
type documentWriter struct {
	*encode.Writer
	doc *view.Document
}

// runs wraps the reports of several organizations, or of none.
func (j *documentWriter) runs() {
	o := j.doc.Outcome()
	j.Token(jsontext.BeginObject)
	j.Key("version", encode.Version)
	j.Key("verdict", o.String())
	j.Key("complete", o == audit.Clean || o == audit.Violations)
	if j.doc.Pseudonymised {
		j.Key("pseudonymised", true)
	}
	failed := make([]failureObject, len(j.doc.Failed))
	for i, f := range j.doc.Failed {
		failed[i] = failureObject(f)
	}
	j.Key("failed", failed)
	j.Key("summary", summaryObjectOf(view.Total(j.doc.Runs), j.doc.Contradicted()))
	j.Token(jsontext.String("audits"))
	j.Token(jsontext.BeginArray)
	for _, run := range j.doc.Runs {
		j.run(run)
	}
	j.Token(jsontext.EndArray)
	j.Token(jsontext.EndObject)
}

// run writes one organization's report.
func (j *documentWriter) run(run *audit.Run) {
	j.Token(jsontext.BeginObject)
	j.Key("version", encode.Version)
	j.Key("tool", toolObject(j.doc.Tool))
	j.Key("organization", Organization{
		run.Organization.Login, encode.OrNull(run.Organization.ID), run.Organization.Host,
	})
	j.Key("as_of", encode.Instant(run.AsOf))
	j.Key("collected_at", encode.Instant(run.CollectedAt))
	j.Key("verdict", run.Outcome().String())
	j.Key("complete", run.Complete)
	j.Key("incomplete", run.Incomplete.Texts())
	j.Key("incomplete_codes", run.Incomplete)
	j.Key("coverage", coverageObjectOf(run.Coverage))
	j.Key("evidence_digest", encode.OrNull(run.Digest))
	j.Key("policy", policyObjectOf(&run.Policy))
	j.Key("summary", summaryObjectOf(&run.Summary, run.Contradicted()))
	if run.Since != nil {
		j.Key("since", sinceObjectOf(run.Since))
	}
	if run.Trend != nil {
		j.Key("trend", trendObjectOf(run.Trend))
	}
	if run.Registry != nil {
		j.Key("registry", registryObject(*run.Registry))
	}
	if run.Settings != nil {
		j.Key("organization_settings", settingsObjectOf(run))
	}
	j.Key("rules", rulesObjectOf(run.Rules))
	if v := &j.doc.View; v.Filter.Active() || v.Only != "" {
		j.Key("view", viewObjectOf(v))
	}
	if j.doc.Pseudonymised {
		j.Key("pseudonymised", true)
	}
	if run.Unsaved { // it can be verified still, and added to the history later
		j.Key("in_history", false)
	}
	j.results("tokens", run, run.Results())
	j.results("requests", run, run.Requests())
	j.Key("classic", classicObjectOf(run, &j.doc.View))
	j.Key("not_seen", run.NotSeen.Texts())
	j.Key("not_seen_codes", run.NotSeen)
	j.Key("decisions", decisionsObjectOf(run.Decisions))
	j.Key("debt", debtObjectOf(run.Debt))
	j.Token(jsontext.EndObject)
}

func (j *documentWriter) results(name string, run *audit.Run, results iter.Seq[*audit.Result]) {
	j.Token(jsontext.String(name))
	j.Token(jsontext.BeginArray)
	for r := range results {
		if findings, shown := j.doc.View.Choose(r); shown {
			j.Value(resultObjectOf(r, findings, run.AsOf))
		}
		if j.Err != nil {
			return
		}
	}
	j.Token(jsontext.EndArray)
}
