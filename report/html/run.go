// SPDX-License-Identifier: Apache-2.0

package html

import (
	"fmt"
	"slices"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// auditData is what the page shows of one organization before its tokens, and right after them.
type auditData struct {
	ID, Login, Tokens, Clock string
	Verdict                  verdict
	Reasons                  []string    // what keeps the evidence from being complete
	Lines                    [][2]string // what the verdict rests on, and does not cover
	Settings                 string      // GitHub's page of the organization's tokens; "" if unknown
	Tiles                    []tile
	Charts                   []*chart
	Columns                  []column
	About                    about
	Contents                 []content
	Basis                    string // in a word, whether all evidence was seen
	LeftOut                  string // of the list; "" if nothing is
	Unscripted               string // what only the script shows; "" if nothing
}

// about is what the script has to know beside the tokens.
type about struct {
	Labels    []string             `json:"labels"`    // of the facts of a token
	Unprinted []string             `json:"unprinted"` // those of them that paper has no use for
	Remedies  map[string][2]string `json:"remedies"`  // title and remedy, by rule
	Decide    *decideTexts         `json:"decide"`
}

// content is a part of the page that a reader can jump to.
type content struct{ Part, Title string }

// tile is a figure that may filter the list, or lead to a section.
type tile struct {
	Figure, Text    string
	Filter, Section string // at most one of them
}

type column struct {
	Key, Title string
}

var listColumns = []column{
	{"severity", "Severity"},
	{"name", "Token"},
	{"owner", "Owner"},
	{"repositories", "Repositories"},
	{"rights", "Permissions"},
	{"granted", "Granted"},
	{"expires", "Expires"},
	{"used", "Last used"},
	{"why", "Why"},
}

func (b *block) audit(id string, list *tokenList, rows int) *auditData {
	run := b.Run
	a := &auditData{
		ID: id, Login: safe.HTMLText(run.Organization.Login), Tokens: words.Tokens(&run.Summary),
		Clock:   words.Minute(run.AsOf) + words.Clock(b.Run),
		Verdict: verdictOf(run.Outcome(), view.ByDebt(run), view.Headline(run, b.Figures)),
		Lines:   b.lines(), Settings: words.SettingsURL(run.Organization),
		Tiles:   b.tiles(id),
		Charts:  b.charts(id, list),
		Columns: listColumns, About: about{factLabels, unprinted, map[string][2]string{}, b.decideTexts},
		Basis: "incomplete",
	}
	if run.Complete {
		a.Basis = "complete"
	}
	for _, reason := range run.Incomplete.Texts() {
		a.Reasons = append(a.Reasons, safe.HTMLText(reason))
	}
	for _, token := range list.tokens {
		for _, f := range token.Findings {
			if f.Remedy != "" {
				a.About.Remedies[f.Rule] = [2]string{f.Title, f.Remedy}
			}
		}
	}
	if n := len(list.tokens); n < list.shown {
		a.LeftOut = fmt.Sprintf("Listed are the %d worst of %d tokens; the JSON, CSV and XLSX "+
			"reports have all of them. Figures and charts count every token.", n, list.shown)
	}
	if n := len(list.tokens); rows < n {
		a.Unscripted = fmt.Sprintf("Without JavaScript this page shows the %d worst of %d tokens.",
			rows, list.shown)
	}
	return a
}

func (b *block) charts(id string, list *tokenList) []*chart {
	title := "Tokens by worst severity"
	if b.Figures.Partial(b.Run) {
		title += ", of those in this report"
	}
	return []*chart{
		severityChart(id, title, b.Figures.Labels), expiryChart(id, b.Run, list.expiries),
		trendChart(id, b.Run),
	}
}

// lines returns what the verdict rests on, and does not cover, and how the other tokens stand.
// Claims about settings stand below, unless they are contradicted.
func (b *block) lines() [][2]string {
	lines := slices.DeleteFunc(words.Head(b.Part, true), func(l words.Line) bool {
		return l.Topic == words.TopicSetting && !l.Alert
	})
	for _, l := range words.Tail(b.Part, 0) {
		if l.Topic == words.TopicOthers {
			lines = append(lines, l)
		}
	}
	return labelled(lines)
}

// settings returns what became of the claims about the organization's own settings.
func (b *block) settings() []words.Line {
	return slices.DeleteFunc(words.Head(b.Part, true), func(l words.Line) bool {
		return l.Topic != words.TopicSetting
	})
}

// labelled returns lines as the page has them.
func labelled(lines []words.Line) [][2]string {
	texts := make([][2]string, len(lines))
	for i, l := range lines {
		texts[i] = [2]string{l.Topic.Label(), safe.HTMLText(l.Text)}
	}
	return texts
}

func (b *block) tiles(id string) []tile {
	f := b.Figures
	tiles := []tile{
		{
			Figure: fmt.Sprint(f.Standing[view.Violates]), Filter: "violates",
			Text: view.Breaks(f.Standing[view.Violates]) + " the policy" + f.OverdueAloneText(),
		},
		{Figure: fmt.Sprint(f.Standing[view.Open]), Text: "could not be judged", Filter: "open"},
		{
			Figure: fmt.Sprint(len(f.Expiring)), Filter: "expiring",
			Text: "in use, expire within 14 days",
		},
		b.waiting(id),
	}
	if n := f.Standing[view.Indebted]; n > 0 {
		tiles = append(tiles, tile{
			Figure: fmt.Sprint(n), Text: "with accepted debt alone", Filter: "debt",
		})
	}
	if tile, some := b.late(); some {
		tiles = append(tiles, tile)
	}
	return tiles
}

// waiting counts the pending requests. It claims that there are none only where all were seen.
func (b *block) waiting(id string) tile {
	n := b.Run.Summary.Requests
	tile := tile{Figure: fmt.Sprint(n), Text: "waiting for approval"}
	seen := slices.ContainsFunc(b.Run.Coverage, func(c audit.Coverage) bool {
		return c.Source == audit.SourceRequests && c.Status == audit.Complete
	})
	if !seen {
		tile.Text += ", as far as seen"
	}
	switch {
	case n > 0:
		tile.Section = id + "-requests"
	case !seen:
		tile.Figure = "?"
	}
	return tile
}
