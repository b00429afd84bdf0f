// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bufio"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

// HTML is one file for a browser, without a network: the verdict and what it rests on, figures
// that filter, a list of the tokens with all their findings, and what each rule asks.
//
// Every text is placed by html/template, after [HTMLText]. The page may run its own script and
// style, which its policy names by their hashes, and may load nothing: no text of a token can do
// more than be read.
//
// The list is there twice. The worst tokens are rows of the page with their findings opened, for
// readers without scripts. All that are listed are data as well, from which the script draws the
// rows in sight alone: a browser takes seconds for 10,000 rows, and milliseconds to look through
// as many records. A document lists its mostHTMLTokens worst ones, as far as mostHTMLBytes hold
// them, and says how many it leaves out: the file stays below 30 MB.
var HTML = view.Format{
	Name:  "html",
	Doc:   "one page for a browser, offline: filters, findings, remedies, charts",
	Ext:   []string{".html", ".htm"},
	Write: writeHTML,
}

// How many tokens a document lists, and how many of them without a script.
const (
	mostHTMLTokens = 20_000
	mostHTMLBytes  = 22 << 20 // of the list as data
	mostHTMLRows   = 1_000
	leastHTML      = 20  // of each organization, however many there are
	htmlChunk      = 500 // tokens that are written at once
)

var (
	//go:embed html/*.gohtml
	htmlFiles embed.FS

	//go:embed html/page.css
	htmlStyle string

	//go:embed html/draw.js
	htmlDraw string

	//go:embed html/list.js
	htmlListing string

	//go:embed html/start.js
	htmlStart string

	htmlPages = template.Must(template.ParseFS(htmlFiles, "html/*.gohtml"))
)

// htmlDocument is the frame of the page.
type htmlDocument struct {
	Title, Policy, Tool string
	Pseudonymised       bool
	Style               template.CSS
	Script              template.JS
	Total               *htmlTotal // nil for one organization
	Rules               []htmlRule
}

// htmlTotal tells of several organizations.
type htmlTotal struct {
	Verdict       htmlVerdict
	Organizations []htmlOrganization
}

type htmlOrganization struct {
	ID                                        string // of its part; "" if there is none
	Login, Verdict, Tokens, Violating, Reason string
}

// htmlVerdict is said in words, a sign and a colour.
type htmlVerdict struct {
	Class, Words, Text string
}

func writeHTML(w io.Writer, d *view.Document) error {
	h := &htmlWriter{w: bufio.NewWriter(w), doc: d}
	frame := htmlFrame(d)
	h.write("head", frame)
	for i, run := range d.Runs {
		h.audit(fmt.Sprintf("o%d", i+1), run)
	}
	h.write("foot", frame)
	if h.err != nil {
		return h.err
	}
	return h.w.Flush()
}

// htmlWriter keeps the first error; after it nothing is written.
type htmlWriter struct {
	w   *bufio.Writer
	doc *view.Document
	err error
}

func (h *htmlWriter) write(name string, data any) {
	if h.err == nil {
		h.err = htmlPages.ExecuteTemplate(h.w, name, data)
	}
}

// htmlBlock is the part of one organization.
type htmlBlock struct {
	*view.Part
	meanings map[string]map[string]string // of what findings rest on, by rule
}

// audit writes the part of one organization.
func (h *htmlWriter) audit(id string, run *audit.Run) {
	if h.err != nil {
		return
	}
	b := &htmlBlock{h.doc.Part(run), htmlMeanings(run)}
	share := func(most int) int { return max(leastHTML, most/len(h.doc.Runs)) }
	list := b.htmlList(share(mostHTMLTokens))
	list.tokens = fitting(list.tokens, share(mostHTMLBytes))
	rows := list.tokens[:min(len(list.tokens), share(mostHTMLRows))]
	part := b.htmlAudit(id, list, len(rows))
	h.write("audit", part)
	for _, token := range rows {
		h.write("token", token)
	}
	h.write("listed", part)
	for tokens := range slices.Chunk(list.tokens, htmlChunk) {
		h.write("data", tokens)
	}
	h.write("sections", b.htmlSections(id))
}

func htmlFrame(d *view.Document) *htmlDocument {
	script := htmlDraw + htmlListing + htmlStart
	frame := &htmlDocument{
		Title: htmlTitle(d), Pseudonymised: d.Pseudonymised,
		Tool:  safe.HTMLText(strings.TrimSpace(d.Tool.Name + " " + d.Tool.Version)),
		Style: template.CSS(htmlStyle), Script: template.JS(script),
		Policy: "default-src 'none'; script-src " + sourceOf(script) + "; style-src " +
			sourceOf(htmlStyle) + "; img-src data:; base-uri 'none'; form-action 'none'",
		Rules: htmlRulesOf(d),
	}
	if !d.Single() {
		frame.Total = htmlTotalOf(d)
	}
	return frame
}

// sourceOf names a text in a content security policy.
func sourceOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// htmlTitle begins with the verdict, which a tab or a file list then shows.
func htmlTitle(d *view.Document) string {
	about := safe.Plural(len(d.Runs)+len(d.Failed), "organization")
	if d.Single() {
		about = d.Runs[0].Organization.Login
	}
	return d.Verdict() + " · " + safe.HTMLText(about) + " · fine-grained token audit"
}

func htmlTotalOf(d *view.Document) *htmlTotal {
	s := view.Total(d.Runs)
	text := fmt.Sprintf("%d violating of %s in %s", s.Violating, safe.Plural(s.Tokens, "token"),
		safe.Plural(len(d.Runs)+len(d.Failed), "organization"))
	if n := view.IncompleteRuns(d); n > 0 {
		text += fmt.Sprintf("; evidence incomplete for %s", safe.Plural(n, "organization"))
	}
	t := &htmlTotal{Verdict: htmlVerdictOf(d.Outcome(), d.Owing(), text)}
	for _, f := range d.Failed {
		t.Organizations = append(t.Organizations, htmlOrganization{
			Login: safe.HTMLText(f.Organization), Verdict: "not audited", Tokens: view.Unknown,
			Violating: view.Unknown, Reason: safe.HTMLText(f.Reason),
		})
	}
	for i, run := range d.Runs {
		t.Organizations = append(t.Organizations, htmlOrganization{
			ID: fmt.Sprintf("o%d", i+1), Login: safe.HTMLText(run.Organization.Login),
			Verdict: view.VerdictText(run), Tokens: fmt.Sprint(run.Summary.Tokens),
			Violating: fmt.Sprint(run.Summary.Violating),
			Reason:    safe.HTMLText(strings.Join(run.Incomplete, "; ")),
		})
	}
	return t
}

// htmlVerdictOf colours a verdict. Clean of what is new alone is not green.
func htmlVerdictOf(o audit.Outcome, owing bool, text string) htmlVerdict {
	v := htmlVerdict{Class: "violations", Words: view.VerdictWords(o), Text: safe.HTMLText(text)}
	switch {
	case owing:
		v.Class, v.Words = "debt", view.CleanOfNew
	case o == audit.Clean:
		v.Class = "clean"
	case o == audit.Incomplete:
		v.Class = "incomplete"
	}
	return v
}
