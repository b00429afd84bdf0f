// SPDX-License-Identifier: Apache-2.0

package gemara

import (
	"cmp"
	"io"
	"slices"

	"go.yaml.in/yaml/v4"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/rulepage"
	"github.com/complytime/pataudit/report/view"
)

// Catalog writes the rules that were asked as a ControlCatalog in YAML: the document that
// the logs of [Format] refer to by its id. Its controls are mapped to the frameworks that the
// rules refer to.
var Catalog = view.Format{
	Name:  "gemara-catalog",
	Doc:   "the rules that were asked, as the control catalog of the evaluation log (Gemara, YAML)",
	Ext:   []string{".catalog.gemara.yaml", ".catalog.gemara.yml"},
	Write: writeCatalog,
}

const catalogTitle = "Rules of pataudit for fine-grained personal access tokens"

type (
	controls struct {
		Title    string    `yaml:"title"`
		Metadata metadata  `yaml:"metadata"`
		Groups   []group   `yaml:"groups"`
		Controls []control `yaml:"controls"`
	}

	control struct {
		ID           string        `yaml:"id"`
		Title        string        `yaml:"title"`
		Objective    string        `yaml:"objective"`
		Group        string        `yaml:"group"`
		Requirements []requirement `yaml:"assessment-requirements"`
		Guidelines   []mapping     `yaml:"guidelines,omitempty"`
		State        string        `yaml:"state"`
	}

	requirement struct {
		ID             string   `yaml:"id"`
		Text           string   `yaml:"text"`
		Applicability  []string `yaml:"applicability"`
		Recommendation string   `yaml:"recommendation,omitempty"`
		State          string   `yaml:"state"`
	}

	mapping struct {
		Reference string         `yaml:"reference-id"`
		Entries   []mappingEntry `yaml:"entries"`
	}

	mappingEntry struct {
		Reference string `yaml:"reference-id"`
		Remarks   string `yaml:"remarks,omitempty"`
	}
)

func writeCatalog(w io.Writer, d *view.Document) error {
	text, err := yaml.Dump(catalogOf(d), yaml.WithLineWidth(-1))
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
}

func catalogOf(d *view.Document) *controls {
	c := &controls{
		Title: catalogTitle,
		Metadata: metadata{
			ID: catalogID, Type: "ControlCatalog", Gemara: schemaVersion,
			Version: d.Tool.Version, Author: author(d.Tool),
			Description: "What is asked of every fine-grained personal access token.",
			Groups: []group{{
				tokensID, "Fine-grained personal access tokens",
				"Tokens that may act on an organization's resources.",
			}},
		},
		Groups: []group{
			{"guide", "Token guide", "What the organization's token guide asks."},
			{"beyond", "Beyond the guide", "What a reviewer asks beside it."},
			{"evidence", "Evidence", "What every verdict rests on."},
		},
		Controls: []control{evidenceControl},
	}
	if claims(d) {
		c.Controls = append(c.Controls, settingsControl)
	}
	for _, r := range view.AskedRules(d.Runs) {
		c.Controls = append(c.Controls, controlOf(r.Rule))
		c.refer(r.Rule)
	}
	return c
}

var evidenceControl = control{
	ID: evidenceID, Title: "Everything that the verdict needs was seen", Group: "evidence",
	Objective: "A verdict without violations is a claim, made only if nothing was refused or hidden.",
	State:     "Active",
	Requirements: []requirement{{
		ID: evidenceID + ".01", Applicability: []string{tokensID}, State: "Active",
		Text: "Every source of evidence that a required rule needs MUST be complete.",
	}},
}

func controlOf(r *audit.Rule) control {
	what := cmp.Or(rulepage.Section(r.Doc, "What"), r.Title)
	control := control{
		ID: r.ID, Title: view.FailsIf(r), Group: "beyond", State: "Active",
		Objective: cmp.Or(rulepage.Section(r.Doc, "Why"), r.Title),
		Requirements: []requirement{{
			ID: r.ID + ".01", Text: "A token MUST NOT be as this says: " + what,
			Applicability: []string{tokensID}, Recommendation: r.Remedy, State: "Active",
		}},
	}
	if r.Guide != "" {
		control.Group = "guide"
	}
	for _, ref := range r.References {
		i := slices.IndexFunc(control.Guidelines, func(m mapping) bool {
			return m.Reference == frameworkID(ref)
		})
		if i < 0 {
			i = len(control.Guidelines)
			control.Guidelines = append(control.Guidelines, mapping{Reference: frameworkID(ref)})
		}
		control.Guidelines[i].Entries = append(control.Guidelines[i].Entries,
			mappingEntry{ref.ID, ref.Relation})
	}
	return control
}

// refer lists the frameworks that a rule refers to.
func (c *controls) refer(r *audit.Rule) {
	for _, ref := range r.References {
		known := slices.ContainsFunc(c.Metadata.Refs, func(m reference) bool {
			return m.ID == frameworkID(ref)
		})
		if !known {
			c.Metadata.Refs = append(c.Metadata.Refs, reference{
				ID: frameworkID(ref), Title: ref.Framework, Version: ref.Version,
			})
		}
	}
}

func frameworkID(r audit.Reference) string { return r.Framework + " " + r.Version }

func author(t view.Tool) entity {
	return entity{
		ID: t.Name, Name: t.Name, Type: "Software", Version: t.Version, URI: audit.Home,
	}
}
