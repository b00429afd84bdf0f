// SPDX-License-Identifier: Apache-2.0

// Package html writes a report as one page that needs nothing else.
package html

import (
	"bufio"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

// Format is one file for a browser, without a network: the verdict and what it rests on, figures
// that filter, a list of the tokens with all their findings, and what each rule asks.
//
// Every text is placed by html/template, after [safe.HTMLText]. The page may run its own script
// and style, which its policy names by their hashes, and may load nothing: no text of a token can
// do more than be read.
//
// What the list shows, a search, filters and a token, stands in the page's address behind its #,
// so that it can be shared; see link.js.
//
// The list is there twice. The worst tokens are rows of the page with their findings opened, for
// readers without scripts. All that are listed are data as well, from which the script draws the
// rows in sight alone: a browser takes seconds for 10,000 rows, and milliseconds to look through
// as many records. A document lists its mostTokens worst ones, as far as mostBytes hold
// them, and shows how many it leaves out: the file stays below 30 MB.
var Format = view.Format{
	Name:  "html",
	Doc:   "one page for a browser, offline: filters, findings, remedies, charts",
	Ext:   []string{".html", ".htm"},
	Write: write,
}

// How many tokens a document lists, and how many of them without a script.
const (
	mostTokens  = 20_000
	mostBytes   = 22 << 20 // of the list as data
	mostRows    = 1_000
	leastTokens = 20  // of each organization, however many there are
	chunk       = 500 // tokens that are written at once
)

var (
	//go:embed *.gohtml
	templates embed.FS

	//go:embed page.css
	style string

	//go:embed print.css
	printStyle string

	//go:embed first.js
	firstScript string

	//go:embed draw.js
	drawScript string

	//go:embed list.js
	listScript string

	//go:embed chips.js
	chipsScript string

	//go:embed panel.js
	panelScript string

	//go:embed link.js
	linkScript string

	//go:embed start.js
	startScript string

	pages = template.Must(template.New("").Funcs(template.FuncMap{"parts": parts}).
		ParseFS(templates, "*.gohtml"))
)

// breakable is where a name may be broken into lines: after an underscore in it.
var breakable = regexp.MustCompile(`[\pL\pN]_+[\pL\pN]`)

// parts cuts a text where a line may break beside the usual places, so that names of permissions
// break between their words.
func parts(text string) (parts []string) {
	from := 0
	for {
		at := breakable.FindStringIndex(text[from:])
		if at == nil {
			return append(parts, text[from:])
		}
		_, last := utf8.DecodeLastRuneInString(text[from : from+at[1]])
		parts = append(parts, text[from:from+at[1]-last])
		from += at[1] - last
	}
}

// document is the frame of the page.
type document struct {
	Title, Policy, Tool string
	Pseudonymised       bool
	Style               template.CSS
	First, Script       template.JS // at the beginning of the page, and at its end
	Total               *total      // nil for one organization
	Rules               []rulePage
}

// total is about several organizations.
type total struct {
	Verdict       verdict
	Organizations []organization
}

type organization struct {
	ID                                        string // of its part; "" if there is none
	Login, Verdict, Tokens, Violating, Reason string
}

// verdict is a verdict in words, with a sign and a colour by its class.
type verdict struct {
	Class, Words, Text string
}

func write(w io.Writer, d *view.Document) error {
	h := &writer{w: bufio.NewWriter(w), doc: d, ids: map[string]bool{}}
	frame := frameOf(d)
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

// writer keeps the first error; after it nothing is written.
type writer struct {
	w   *bufio.Writer
	doc *view.Document
	ids map[string]bool // of the rows that are written
	err error
}

func (h *writer) write(name string, data any) {
	if h.err == nil {
		h.err = pages.ExecuteTemplate(h.w, name, data)
	}
}

// block is the part of one organization.
type block struct {
	*view.Part
	meanings map[string]map[string]string // of what findings rest on, by rule
	deciding *view.Deciding
	grants   map[int64]int // how many grants have a token's id

	decideTexts *decideTexts
}

// audit writes the part of one organization.
func (h *writer) audit(id string, run *audit.Run) {
	if h.err != nil {
		return
	}
	b := &block{
		Part: h.doc.Part(run), meanings: meaningsOf(run), grants: map[int64]int{},
		deciding:    h.doc.View.Deciding[run],
		decideTexts: &decideTexts{After: map[string]string{}, Labels: map[string]string{}},
	}
	for r := range run.Results() {
		b.grants[r.Token.TokenID]++
	}
	share := func(most int) int { return max(leastTokens, most/len(h.doc.Runs)) }
	list := b.list(share(mostTokens))
	list.tokens = fitting(list.tokens, share(mostBytes))
	rows := list.tokens[:min(len(list.tokens), share(mostRows))]
	part, rest := b.audit(id, list, len(rows)), b.sections(id)
	part.Contents = rest.contents(id)
	h.write("audit", part)
	for _, token := range rows {
		token.ID = "token=" + token.Key
		if h.ids[token.ID] {
			token.ID = "" // of another organization's token
		}
		h.ids[token.ID] = true
		h.write("token", token)
	}
	h.write("listed", part)
	for tokens := range slices.Chunk(list.tokens, chunk) {
		h.write("data", tokens)
	}
	h.write("sections", rest)
}

func frameOf(d *view.Document) *document {
	script := drawScript + chipsScript + listScript + panelScript + linkScript + startScript
	style := style + printStyle
	frame := &document{
		Title: titleOf(d), Pseudonymised: d.Pseudonymised,
		Tool:  safe.HTMLText(strings.TrimSpace(d.Tool.Name + " " + d.Tool.Version)),
		Style: template.CSS(style), Script: template.JS(script),
		First: template.JS(firstScript),
		Policy: "default-src 'none'; script-src " + sourceOf(firstScript) + " " +
			sourceOf(script) + "; style-src " + sourceOf(style) +
			"; img-src data:; base-uri 'none'; form-action 'none'",
		Rules: rulePagesOf(d),
	}
	if !d.Single() {
		frame.Total = totalOf(d)
	}
	return frame
}

// sourceOf returns what a text is called in a content security policy.
func sourceOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// titleOf begins with the verdict, which a tab or a file list then shows.
func titleOf(d *view.Document) string {
	about := safe.Plural(len(d.Runs)+len(d.Failed), "organization")
	if d.Single() {
		about = d.Runs[0].Organization.Login
	}
	return d.Verdict() + " · " + safe.HTMLText(about) + " · fine-grained token audit"
}

func totalOf(d *view.Document) *total {
	s := view.Total(d.Runs)
	text := fmt.Sprintf("%d violating of %s in %s", s.Violating, safe.Plural(s.Tokens, "token"),
		safe.Plural(len(d.Runs)+len(d.Failed), "organization"))
	text += d.ContradictedText()
	if n := view.IncompleteRuns(d); n > 0 {
		text += fmt.Sprintf("; evidence incomplete for %s", safe.Plural(n, "organization"))
	}
	t := &total{Verdict: verdictOf(d.Outcome(), d.Owing(), text)}
	for _, f := range d.Failed {
		t.Organizations = append(t.Organizations, organization{
			Login: safe.HTMLText(f.Organization), Verdict: "not audited", Tokens: view.Unknown,
			Violating: view.Unknown, Reason: safe.HTMLText(f.Reason.String()),
		})
	}
	for i, run := range d.Runs {
		t.Organizations = append(t.Organizations, organization{
			ID: fmt.Sprintf("o%d", i+1), Login: safe.HTMLText(run.Organization.Login),
			Verdict: view.VerdictText(run), Tokens: fmt.Sprint(run.Summary.Tokens),
			Violating: fmt.Sprint(run.Summary.Violating),
			Reason:    safe.HTMLText(run.Incomplete.String()),
		})
	}
	return t
}

// verdictOf colours a verdict. Clean of what is new alone is not green.
func verdictOf(o audit.Outcome, owing bool, text string) verdict {
	v := verdict{Class: "violations", Words: view.VerdictWords(o), Text: safe.HTMLText(text)}
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
