// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/html"
	"github.com/complytime/pataudit/report/letters"
	"github.com/complytime/pataudit/report/markdown"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/show"
	"github.com/complytime/pataudit/report/table"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/xlsx"
)

// counts are what a report says of a run, as far as it says it: what of a format's text is not
// there is not in the map.
type counts map[string]int

// anyRun draws a run in which some findings are accepted, some are new, and some are overdue; and
// of which not all may be seen.
func anyRun(t *rapid.T) *audit.Run {
	e := reporttest.Violating()
	e.Tokens = slices.DeleteFunc(e.Tokens, func(*audit.Token) bool {
		return rapid.IntRange(0, 2).Draw(t, "left out") == 0
	})
	if rapid.Bool().Draw(t, "incomplete") && len(e.Tokens) > 0 {
		token := e.Tokens[0]
		token.Known &^= audit.FactPermissions | audit.FactExpiry
	}
	p := reporttest.Policy()
	p.FailOn = rapid.SampledFrom([]audit.Severity{audit.Info, audit.Medium, audit.High}).Draw(t, "at")
	p.SLA = map[audit.Severity]int{audit.Critical: 7, audit.Medium: 30, audit.Info: 40}
	options := reporttest.Options
	options.FailOnRequests = rapid.Bool().Draw(t, "requests")
	options.FailOnOverdue = rapid.Bool().Draw(t, "overdue")
	p.Baseline, p.Registry = &audit.Baseline{}, anyRegistry(t)
	memory := &audit.Memory{
		Earlier: true, LastRun: 3, Last: audit.Evaluate(reporttest.WeekAgo(), p, audit.Options{}),
		Tokens: map[int64]*audit.Past{},
	}
	for r := range view.Both(audit.Evaluate(e, p, options)) {
		past := &audit.Past{
			FirstSeen: reporttest.AsOf.AddDate(-1, 0, 0), Failing: map[string]time.Time{},
		}
		for _, f := range r.Findings {
			if f.Status == audit.Fail {
				past.Failing[f.Rule.Rule.ID] = reporttest.AsOf.AddDate(0, 0,
					-rapid.IntRange(0, 60).Draw(t, "days"))
				accept(t, p, r, f)
			}
		}
		memory.Tokens[r.Token.ID] = past
	}
	if rapid.Bool().Draw(t, "remembered") {
		options.Memory = memory
	}
	return audit.Evaluate(e, p, options)
}

// accept draws whether somebody accepted a finding, and how.
func accept(t *rapid.T, p *audit.Policy, r *audit.Result, f *audit.Finding) {
	how := rapid.IntRange(0, 3).Draw(t, "accepted")
	switch {
	case !f.Acceptable(), r.Token.Owner == nil:
	case how == 0:
		p.Baseline.Debts = append(p.Baseline.Debts, audit.Debt{
			Kind: view.KindOf(r), ID: r.Token.TokenID, Rule: f.Rule.Rule.ID, Basis: f.Basis,
			Severity: f.Severity, Reach: audit.AllRepositories(),
			Until: reporttest.AsOf.AddDate(0, 0, rapid.IntRange(-2, 20).Draw(t, "until")),
		})
	case how == 1 && r.Request == nil:
		d := reporttest.Waive(r.Token, f.Rule.Rule.ID, "")
		d.Basis, d.Severity = f.Basis, f.Severity
		p.Decisions = append(p.Decisions, d)
	}
}

// counted returns the figures of a run as view has them.
func counted(run *audit.Run, figures *view.Figures) counts {
	c := counts{
		"debt alone": figures.Standing[view.Indebted], "violating": run.Summary.Violating,
		"clean": figures.Standing[view.Clean],
		"open":  view.Sum(figures.Open), "waived": view.Sum(figures.Waivers),
		"debts": view.Sum(figures.Debts), "debt left": run.Debt.Left,
	}
	for r := range view.Both(run) {
		for _, f := range r.Findings {
			if is := view.NewOrAccepted(run, f); is != "" {
				c["told "+is]++
			}
			if f.Status == audit.Fail && !f.InBaseline && f.FirstSeen.After(asOfLast(run)) && !f.Overdue {
				c["told newly"]++
			}
		}
	}
	for r := range run.Results() {
		for _, f := range r.Findings {
			switch {
			case f.InBaseline:
				c["tokens' debts"]++
			case view.IsNew(run, f):
				c["told new of tokens"]++
			}
		}
	}
	for label, n := range figures.Labels {
		c["label "+label] = n
	}
	countTeams(c, run, figures)
	return c
}

