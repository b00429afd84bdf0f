// SPDX-License-Identifier: Apache-2.0

package oscal

import (
	"fmt"
	"strconv"
	"strings"

	oscal "github.com/defenseunicorns/go-oscal/src/types/oscal-1-1-3"
	"github.com/google/uuid"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// resultWriter is one organization's result that is being written. The run is judged once for each
// of its lists.
type resultWriter struct {
	*writer
	run    *audit.Run
	key    string // of the organization
	result string // its UUID
	counts map[string]*view.Weighed

	observed, risks map[string][]uuid.UUID // by rule
	risky           bool                   // there is a risk to be written

	severities map[audit.Severity][]byte // the characterization that has each, in JSON
	texts      map[string]riskText       // by rule
	outcomes   map[outcome]outcomeText
}

func (o *writer) result(run *audit.Run) {
	r := &resultWriter{
		writer: o, run: run, key: run.Organization.Key(), counts: view.Tally(run),
		observed: map[string][]uuid.UUID{}, risks: map[string][]uuid.UUID{},
		severities: map[audit.Severity][]byte{}, texts: map[string]riskText{},
		outcomes: map[outcome]outcomeText{},
	}
	r.result = view.UUID(o.id, "result", r.key)
	start := run.Collected()
	if start.After(run.AsOf) { // and OSCAL wants it before the end
		start = run.AsOf
	}
	remarks := words.Remainders(run, o.doc)
	if !run.Complete {
		remarks = append([]string{words.Reasons(run)}, remarks...)
	}
	o.Object("")
	o.Text("uuid", r.result)
	o.Text("title", safe.Prose(run.Organization.Login, safe.MostName))
	o.Text("description", fmt.Sprintf("%s: %d of %s break the policy.", run.Outcome(),
		run.Summary.Violating, safe.Plural(run.Summary.Tokens, "token")))
	o.put("start", view.PlainTime(start))
	o.put("end", view.PlainTime(run.AsOf))
	o.put("props", properties("verdict", run.Outcome().String(),
		"complete", strconv.FormatBool(run.Complete), "host", run.Organization.Host,
		"organization-id", idText(run.Organization.ID), "evidence-digest", run.Digest,
		"policy", run.Policy.Name, "policy-digest", run.Policy.Digest,
		"fail-on", run.Policy.FailOn.String(), "project-file", o.doc.Tool.ProjectFile,
		"project-digest", o.doc.Tool.ProjectDigest))
	r.definitions()
	rules := view.AskedRules([]*audit.Run{run})
	o.put("reviewed-controls", reviewedControls(rules))
	r.list("observations", r.observations)
	if r.risky {
		r.list("risks", r.writeRisks)
	}
	if len(rules)+run.Contradicted() > 0 {
		r.list("findings", func() {
			for i := range run.Settings {
				r.settingFinding(&run.Settings[i])
			}
			for _, rule := range rules {
				r.finding(rule)
			}
		})
	}
	o.Text("remarks", strings.Join(remarks, "\n\n"))
	o.End()
}

func (r *resultWriter) list(name string, write func()) {
	r.List(name)
	write()
	r.End()
}

// props writes properties, given as names and values in turn, which need no sanitizing. One
// without a value is left out.
func (r *resultWriter) props(pairs ...string) {
	r.ShortList("props")
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			r.ShortObject("")
			r.Text("name", pairs[i])
			r.Raw("ns", quotedNamespace)
			r.Text("value", pairs[i+1])
			r.End()
		}
	}
	r.End()
}

// each ranges over the findings that the view shows.
func (r *resultWriter) each(yield func(*audit.Result, *audit.Finding)) {
	for result := range view.Counted(r.run) {
		if findings, shown := r.doc.View.Choose(result); shown {
			for _, f := range findings {
				yield(result, f)
			}
		}
		if r.Err() != nil {
			return
		}
	}
}

// definitions are the organization, its tokens, and the tool.
func (r *resultWriter) definitions() {
	r.Object("local-definitions")
	r.put("components", []oscal.SystemComponent{{
		UUID: r.organization(), Type: "service",
		Title:       safe.Prose(r.run.Organization.Login, safe.MostName),
		Description: "The organization on GitHub.",
		Status:      oscal.SystemComponentStatus{State: "operational"},
	}})
	implemented := once([]oscal.ImplementedComponent{{ComponentUuid: r.organization()}})
	empty := true
	for result := range view.Counted(r.run) {
		if _, shown := r.doc.View.Choose(result); !shown || r.Err() != nil {
			continue
		}
		if empty {
			r.List("inventory-items")
			empty = false
		}
		r.item(result, implemented)
	}
	if !empty {
		r.End()
	}
	r.put("assessment-assets", r.assets())
	r.End()
}

