// SPDX-License-Identifier: Apache-2.0

package gemara

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
	// head is a log without its evaluations.
	head struct {
		Metadata metadata `json:"metadata" yaml:"metadata"`
		Result   string   `json:"result" yaml:"result"`
		Target   entity   `json:"target" yaml:"target"`
	}

	metadata struct {
		ID          string `json:"id" yaml:"id"`
		Type        string `json:"type" yaml:"type"`
		Gemara      string `json:"gemara-version" yaml:"gemara-version"`
		Version     string `json:"version,omitzero" yaml:"version,omitempty"`
		Date        string `json:"date,omitzero" yaml:"date,omitempty"`
		Description string `json:"description" yaml:"description"`
		Author      entity `json:"author" yaml:"author"`

		Refs []reference `json:"mapping-references,omitzero" yaml:"mapping-references,omitempty"`

		Groups []group `json:"applicability-groups,omitzero" yaml:"applicability-groups,omitempty"`
	}

	// entity is an author or a target.
	entity struct {
		ID          string `json:"id" yaml:"id"`
		Name        string `json:"name" yaml:"name"`
		Type        string `json:"type" yaml:"type"`
		Version     string `json:"version,omitzero" yaml:"version,omitempty"`
		Description string `json:"description,omitzero" yaml:"description,omitempty"`
		URI         string `json:"uri,omitzero" yaml:"uri,omitempty"`
	}

	// reference is a document that others are mapped to. Without an address, its id is the
	// document's own.
	reference struct {
		ID      string `json:"id" yaml:"id"`
		Title   string `json:"title" yaml:"title"`
		Version string `json:"version" yaml:"version"`
	}

	group struct {
		ID          string `json:"id" yaml:"id"`
		Title       string `json:"title" yaml:"title"`
		Description string `json:"description" yaml:"description"`
	}

	// entry is an entry of a document.
	entry struct {
		Reference string `json:"reference-id" yaml:"reference-id"`
		Entry     string `json:"entry-id" yaml:"entry-id"`
	}

	// evaluation is one without its assessments, which follow.
	evaluation struct {
		Name    string `json:"name" yaml:"name"`
		Result  string `json:"result" yaml:"result"`
		Message string `json:"message" yaml:"message"`
		Control entry  `json:"control" yaml:"control"`
	}

	assessment struct {
		Requirement    entry    `json:"requirement" yaml:"requirement"`
		Description    string   `json:"description" yaml:"description"`
		Result         string   `json:"result" yaml:"result"`
		Message        string   `json:"message" yaml:"message"`
		Applicability  []string `json:"applicability" yaml:"applicability"`
		Steps          []string `json:"steps" yaml:"steps"`
		Start          string   `json:"start" yaml:"start"`
		Recommendation string   `json:"recommendation,omitzero" yaml:"recommendation,omitempty"`
		Evidence       []proof  `json:"evidence,omitzero" yaml:"evidence,omitempty"`
	}

	proof struct {
		ID          string  `json:"id" yaml:"id"`
		Type        string  `json:"type" yaml:"type"`
		CollectedAt string  `json:"collected-at" yaml:"collected-at"`
		Payload     payload `json:"payload" yaml:"payload"`
		Description string  `json:"description" yaml:"description"`
	}

	payload struct {
		Digest string `json:"digest" yaml:"digest"`
	}
)

// output writes a log part by part. After an error it writes nothing.
type output interface {
	begin(object any, list string) // an object with one more member: a list, which is open
	element(any)                   // of the list
	assessment(*assessment)        // an element, of which there may be millions
	end()                          // of the list and its object
	failed() error
}

// jsonOutput writes it in JSON.
type jsonOutput struct{ *encode.Writer }

func (g *jsonOutput) begin(object any, list string) {
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

func (g *jsonOutput) element(v any) { g.Value(v) }

func (g *jsonOutput) assessment(a *assessment) { g.Value(a) }

func (g *jsonOutput) end() {
	g.Token(jsontext.EndArray)
	g.Token(jsontext.EndObject)
}

func (g *jsonOutput) failed() error { return g.Err }

// yamlOutput writes it in YAML: the library writes each part, which is then moved to its place.
type yamlOutput struct {
	w     io.Writer
	depth int // of open lists
	err   error

	frames map[frameKey]frame
	text   []byte // of the assessment that was written last
}

// frame is an assessment's YAML around its message: the assessments of a rule differ in little
// else, and the library takes its time.
type frame struct{ before, after []byte }

type frameKey struct{ rule, result, recommendation string }

func (g *yamlOutput) begin(object any, list string) {
	g.element(object)
	if g.err == nil {
		_, g.err = fmt.Fprintf(g.w, "%s%s:\n", g.indent(), list)
	}
	g.depth++
}

func (g *yamlOutput) indent() string { return strings.Repeat("    ", g.depth) }

// element writes a value to the right of the open lists, the first line with the dash of the last.
func (g *yamlOutput) element(v any) {
	text := g.dump(v)
	if g.err == nil {
		_, g.err = g.w.Write(text)
	}
}

func (g *yamlOutput) dump(v any) []byte {
	if g.err != nil {
		return nil
	}
	text, err := yaml.Dump(v, yaml.WithLineWidth(-1))
	if err != nil {
		g.err = err
		return nil
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
	return b.Bytes()
}

// assessment writes an assessment of a token, which has no evidence of its own.
func (g *yamlOutput) assessment(a *assessment) {
	if strings.ContainsFunc(a.Message, quoted) {
		g.element(a)
		return
	}
	const mark = "message-of-a-token"
	key := frameKey{a.Requirement.Entry, a.Result, a.Recommendation}
	around, known := g.frames[key]
	if !known {
		marked := *a
		marked.Message = mark
		around.before, around.after, _ = bytes.Cut(g.dump(&marked), []byte(mark))
		if g.frames == nil {
			g.frames = map[frameKey]frame{}
		}
		g.frames[key] = around
	}
	text := append(append(g.text[:0], around.before...), '"')
	text = append(append(text, a.Message...), '"')
	g.text = append(text, around.after...)
	if g.err == nil {
		_, g.err = g.w.Write(g.text)
	}
}

// quoted reports whether a rune is written otherwise between the quotes of YAML.
func quoted(r rune) bool { return r < ' ' || r > '~' || r == '"' || r == '\\' }

func (g *yamlOutput) end() { g.depth-- }

func (g *yamlOutput) failed() error { return g.err }
