// SPDX-License-Identifier: Apache-2.0

package oscal

import (
	"fmt"
	"strconv"
	"strings"

	oscal "github.com/defenseunicorns/go-oscal/src/types/oscal-1-1-3"
	"github.com/go-json-experiment/json/jsontext"

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

	observed, risks map[string][]string // UUIDs, by rule
	risky           bool                // there is a risk to be written
}

func (o *writer) result(run *audit.Run) {
	r := &resultWriter{
		writer: o, run: run, key: run.Organization.Key(), counts: view.Tally(run),
		observed: map[string][]string{}, risks: map[string][]string{},
	}
	r.result = view.UUID(o.id, "result", r.key)
	start := run.Collected()
	if start.After(run.AsOf) { // and OSCAL wants it before the end
		start = run.AsOf
	}
	remarks := words.Remainders(run, &o.doc.View)
	if !run.Complete {
		remarks = append([]string{words.Reasons(run)}, remarks...)
	}
	o.Token(jsontext.BeginObject)
	o.put("uuid", r.result)
	o.put("title", safe.Prose(run.Organization.Login, safe.MostName))
	o.put("description", fmt.Sprintf("%s: %d of %s break the policy.", run.Outcome(),
		run.Summary.Violating, safe.Plural(run.Summary.Tokens, "token")))
	o.put("start", view.PlainTime(start))
	o.put("end", view.PlainTime(run.AsOf))
	o.put("props", properties("verdict", run.Outcome().String(),
		"complete", strconv.FormatBool(run.Complete), "host", run.Organization.Host,
		"organization-id", orNothing(run.Organization.ID), "evidence-digest", run.Digest,
		"policy", run.Policy.Name, "policy-digest", run.Policy.Digest,
		"fail-on", run.Policy.FailOn.String(), "project-file", o.doc.Tool.ProjectFile,
		"project-digest", o.doc.Tool.ProjectDigest))
	r.definitions()
	o.put("reviewed-controls", reviewedControls(view.AskedRules([]*audit.Run{run})))
	r.list("observations", r.observations)
	if r.risky {
		r.list("risks", r.writeRisks)
	}
	if rules := view.AskedRules([]*audit.Run{run}); len(rules) > 0 {
		r.list("findings", func() {
			for _, rule := range rules {
				r.finding(rule)
			}
		})
	}
	o.put("remarks", strings.Join(remarks, "\n\n"))
	o.Token(jsontext.EndObject)
}

func (r *resultWriter) list(name string, write func()) {
	r.Token(jsontext.String(name))
	r.Token(jsontext.BeginArray)
	write()
	r.Token(jsontext.EndArray)
}

// each ranges over the findings that the view shows.
func (r *resultWriter) each(yield func(*audit.Result, *audit.Finding)) {
	for result := range view.Counted(r.run) {
		if findings, shown := r.doc.View.Choose(result); shown {
			for _, f := range findings {
				yield(result, f)
			}
		}
		if r.Err != nil {
			return
		}
	}
}

// definitions are the organization, its tokens, and the tool.
func (r *resultWriter) definitions() {
	r.Token(jsontext.String("local-definitions"))
	r.Token(jsontext.BeginObject)
	r.put("components", []oscal.SystemComponent{
		{
			UUID:        r.organization(),
			Type:        "service",
			Title:       safe.Prose(r.run.Organization.Login, safe.MostName),
			Description: "The organization on GitHub.",
			Status:      oscal.SystemComponentStatus{State: "operational"},
		},
	})
	empty := true
	for result := range view.Counted(r.run) {
		if _, shown := r.doc.View.Choose(result); !shown || r.Err != nil {
			continue
		}
		if empty {
			r.Token(jsontext.String("inventory-items"))
			r.Token(jsontext.BeginArray)
			empty = false
		}
		r.add(r.item(result))
	}
	if !empty {
		r.Token(jsontext.EndArray)
	}
	r.put("assessment-assets", r.assets())
	r.Token(jsontext.EndObject)
}

func (r *resultWriter) organization() string { return view.UUID("organization", r.key) }

// named returns a token or a request its UUID, for good.
func (r *resultWriter) named(result *audit.Result) string {
	return view.UUID(view.KindOf(result), r.key, strconv.FormatInt(result.Token.ID, 10))
}

func (r *resultWriter) item(result *audit.Result) oscal.InventoryItem {
	t := result.Token
	owner := ""
	if t.Owner != nil {
		owner = t.Owner.Login
	}
	permissions := make([]string, len(t.Permissions))
	for i, p := range t.Permissions {
		permissions[i] = p.String()
	}
	return oscal.InventoryItem{
		UUID: r.named(result), Description: words.Subject(result),
		Props: properties("kind", view.KindOf(result), "grant-id", strconv.FormatInt(t.ID, 10),
			"token-id", orNothing(t.TokenID), "name", t.Name, "owner", owner,
			"repository-selection", string(t.Selection),
			"permissions", strings.Join(permissions, ", "),
			"granted-at", instantText(view.Granted(t)),
			"expires-at", instantText(view.Expires(t)),
			"last-used-at", instantText(view.LastUsed(t)),
			"first-seen", view.InstantOf(words.FirstSeen(result)),
			"last-expires-at", view.InstantOf(words.LastExpiry(result)),
			"gained", strings.Join(result.Gained, ", ")),
		ImplementedComponents: &[]oscal.ImplementedComponent{{ComponentUuid: r.organization()}},
	}
}

// instantText returns a token's date; "" if it is not known.
func instantText(d view.Date) string {
	if text := d.Instant(); text != view.Unknown {
		return text
	}
	return ""
}

// orNothing writes an id; nothing for one that is not known.
func orNothing(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}

// observations are one about the evidence, and one for each finding.
func (r *resultWriter) observations() {
	var coverage []string
	for _, c := range r.run.Coverage {
		text := fmt.Sprintf("%s: %s", c.Source, c.Status)
		if c.Reason != "" {
			text += ": " + c.Reason
		}
		coverage = append(coverage, safe.Prose(text, safe.MostProse))
	}
	subjects := []oscal.SubjectReference{{SubjectUuid: r.organization(), Type: "component"}}
	r.add(oscal.Observation{
		UUID: r.evidence(), Title: "The evidence", Methods: []string{"EXAMINE"},
		Description: "What was seen of the organization.", Collected: view.PlainTime(r.run.CollectedAt),
		Subjects: &subjects, RelevantEvidence: r.relevant(), Origins: r.origins(),
		Remarks: strings.Join(coverage, "\n\n"),
	})
	r.each(func(result *audit.Result, f *audit.Finding) {
		o := r.observation(result, f)
		id := f.Rule.Rule.ID
		r.observed[id] = append(r.observed[id], o.UUID)
		r.risky = r.risky || isRisk(view.Weigh(r.run, f))
		r.add(o)
	})
}

func (r *resultWriter) evidence() string { return view.UUID(r.result, "evidence") }

func (r *resultWriter) relevant() *[]oscal.RelevantEvidence {
	if r.run.Digest == "" {
		return nil
	}
	return &[]oscal.RelevantEvidence{{
		Description: "The snapshot of the evidence.", Props: properties("digest", r.run.Digest),
	}}
}

func (r *resultWriter) origins() *[]oscal.Origin {
	return &[]oscal.Origin{{Actors: []oscal.OriginActor{{Type: "tool", ActorUuid: r.tool}}}}
}