func (r *resultWriter) organization() string { return view.UUID("organization", r.key) }

// named returns the UUID of a token or a request, the same in every report.
func (r *resultWriter) named(result *audit.Result) string {
	return view.UUID(view.KindOf(result), r.key, strconv.FormatInt(result.Token.ID, 10))
}

// item writes a token or a request.
func (r *resultWriter) item(result *audit.Result, implemented []byte) {
	t := result.Token
	owner := ""
	if t.Owner != nil {
		owner = safe.Prose(t.Owner.Login, safe.MostProse)
	}
	permissions := make([]string, len(t.Permissions))
	for i, p := range t.Permissions {
		permissions[i] = p.String()
	}
	r.ShortObject("")
	r.Text("uuid", r.named(result))
	r.Text("description", words.Subject(result))
	r.props("kind", view.KindOf(result), "grant-id", strconv.FormatInt(t.ID, 10),
		"token-id", idText(t.TokenID), "name", safe.Prose(t.Name, safe.MostProse), "owner", owner,
		"repository-selection", safe.Prose(string(t.Selection), safe.MostProse),
		"permissions", safe.Prose(strings.Join(permissions, ", "), safe.MostProse),
		"granted-at", instantText(view.Granted(t)),
		"expires-at", instantText(view.Expires(t)),
		"last-used-at", instantText(view.LastUsed(t)),
		"first-seen", view.InstantOf(view.FirstSeen(result)),
		"last-expires-at", view.InstantOf(view.LastExpiry(result)),
		"gained", safe.Prose(strings.Join(result.Gained, ", "), safe.MostProse))
	r.Raw("implemented-components", implemented)
	r.End()
}

// instantText returns a token's date; "" if it is not known.
func instantText(d view.Fact) string {
	if text := d.Instant(); text != view.Unknown {
		return text
	}
	return ""
}

// idText writes an id; nothing for one that is not known.
func idText(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}

// observations are one about the evidence, and one for each finding.
func (r *resultWriter) observations() {
	var coverage []string
	for _, c := range r.run.Coverage {
		text := fmt.Sprintf("%s: %s%s", c.Source, c.Status, safe.Around(": ", c.Reason.String(), ""))
		coverage = append(coverage, safe.Prose(text, safe.MostProse))
	}
	subjects := []oscal.SubjectReference{{SubjectUuid: r.organization(), Type: "component"}}
	var relevant *[]oscal.RelevantEvidence
	if digest := properties("digest", r.run.Digest); digest != nil {
		const what = "The snapshot of the evidence."
		relevant = &[]oscal.RelevantEvidence{{Description: what, Props: digest}}
	}
	r.put("", oscal.Observation{
		UUID: r.evidence(), Title: "The evidence", Methods: []string{"EXAMINE"},
		Description: "What was seen of the organization.", Collected: view.PlainTime(r.run.CollectedAt),
		Subjects: &subjects, RelevantEvidence: relevant, Origins: r.origins(),
		Remarks: strings.Join(coverage, "\n\n"),
	})
	for i := range r.run.Settings {
		r.settingObservation(&r.run.Settings[i], &subjects)
	}
	collected := once(view.PlainTime(r.run.CollectedAt))
	var named, subject string
	var of *audit.Result
	r.each(func(result *audit.Result, f *audit.Finding) {
		if of != result {
			of, named, subject = result, r.named(result), words.Subject(result)
		}
		rule, id := f.Rule.Rule.ID, r.about(result, f)
		r.observed[rule] = append(r.observed[rule], id)
		r.risky = r.risky || isRisk(view.Weigh(r.run, f))
		r.observation(id, f, named, subject, collected)
	})
}

func (r *resultWriter) evidence() string { return view.UUID(r.result, "evidence") }

func (o *writer) origins() *[]oscal.Origin {
	return &[]oscal.Origin{{Actors: []oscal.OriginActor{{Type: "tool", ActorUuid: o.tool}}}}
}
