// SPDX-License-Identifier: Apache-2.0

package report

import (
	"io"
	"slices"

	"go.yaml.in/yaml/v4"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/rulepage"
	"github.com/complytime/pataudit/report/view"
)

// GemaraCatalog writes the rules that were asked as a ControlCatalog in YAML: the document that
// the logs of [Gemara] refer to by its id. Its controls are mapped to the frameworks that the
// rules refer to.
var GemaraCatalog = view.Format{
	Name:  "gemara-catalog",
	Doc:   "the rules that were asked, as the control catalog of the evaluation log (Gemara, YAML)",
	Ext:   []string{".catalog.gemara.yaml", ".catalog.gemara.yml"},
	Write: writeGemaraCatalog,
}

const gemaraTitle = "Rules of pataudit for fine-grained personal access tokens"

type (
	gemaraControls struct {
		Title    string          `yaml:"title"`
		Metadata gemaraMetadata  `yaml:"metadata"`
		Groups   []gemaraGroup   `yaml:"groups"`
		Controls []gemaraControl `yaml:"controls"`
	}

	gemaraControl struct {
		ID           string              `yaml:"id"`
		Title        string              `yaml:"title"`
		Objective    string              `yaml:"objective"`
		Group        string              `yaml:"group"`
		Requirements []gemaraRequirement `yaml:"assessment-requirements"`
		Guidelines   []gemaraMapping     `yaml:"guidelines,omitempty"`
		State        string              `yaml:"state"`
	}

	gemaraRequirement struct {
		ID             string   `yaml:"id"`
		Text           string   `yaml:"text"`
		Applicability  []string `yaml:"applicability"`
		Recommendation string   `yaml:"recommendation,omitempty"`
		State          string   `yaml:"state"`
	}

	gemaraMapping struct {
		Reference string               `yaml:"reference-id"`
		Entries   []gemaraMappingEntry `yaml:"entries"`
	}

	gemaraMappingEntry struct {
		Reference string `yaml:"reference-id"`
		Remarks   string `yaml:"remarks,omitempty"`
	}
)

func writeGemaraCatalog(w io.Writer, d *view.Document) error {
	text, err := yaml.Dump(gemaraCatalogOf(d), yaml.WithLineWidth(-1))
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
}

func gemaraCatalogOf(d *view.Document) *gemaraControls {
	c := &gemaraControls{
		Title: gemaraTitle,
		Metadata: gemaraMetadata{
			ID: gemaraCatalog, Type: "ControlCatalog", Gemara: gemaraVersion,
			Version: d.Tool.Version, Author: gemaraAuthor(d.Tool),
			Description: "What is asked of every fine-grained personal access token.",
			Groups: []gemaraGroup{{
				gemaraTokens, "Fine-grained personal access tokens",
				"Tokens that may act on an organization's resources.",
			}},
		},
		Groups: []gemaraGroup{
			{"guide", "Token guide", "What the organization's token guide asks."},
			{"beyond", "Beyond the guide", "What a reviewer asks beside it."},
			{"evidence", "Evidence", "What every verdict rests on."},
		},
		Controls: []gemaraControl{evidenceControl},
	}
	for _, r := range view.AskedRules(d.Runs) {
		c.Controls = append(c.Controls, gemaraControlOf(r.Rule))
		c.refer(r.Rule)
	}
	return c
}

var evidenceControl = gemaraControl{
	ID: gemaraEvidence, Title: "Everything that the verdict needs was seen", Group: "evidence",
	Objective: "A verdict without violations is a claim, made only if nothing was refused or hidden.",
	State:     "Active",
	Requirements: []gemaraRequirement{{
		ID: gemaraEvidence + ".01", Applicability: []string{gemaraTokens}, State: "Active",
		Text: "Every source of evidence that a required rule needs MUST be complete.",
	}},
}

func gemaraControlOf(r *audit.Rule) gemaraControl {
	control := gemaraControl{
		ID: r.ID, Title: r.Title, Objective: rulepage.Section(r.Doc, "Why"), Group: "beyond",
		Requirements: []gemaraRequirement{{
			ID: r.ID + ".01", Text: "A token MUST NOT be as this says: " + rulepage.Section(r.Doc, "What"),
			Applicability: []string{gemaraTokens}, Recommendation: r.Remedy, State: "Active",
		}},
		State: "Active",
	}
	if rulepage.Section(r.Doc, "What") == "" {
		control.Requirements[0].Text = "A token MUST NOT be as this says: " + r.Title
	}
	if control.Objective == "" {
		control.Objective = r.Title
	}
	if r.Guide != "" {
		control.Group = "guide"
	}
	for _, ref := range r.References {
		i := slices.IndexFunc(control.Guidelines, func(m gemaraMapping) bool {
			return m.Reference == frameworkID(ref)
		})
		if i < 0 {
			i = len(control.Guidelines)
			control.Guidelines = append(control.Guidelines, gemaraMapping{Reference: frameworkID(ref)})
		}
		control.Guidelines[i].Entries = append(control.Guidelines[i].Entries,
			gemaraMappingEntry{ref.ID, ref.Relation})
	}
	return control
}

// refer lists the frameworks that a rule refers to.
func (c *gemaraControls) refer(r *audit.Rule) {
	for _, ref := range r.References {
		known := slices.ContainsFunc(c.Metadata.Refs, func(m gemaraReference) bool {
			return m.ID == frameworkID(ref)
		})
		if !known {
			c.Metadata.Refs = append(c.Metadata.Refs, gemaraReference{
				ID: frameworkID(ref), Title: ref.Framework, Version: ref.Version,
			})
		}
	}
}

func frameworkID(r audit.Reference) string { return r.Framework + " " + r.Version }

func gemaraAuthor(t view.Tool) gemaraEntity {
	return gemaraEntity{
		ID:      t.Name,
		Name:    t.Name,
		Type:    "Software",
		Version: t.Version,
		URI:     rulepage.Home,
	}
}

func gemaraToolVersion(t view.Tool) string {
	if t.Version == "" {
		return "unknown"
	}
	return t.Version
}
