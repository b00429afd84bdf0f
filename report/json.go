// SPDX-License-Identifier: Apache-2.0

package report

import (
	"io"
	"iter"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/complytime/pataudit/audit"
)

// JSON writes everything, for machines: version 1 of the wire format, which may gain keys and
// never loses or retypes one.
//
// It is written token by token, and holds none of them. Texts keep their value: a decoder gives
// back what GitHub sent. In the bytes, though, every rune that does not show is written as an
// escape, so that a report may be printed or land in a log.
var JSON = Format{
	Name:  "json",
	Doc:   "every token and finding, for machines (versioned)",
	Ext:   []string{".json"},
	Write: writeJSON,
}

// jsonVersion is the version of the wire format.
const jsonVersion = 1

func writeJSON(w io.Writer, d *Document) error {
	j := newJSON(w)
	j.doc = d
	if d.single() {
		j.run(d.Runs[0])
	} else {
		j.runs()
	}
	return j.err
}

// Value writes a value of another command's own wire format, with the same escapes as [JSON].
func Value(w io.Writer, v any) error {
	j := newJSON(w)
	j.value(v)
	return j.err
}

// escaper makes JSON visible before it is written. The encoder hands it whole tokens of JSON, so
// that no character is cut.
type escaper struct {
	w   io.Writer
	buf []byte
}

func (e *escaper) Write(p []byte) (int, error) {
	e.buf = escapeJSON(e.buf[:0], p)
	if _, err := e.w.Write(e.buf); err != nil {
		return 0, err
	}
	return len(p), nil
}

// jsonWriter keeps the first error; after it nothing is written.
type jsonWriter struct {
	enc *jsontext.Encoder
	doc *Document
	err error
}

func newJSON(w io.Writer) *jsonWriter {
	return &jsonWriter{enc: jsontext.NewEncoder(&escaper{w: w},
		jsontext.WithIndent("  "), jsontext.AllowInvalidUTF8(true))}
}

func (j *jsonWriter) token(t jsontext.Token) {
	if j.err == nil {
		j.err = j.enc.WriteToken(t)
	}
}

func (j *jsonWriter) value(v any) {
	if j.err == nil {
		j.err = json.MarshalEncode(j.enc, v)
	}
}

func (j *jsonWriter) key(name string, v any) {
	j.token(jsontext.String(name))
	j.value(v)
}

// runs wraps the reports of several organizations, or of none.
func (j *jsonWriter) runs() {
	o := j.doc.Outcome()
	j.token(jsontext.BeginObject)
	j.key("version", jsonVersion)
	j.key("verdict", o.String())
	j.key("complete", o == audit.Clean || o == audit.Violations)
	if j.doc.Pseudonymised {
		j.key("pseudonymised", true)
	}
	failed := make([]wireFailure, len(j.doc.Failed))
	for i, f := range j.doc.Failed {
		failed[i] = wireFailure(f)
	}
	j.key("failed", failed)
	j.key("summary", wireSummaryOf(total(j.doc.Runs)))
	j.token(jsontext.String("audits"))
	j.token(jsontext.BeginArray)
	for _, run := range j.doc.Runs {
		j.run(run)
	}
	j.token(jsontext.EndArray)
	j.token(jsontext.EndObject)
}

// run writes one organization's report.
func (j *jsonWriter) run(run *audit.Run) {
	j.token(jsontext.BeginObject)
	j.key("version", jsonVersion)
	j.key("tool", wireTool(j.doc.Tool))
	j.key("organization", wireOrganization{
		run.Organization.Login, orNull(run.Organization.ID), run.Organization.Host,
	})
	j.key("as_of", instant(run.AsOf))
	j.key("collected_at", instant(run.CollectedAt))
	j.key("verdict", run.Outcome().String())
	j.key("complete", run.Complete)
	j.key("incomplete", run.Incomplete)
	j.key("coverage", wireCoverageOf(run.Coverage))
	j.key("evidence_digest", orNull(run.Digest))
	j.key("policy", wirePolicyOf(&run.Policy))
	j.key("summary", wireSummaryOf(&run.Summary))
	if run.Since != nil {
		j.key("since", wireSinceOf(run.Since))
	}
	if run.Trend != nil {
		j.key("trend", wireTrendOf(run.Trend))
	}
	j.key("rules", wireRulesOf(run.Rules))
	if v := &j.doc.View; v.Filter.active() || v.Only != "" {
		j.key("view", wireViewOf(v))
	}
	if j.doc.Pseudonymised {
		j.key("pseudonymised", true)
	}
	j.results("tokens", run, run.Results())
	j.results("requests", run, run.Requests())
	j.key("classic", wireClassicOf(run, &j.doc.View))
	j.key("not_seen", run.NotSeen)
	j.key("decisions", wireDecisionsOf(run.Decisions))
	j.key("debt", wireDebtOf(run.Debt))
	j.token(jsontext.EndObject)
}

func (j *jsonWriter) results(name string, run *audit.Run, results iter.Seq[*audit.Result]) {
	j.token(jsontext.String(name))
	j.token(jsontext.BeginArray)
	for r := range results {
		if findings, shown := j.doc.View.choose(r); shown {
			j.value(wireResultOf(r, findings, run.AsOf))
		}
		if j.err != nil {
			return
		}
	}
	j.token(jsontext.EndArray)
}
