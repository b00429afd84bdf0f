// SPDX-License-Identifier: Apache-2.0

// Package oscal writes what an audit found as OSCAL assessment results, version 1.1.3.
package oscal

import (
	"bytes"
	"encoding/base64"
	"io"
	"time"

	oscal "github.com/defenseunicorns/go-oscal/src/types/oscal-1-1-3"
	jsonv1 "github.com/go-json-experiment/json/v1"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/encode"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

// Format writes assessment results, version 1.1.3 in JSON: one result per organization.
//
// Tokens are inventory items, what a rule found of one is an observation, and each rule asked is a
// finding, whose target is an objective of the first NIST control that the rule refers to. A
// finding is satisfied only if the run is complete, no failure counts or was accepted, and nothing
// is open. A failure, accepted or not, is not-satisfied with reason fail, and a risk: open, or
// deviation-approved if it is waived or accepted debt. What could not be judged is not-satisfied
// with reason other, and a remark. What fails below the policy's threshold is an observation and
// no risk: the finding is satisfied with reason other, and a remark. A rule that applies to no
// token is satisfied with reason other, and its implementation-status is not-applicable: OSCAL has
// no third state. An observation's title and description show how the token fared, and so does its
// property counts-as. Of a risk, the statement is the rule's impact, the characterization its
// severity, and the remediation what to do.
//
// A claim of the policy about the organization's own settings is an observation, too, and one that
// is contradicted a finding that is not-satisfied.
//
// The assessment plan is made of the rules that were asked. It is a document of its own, valid by
// itself, and lies in the back matter, where import-ap points: so one file is enough. It imports
// the system security plan that the view names.
//
// UUIDs are of version 5. Those of tokens and of risks are the same in every report, so that a
// plan of action can follow them; all others are of this document.
var Format = view.Format{
	Name:  "oscal",
	Doc:   "assessment results with their plan, for compliance tools (OSCAL 1.1.3)",
	Ext:   []string{".oscal.json"},
	Write: write,
}

const (
	schemaVersion = "1.1.3"
	namespace     = audit.Home + "/ns/oscal" // of the properties' names
)

var quotedNamespace = []byte(`"` + namespace + `"`)

func write(w io.Writer, d *view.Document) error {
	o := &writer{
		Stream: encode.NewStream(w), doc: d, id: view.DocumentID(d), at: view.DocumentTime(d),
	}
	if d.View.SystemPlan != "" { // then it is another document
		o.id = view.UUID(o.id, d.View.SystemPlan)
	}
	o.tool = view.UUID("tool", d.Tool.Name, d.Tool.Version)
	plan := view.UUID(o.id, "plan")
	o.Object("")
	o.Object("assessment-results")
	o.Text("uuid", o.id)
	o.put("metadata", o.metadata("Audit of fine-grained personal access tokens: results"))
	o.put("import-ap", oscal.ImportAp{Href: "#" + plan})
	if objectives := objectivesOf(d.Runs); len(objectives) > 0 {
		o.Object("local-definitions")
		o.List("objectives-and-methods")
		for i := range objectives {
			o.put("", &objectives[i])
		}
		o.End()
		o.End()
	}
	o.List("results")
	for _, run := range d.Runs {
		o.result(run)
	}
	o.failures()
	o.End()
	o.put("back-matter", o.backMatter(plan))
	o.End()
	o.End()
	return o.Err()
}

// writer writes the parts in order, and keeps none of them. What there is once for each token or
// finding it writes member by member, for speed; all else as the library's types.
type writer struct {
	*encode.Stream
	doc  *view.Document
	id   string    // of the document
	tool string    // its UUID
	at   time.Time // of the document
}

// put writes a value of the library's types, which mean the classic omitempty.
func (o *writer) put(name string, v any) {
	o.Value(name, v, jsonv1.OmitEmptyWithLegacySemantics(true))
}

// once returns the JSON of a value that stands in many places.
func once(v any) []byte {
	var b bytes.Buffer
	o := &writer{Stream: encode.NewStream(&b)}
	o.ShortList("")
	o.put("", v)
	o.End()
	return bytes.TrimSuffix(bytes.TrimPrefix(b.Bytes(), []byte("[")), []byte("]\n"))
}

func (o *writer) metadata(title string) oscal.Metadata {
	return oscal.Metadata{
		Title: title, LastModified: o.at, OscalVersion: schemaVersion,
		Version: view.OrUnknown(safe.Prose(o.doc.Tool.Version, safe.MostName)),
		Remarks: "Confidential: personal data.",
	}
}

// failures are results about what was not audited at all. There is one result at least.
func (o *writer) failures() {
	failed := o.doc.Failed
	if len(o.doc.Runs)+len(failed) == 0 {
		none := audit.Because("no organization was audited")
		failed = []view.Failure{{Organization: "none", Reason: none}}
	}
	for _, f := range failed {
		o.put("", oscal.Result{
			UUID:        view.UUID(o.id, "failed", f.Organization),
			Title:       "Not audited: " + safe.Prose(f.Organization, safe.MostName),
			Description: safe.Prose(f.Reason.String(), safe.MostProse),
			Start:       o.at, ReviewedControls: reviewedControls(nil),
			Props: properties("verdict", audit.Incomplete.String(), "complete", "false"),
		})
	}
}

// backMatter holds the plan as a file.
func (o *writer) backMatter(id string) oscal.BackMatter {
	var plan bytes.Buffer
	p := &writer{Stream: encode.NewStream(&plan), doc: o.doc, id: id, tool: o.tool, at: o.at}
	p.Object("") // into memory
	p.put("assessment-plan", p.plan())
	p.End()
	return oscal.BackMatter{Resources: &[]oscal.Resource{{
		UUID: id, Title: "The assessment plan",
		Base64: &oscal.Base64{
			Filename: "assessment-plan.oscal.json", MediaType: "application/json",
			Value: base64.StdEncoding.EncodeToString(plan.Bytes()),
		},
	}}}
}