func asOfLast(run *audit.Run) time.Time {
	if run.Since == nil {
		return run.AsOf.AddDate(100, 0, 0)
	}
	return run.Since.AsOf
}

// number finds the number that a text tells; 0 if it does not.
func number(text, pattern string) int {
	m := regexp.MustCompile(pattern).FindStringSubmatch(text)
	if m == nil {
		return 0
	}
	n, _ := strconv.Atoi(m[1])
	return n
}

// inSentences returns what the lines that all formats share say.
func inSentences(text string) counts {
	return counts{
		"debt alone": number(text, `(\d+) with accepted debt alone`),
		"debt left":  number(text, `\d+ findings? accepted, (\d+) left`),
		"clean":      number(text, `(\d+) (?:clean|without a finding)`),
		"violating":  number(text, `(\d+) of \d+ (?:active )?tokens? breaks? the policy`),
	}
}

func inTable(t *testing.T, d *view.Document) counts {
	text := string(reporttest.Write(t, table.Format, d))
	c := inSentences(text)
	for _, label := range view.Labels {
		rows := regexp.MustCompile(`(?m)^ ` + label + `(?: [+^])? +[a-z].* (?:\d+ of|all \+|public)`)
		c["label "+label] = len(rows.FindAllString(text, -1))
	}
	return c
}

func inMarkdown(t *testing.T, d *view.Document) counts {
	text := string(reporttest.Write(t, markdown.Format, d))
	c := inSentences(text)
	c["debt alone"] = number(text, `<summary>accepted debt alone: (\d+) tokens?`)
	for _, label := range view.Labels {
		rows := regexp.MustCompile(`(?m)^\| ` + label + `(?: [+^])? \|.*\|.*\|.*\|.*\|.*\|.*\|$`)
		c["label "+label] = len(rows.FindAllString(text, -1))
	}
	return c
}

func inPage(t *testing.T, d *view.Document) counts {
	page := reporttest.ParseHTML(t, reporttest.Write(t, html.Format, d))
	text := strings.Join(strings.Fields(reporttest.TextOf(page)), " ")
	c := inSentences(text)
	told := counts{}
	for _, script := range reporttest.Nodes(page, "script") {
		if reporttest.Attribute(script, "class") != "data" {
			continue
		}
		var tokens []struct {
			Severity string
			Debt     bool
			Findings []struct{ Level, Tag string }
		}
		if err := json.Unmarshal([]byte(reporttest.TextOf(script)), &tokens); err != nil {
			t.Fatal(err)
		}
		for _, token := range tokens {
			c["label "+token.Severity]++
			for _, f := range token.Findings {
				told[f.Tag]++
				told[f.Level]++
			}
		}
	}
	teamsInPage(c, page)
	c["told new of tokens"], c["tokens' debts"] = told["new"], told["accepted debt"]
	c["waived"] = told["waived"]
	for _, figure := range reporttest.Nodes(page, "desc") {
		if words := reporttest.TextOf(figure); strings.Contains(words, "critical") &&
			!strings.Contains(words, ": ") {
			for _, label := range view.Labels {
				if n := number(words, `(\d+) `+label+`\b`); n != c["label "+label] {
					t.Errorf("the chart says %q, the list %v", words, c)
				}
			}
		}
	}
	return c
}

