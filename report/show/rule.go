// SPDX-License-Identifier: Apache-2.0

package show

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/encode"
	"github.com/complytime/pataudit/report/rulepage"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/screen"
	"github.com/complytime/pataudit/report/view"
)

// Rule writes a rule for a person at a terminal: how the policy asks it, its parameters, and its
// page without the marks of Markdown.
func Rule(w io.Writer, r *audit.PolicyRule, parameters []Parameter, v view.View) error {
	p := screen.NewPage(w, &v)
	parts := rulepage.Blocks(r.Rule.Doc)
	body := slices.IndexFunc(parts[min(1, len(parts)):], func(b rulepage.Block) bool {
		return b.Kind == rulepage.Heading
	})
	if body < 0 {
		body = len(parts) - 1 // no more than a title
	}
	p.Line(p.Paint(screen.Bold, safe.Truncate(safe.Terminal(r.Rule.ID+": "+r.Rule.Title), p.Width)))
	p.Blank()
	p.Say(screen.None, "SEVERITY", "at most "+r.Severity.String(), "")
	asked := "yes; what it cannot judge makes the evidence incomplete"
	switch {
	case !r.Asked:
		asked = "no"
	case r.Rule.Needs.Has(audit.FactHistory):
		asked = "with history: it compares with an earlier run, and is not asked without one"
	case !r.Required:
		asked = "yes, not required: what it cannot judge is listed under \"not seen\""
	}
	p.Say(screen.None, "ASKED", asked, "")
	guide := "beyond the guide"
	if r.Rule.Guide != "" {
		guide = "step " + safe.Terminal(strings.TrimSpace(r.Rule.Guide)) + " of the guide"
	}
	p.Say(screen.None, "FROM", guide, "")
	if r.Rule.Needs != 0 {
		p.Say(screen.None, "NEEDS", strings.ReplaceAll(r.Rule.Needs.String(), "_", " "), "")
	}
	writeParameters(p, parameters, rulepage.Meanings(parts[:min(1+body, len(parts))]))
	p.Blocks(parts[min(1+body, len(parts)):])
	return p.Flush()
}

// writeParameters writes them, with their values where the policy changed them.
func writeParameters(p *screen.Page, parameters []Parameter, meanings map[string]string) {
	if len(parameters) == 0 {
		return
	}
	p.Blank()
	p.Line(p.Paint(screen.Bold, "Parameters"))
	for _, parameter := range parameters {
		text := fmt.Sprintf("%s, default %s", parameter.Type, cmp.Or(parameter.Default, "none"))
		if parameter.Value != parameter.Default {
			text += ", here " + cmp.Or(parameter.Value, "none")
		}
		p.Flow(2, safe.Terminal(parameter.Name)+"  ", safe.Terminal(text))
		p.Flow(4, "", safe.Terminal(meanings[parameter.Name]))
	}
}

type (
	referenceObject struct {
		Framework string `json:"framework"`
		Version   string `json:"version"`
		ID        string `json:"id"`
		Relation  string `json:"relation"`
	}

	// Parameter is what a policy can set of a rule. Its default and its value are YAML on one line.
	Parameter struct {
		Name    string `json:"name"`
		Type    string `json:"type"`
		Default string `json:"default"`
		Value   string `json:"value"`
	}

	explainedObject struct {
		Version    int               `json:"version"`
		ID         string            `json:"id"`
		Title      string            `json:"title"`
		Severity   string            `json:"severity"`
		Asked      bool              `json:"asked"`
		Required   bool              `json:"required"`
		Guide      *string           `json:"guide"`
		Needs      []string          `json:"needs"`
		Remedy     string            `json:"remedy"`
		References []referenceObject `json:"references"`
		Parameters []Parameter       `json:"parameters"`
		Doc        string            `json:"doc"`
	}
)

// RuleJSON writes a rule as JSON; its page stays Markdown.
func RuleJSON(w io.Writer, r *audit.PolicyRule, parameters []Parameter) error {
	wire := explainedObject{
		Version: encode.Version, ID: r.Rule.ID, Title: r.Rule.Title, Severity: r.Severity.String(),
		Asked: r.Asked, Required: r.Required, Guide: encode.OrNull(r.Rule.Guide),
		Needs: r.Rule.Needs.Names(), Remedy: r.Rule.Remedy, Doc: r.Rule.Doc,
		Parameters: parameters,
	}
	for _, reference := range r.Rule.References {
		wire.References = append(wire.References, referenceObject(reference))
	}
	return encode.Value(w, wire)
}
