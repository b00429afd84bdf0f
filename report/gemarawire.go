// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"go.yaml.in/yaml/v4"

	"github.com/complytime/pataudit/report/encode"
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
		Name    string      `json:"name" yaml:"name"`
		Result  string      `json:"result" yaml:"result"`
		Message string      `json:"message" yaml:"message"`
		Control gemaraEntry `json:"control" yaml:"control"`
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

// gemaraOutput writes a log part by part. After an error it writes nothing.
type gemaraOutput interface {
	begin(object any, list string) // an object with one more member: a list, which is open
	element(any)                   // of the list
	end()                          // of the list and its object
	failed() error
}

// gemaraJSON writes it in JSON.
type gemaraJSON struct{ *encode.Writer }

func (g *gemaraJSON) begin(object any, list string) {
	g.Token(jsontext.BeginObject)
	var members []byte
	if g.Err == nil {
		members, g.Err = json.Marshal(object, jsontext.AllowInvalidUTF8(true))
	}
	in := jsontext.NewDecoder(bytes.NewReader(members), jsontext.AllowInvalidUTF8(true))
	if g.Err == nil {
		_, g.Err = in.ReadToken() // that begins the object
	}
	for g.Err == nil && in.PeekKind() != jsontext.KindEndObject {
		var part jsontext.Value // a name, or a value
		if part, g.Err = in.ReadValue(); g.Err == nil {
			g.Value(part)
		}
	}
	g.Token(jsontext.String(list))
	g.Token(jsontext.BeginArray)
}

func (g *gemaraJSON) element(v any) { g.Value(v) }

func (g *gemaraJSON) end() {
	g.Token(jsontext.EndArray)
	g.Token(jsontext.EndObject)
}

func (g *gemaraJSON) failed() error { return g.Err }

// gemaraYAML writes it in YAML: the library writes each part, which is then moved to its place.
type gemaraYAML struct {
	w     io.Writer
	depth int // of open lists
	err   error
}

func (g *gemaraYAML) begin(object any, list string) {
	g.element(object)
	if g.err == nil {
		_, g.err = fmt.Fprintf(g.w, "%s%s:\n", g.indent(), list)
	}
	g.depth++
}

func (g *gemaraYAML) indent() string { return strings.Repeat("    ", g.depth) }

// element writes a value to the right of the open lists, the first line with the dash of the last.
func (g *gemaraYAML) element(v any) {
	if g.err != nil {
		return
	}
	text, err := yaml.Dump(v, yaml.WithLineWidth(-1))
	if err != nil {
		g.err = err
		return
	}
	start := g.indent()
	if g.depth > 0 {
		start = start[2:] + "- "
	}
	var b bytes.Buffer
	for line := range bytes.Lines(text) {
		b.WriteString(start)
		b.Write(line)
		start = g.indent()
	}
	_, g.err = g.w.Write(b.Bytes())
}

func (g *gemaraYAML) end() { g.depth-- }

func (g *gemaraYAML) failed() error { return g.err }