func inWorkbook(t *testing.T, d *view.Document) counts {
	f := reporttest.OpenWorkbook(t, reporttest.Write(t, xlsx.Format, d))
	c := counts{}
	teamsInWorkbook(c, f)
	summary, err := f.GetRows("Summary")
	if err != nil {
		t.Fatal(err)
	}
	at := func(row []string, n int) string {
		if n < 0 || n >= len(row) { // a column without a value is left out
			return ""
		}
		return row[n]
	}
	figure := func(row []string, n int) int {
		value, _ := strconv.Atoi(at(row, n))
		return value
	}
	severities := -1 // the column
	for _, row := range summary {
		if i := slices.Index(row, "Open"); i > 1 && row[i-1] == "Tokens" {
			severities = i - 2
			continue
		}
		if i := slices.Index(row, "Tokens with debt alone"); i >= 0 {
			c["debt alone"] = figure(row, i+4)
		}
		if severities < 0 {
			continue
		}
		if label := at(row, severities); slices.Contains(view.Labels, label) {
			c["label "+label] = figure(row, severities+1)
			c["open"] += figure(row, severities+2)
			c["debts"] += figure(row, severities+3)
			c["waived"] += figure(row, severities+4)
		} else {
			severities = -1
		}
	}
	findings, err := f.GetRows("Findings")
	if err != nil {
		t.Fatal(err)
	}
	for _, status := range []string{"new", view.WeightDebt.String(), view.WeightWaived.String()} {
		c["told "+status] = 0
		for _, row := range findings[1:] {
			if at(row, slices.Index(findings[0], "Status")) == status {
				c["told "+status]++
			}
		}
	}
	return c
}

func inShow(t *testing.T, d *view.Document) counts {
	var b bytes.Buffer
	_, err := show.Token(&b, d.Runs[0], func(*audit.Result) bool { return true }, nil, d.View)
	if err != nil {
		t.Fatal(err)
	}
	count := func(pattern string) int {
		return len(regexp.MustCompile(`(?m)`+pattern).FindAllString(b.String(), -1))
	}
	return counts{
		"told accepted debt": count(`^ debt +[a-z0-9-]+: `),
		"told waived":        count(`^ waived +[a-z0-9-]+: `),
		"told newly":         count(`^ [a-z]+ +new: [a-z0-9-]+: `),
	}
}

// TestCounts holds that each format for people says the same numbers as view counts: of tokens by
// label, of those with accepted debt alone, and of findings that are new or accepted.
func TestCounts(t *testing.T) {
	formats := map[string]func(*testing.T, *view.Document) counts{
		"table": inTable, "markdown": inMarkdown, "html": inPage, "xlsx": inWorkbook, "show": inShow,
	}
	names := []string{"html", "markdown", "show", "table", "xlsx"}
	rapid.Check(t, func(rt *rapid.T) {
		run := anyRun(rt)
		d := &view.Document{Runs: []*audit.Run{run}, View: view.View{Only: view.OnlyAll, Width: 2000}}
		want := counted(run, view.Count(run))
		if n := view.Sum(run.Summary.IndebtedBy); n != want["debt alone"] {
			rt.Errorf("the summary counts %d tokens with debt alone, view %d", n, want["debt alone"])
		}
		name := rapid.SampledFrom(names).Draw(rt, "format")
		for what, n := range formats[name](t, d) {
			if n != want[what] {
				rt.Errorf("%s says %d %s, view counts %d", name, n, what, want[what])
			}
		}
		tellsNew(rt, d)
	})
}

// tellsNew holds that the letters call those findings new that view does.
func tellsNew(t *rapid.T, d *view.Document) {
	all, _, err := letters.Of(d)
	if err != nil {
		t.Fatal(err)
	}
	told, want := 0, 0
	for _, l := range all {
		var b bytes.Buffer
		if err := l.Write(&b); err != nil {
			t.Fatal(err)
		}
		told += strings.Count(b.String(), "\n- **New:** ")
	}
	run := d.Runs[0]
	for r := range run.Results() {
		if view.Stand(run, r) != view.Violates || r.Token.Owner == nil {
			continue
		}
		for _, f := range r.Findings {
			if view.IsNew(run, f) {
				want++
			}
		}
	}
	if told != want {
		t.Errorf("letters tell of %d new findings, view counts %d", told, want)
	}
}
