// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bytes"
	"io"

	"github.com/go-json-experiment/json/jsontext"
	"go.yaml.in/yaml/v4"
)

// As much of Gemara's schemas as is written here: evaluationlog.cue and metadata.cue of
// github.com/gemaraproj/gemara.

type (
	// gemaraHead is a log without its evaluations.
	gemaraHead struct {
		Metadata gemaraMetadata `json:"metadata" yaml:"metadata"`
		Result   string         `json:"result" yaml:"result"`
		Target   gemaraEntity   `json:"target" yaml:"target"`
	}

	gemaraMetadata struct {
		ID          string       `json:"id" yaml:"id"`
		Type        string       `json:"type" yaml:"type"`
		Gemara      string       `json:"gemara-version" yaml:"gemara-version"`
		Version     string       `json:"version,omitzero" yaml:"version,omitempty"`
		Date        string       `json:"date,omitzero" yaml:"date,omitempty"`
		Description string       `json:"description" yaml:"description"`
		Author      gemaraEntity `json:"author" yaml:"author"`

		Refs []gemaraReference `json:"mapping-references,omitzero" yaml:"mapping-references,omitempty"`

		Groups []gemaraGroup `json:"applicability-groups,omitzero" yaml:"applicability-groups,omitempty"`
	}

	// gemaraEntity is an author or a target.
	gemaraEntity struct {
		ID          string `json:"id" yaml:"id"`
		Name        string `json:"name" yaml:"name"`
		Type        string `json:"type" yaml:"type"`
		Version     string `json:"version,omitzero" yaml:"version,omitempty"`
		Description string `json:"description,omitzero" yaml:"description,omitempty"`
		URI         string `json:"uri,omitzero" yaml:"uri,omitempty"`
	}

	// gemaraReference is a document that others are mapped to. Without an address, its id is the
	// document's own.
	gemaraReference struct {
		ID      string `json:"id" yaml:"id"`
		Title   string `json:"title" yaml:"title"`
		Version string `json:"version" yaml:"version"`
	}

	gemaraGroup struct {
		ID          string `json:"id" yaml:"id"`
		Title       string `json:"title" yaml:"title"`
		Description string `json:"description" yaml:"description"`
	}

	// gemaraEntry is an entry of a document.
	gemaraEntry struct {
		Reference string `json:"reference-id" yaml:"reference-id"`
		Entry     string `json:"entry-id" yaml:"entry-id"`
	}

	// gemaraEvaluation is one without its assessments, which follow.
	gemaraEvaluation struct {
		Name    string       `json:"name" yaml:"name"`
		Result  gemaraResult `json:"result" yaml:"result"`
		Message string       `json:"message" yaml:"message"`
		Control gemaraEntry  `json:"control" yaml:"control"`
	}

	gemaraAssessment struct {
		Requirement    gemaraEntry   `json:"requirement" yaml:"requirement"`
		Description    string        `json:"description" yaml:"description"`
		Result         string        `json:"result" yaml:"result"`
		Message        string        `json:"message" yaml:"message"`
		Applicability  []string      `json:"applicability" yaml:"applicability"`
		Steps          []string      `json:"steps" yaml:"steps"`
		Start          string        `json:"start" yaml:"start"`
		Recommendation string        `json:"recommendation,omitzero" yaml:"recommendation,omitempty"`
		Evidence       []gemaraProof `json:"evidence,omitzero" yaml:"evidence,omitempty"`
	}

	gemaraProof struct {
		ID          string        `json:"id" yaml:"id"`
		Type        string        `json:"type" yaml:"type"`
		CollectedAt string        `json:"collected-at" yaml:"collected-at"`
		Payload     gemaraPayload `json:"payload" yaml:"payload"`
		Description string        `json:"description" yaml:"description"`
	}

	gemaraPayload struct {
		Digest string `json:"digest" yaml:"digest"`
	}
)

// gemaraOutput writes a log part by part: the head, each evaluation and its assessments, the end.
// After an error it writes nothing.
type gemaraOutput interface {
	open(*gemaraHead)
	evaluation(*gemaraEvaluation)
	assessment(*gemaraAssessment)
	failed() bool
	close() error
}

// gemaraJSON writes it in JSON.
type gemaraJSON struct{ *jsonWriter }

func (g *gemaraJSON) open(h *gemaraHead) {
	g.token(jsontext.BeginObject)
	g.key("metadata", h.Metadata)
	g.key("result", h.Result)
	g.key("target", h.Target)
	g.token(jsontext.String("evaluations"))
	g.token(jsontext.BeginArray)
}

func (g *gemaraJSON) evaluation(e *gemaraEvaluation) {
	g.endEvaluation()
	g.token(jsontext.BeginObject)
	g.key("name", e.Name)
	g.key("result", e.Result.String())
	g.key("message", e.Message)
	g.key("control", e.Control)
	g.token(jsontext.String("assessment-logs"))
	g.token(jsontext.BeginArray)
}

// endEvaluation ends the one that is open, if any.
func (g *gemaraJSON) endEvaluation() {
	if g.enc.StackDepth() > 2 {
		g.token(jsontext.EndArray)
		g.token(jsontext.EndObject)
	}
}

func (g *gemaraJSON) assessment(a *gemaraAssessment) { g.value(a) }

func (g *gemaraJSON) failed() bool { return g.err != nil }

func (g *gemaraJSON) close() error {
	g.endEvaluation()
	g.token(jsontext.EndArray)
	g.token(jsontext.EndObject)
	return g.err
}

// gemaraYAML writes it in YAML: the library writes each part, which is then moved to its place.
type gemaraYAML struct {
	w   io.Writer
	err error
}

func newGemaraYAML(w io.Writer) *gemaraYAML { return &gemaraYAML{w: w} }

// part writes a value below an indentation, the first line with a dash if it is an element.
func (g *gemaraYAML) part(indent string, element bool, v any) {
	if g.err != nil {
		return
	}
	text, err := yaml.Dump(v, yaml.WithLineWidth(-1))
	if err != nil {
		g.err = err
		return
	}
	var b bytes.Buffer
	for line := range bytes.Lines(text) {
		start := indent
		if element {
			start, element = indent[:len(indent)-2]+"- ", false
		}
		b.WriteString(start)
		b.Write(line)
	}
	_, g.err = g.w.Write(b.Bytes())
}

func (g *gemaraYAML) line(s string) {
	if g.err == nil {
		_, g.err = io.WriteString(g.w, s+"\n")
	}
}

func (g *gemaraYAML) open(h *gemaraHead) {
	g.part("", false, h)
	g.line("evaluations:")
}

func (g *gemaraYAML) evaluation(e *gemaraEvaluation) {
	g.part("    ", true, e)
	g.line("    assessment-logs:")
}

func (g *gemaraYAML) assessment(a *gemaraAssessment) { g.part("        ", true, a) }

func (g *gemaraYAML) failed() bool { return g.err != nil }

func (g *gemaraYAML) close() error { return g.err }

// MarshalYAML writes the result as its name.
func (r gemaraResult) MarshalYAML() (any, error) { return r.String(), nil }
