// SPDX-License-Identifier: Apache-2.0

package markdown

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	htmlparser "golang.org/x/net/html"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

func TestMarkdown(t *testing.T) {
	cases := reporttest.Documents()
	cases["linked"] = reporttest.Document(reporttest.Linked(), reporttest.Hostile())
	cases["linked"].Failed = []view.Failure{{Organization: "@evil", Reason: audit.Because("#1 | x")}}
	for name, d := range cases {
		for _, d.View.Only = range []string{"", view.OnlyFailing, view.OnlyAll} {
			text := string(reporttest.Write(t, Format, d))
			if len(text) > most || strings.Contains(text, "::") || strings.Contains(text, "##[") {
				t.Errorf("%s: %d bytes, or a runner command", name, len(text))
			}
			root := reporttest.Rendered(t, text)
			reporttest.CheckPage(t, root)
			checkTables(t, root)
			verdict := reporttest.Content(
				slices.Concat(reporttest.Nodes(root, "h1"), reporttest.Nodes(root, "h2"))[0],
			)
			if !strings.Contains(verdict, view.VerdictWords(d.Outcome())) {
				t.Errorf("%s: begins with %q", name, verdict)
			}
			if strings.Contains(text, "CLEAN") && !slices.ContainsFunc(d.Runs, func(r *audit.Run) bool {
				return r.Outcome() == audit.Clean
			}) {
				t.Errorf("%s: says clean", name)
			}
		}
	}
}

// checkTables holds each row against its header.
func checkTables(t *testing.T, root *htmlparser.Node) {
	t.Helper()
	for _, table := range reporttest.Nodes(root, "table") {
		columns := len(reporttest.Nodes(table, "th"))
		for _, row := range reporttest.Nodes(table, "tr")[1:] {
			if n := len(reporttest.Nodes(row, "td")); n != columns {
				t.Errorf("%d cells in %d columns: %s", n, columns, reporttest.Content(row))
			}
		}
	}
}

// tokenRows returns the names in the tables of tokens.
func tokenRows(root *htmlparser.Node) (names []string) {
	for _, table := range reporttest.Nodes(root, "table") {
		if heads := reporttest.Nodes(table, "th"); reporttest.Content(heads[1]) != "Token" {
			continue
		}
		for _, row := range reporttest.Nodes(table, "tr")[1:] {
			names = append(names, reporttest.Content(reporttest.Nodes(row, "td")[1]))
		}
	}
	return names
}

// Every token that has something to tell is there once, by its name.
func TestMarkdownTokens(t *testing.T) {
	for _, d := range []*view.Document{
		reporttest.Document(reporttest.Linked()), reporttest.Document(reporttest.Hostile()),
		reporttest.Document(reporttest.Violating()),
	} {
		for _, d.View.Only = range []string{"", view.OnlyAll} {
			var want []string
			for r := range d.Runs[0].Results() {
				if d.View.Only == view.OnlyAll || view.Stand(d.Runs[0], r) != view.Clean {
					name := safe.Truncate(safe.Terminal(r.Token.Name), MostTokenName)
					name = strings.ReplaceAll(name, `\|`, `\x5c|`)
					want = append(want, strings.Join(strings.Fields(name), " "))
				}
			}
			got := tokenRows(reporttest.Rendered(t, string(reporttest.Write(t, Format, d))))
			slices.Sort(want)
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("tokens\n%q, want\n%q", got, want)
			}
		}
	}
}

// inCode matches a code span of a name that has no backtick.
var inCode = regexp.MustCompile("`[^`\n]+`")

var cut = regexp.MustCompile(`Truncated: (\d+) of (\d+) tokens shown`)

// However little room there is, the verdict and whole tables are there, and the rest is counted.
func TestMarkdownTruncated(t *testing.T) {
	d := reporttest.Document(
		reporttest.Linked(),
		reporttest.Violating(),
		reporttest.Hostile(),
		reporttest.Calm(),
	)
	one := reporttest.Document(reporttest.Violating())
	for limit := 8 << 10; limit < 80<<10; limit += 2999 {
		for _, d := range []*view.Document{one, d} {
			text := textWithin(d, limit)
			if len(text) > limit {
				t.Fatalf("%d bytes of %d", len(text), limit)
			}
			root := reporttest.Rendered(t, text)
			reporttest.CheckPage(t, root)
			checkTables(t, root)
			for _, tag := range []string{"details", "summary"} {
				text := inCode.ReplaceAllString(text, "")
				opened, closed := strings.Count(text, "<"+tag+">"), strings.Count(text, "</"+tag+">")
				if opened != closed || opened != len(reporttest.Nodes(root, tag)) {
					t.Errorf("%d %s opened, %d closed, %d shown", opened, tag, closed,
						len(reporttest.Nodes(root, tag)))
				}
			}
			all := len(reporttest.Nodes(root, "h2")) == len(d.Runs)
			if said := strings.Contains(text, "organizations shown"); said == all {
				t.Errorf("all organizations: %v, truncated: %v", all, said)
			}
		}
	}
}

func TestMarkdownIsBounded(t *testing.T) {
	worst := strings.Repeat("@\u0301\u0316\u0301", 600)
	e := reporttest.Many(1600)
	for i, token := range e.Tokens {
		token.Name = fmt.Sprint(i, worst)
		token.Owner = reporttest.Member(int64(i), fmt.Sprint(i, worst), audit.RoleAdmin)
		token.ExpiresAt = reporttest.AsOf.AddDate(0, 0, 2)
		reporttest.Administers(token)
	}
	for range 30 {
		e.Requests = append(e.Requests, e.Requests[0])
	}
	e.Requests[0].Token.Name, e.Requests[0].Token.Owner.Login = worst, worst
	e.Coverage[0].Reason = audit.Because(worst)
	e.Coverage[1].Status, e.Coverage[1].Reason = audit.Refused, audit.Because(worst)
	d := reporttest.Document(e)
	d.View.Only = view.OnlyAll
	for range 30 {
		d.Runs[0].Incomplete = append(d.Runs[0].Incomplete, reporttest.Gaps(worst)...)
	}
	text := string(reporttest.Write(t, Format, d))
	if len(text) > most || !strings.HasPrefix(text, "## complytime: VIOLATIONS, INCOMPLETE") {
		t.Fatalf("%d bytes: %.80q", len(text), text)
	}
	root := reporttest.Rendered(t, text)
	checkTables(t, root)
	said := cut.FindStringSubmatch(reporttest.Content(root))
	if said == nil {
		t.Fatal("does not say that it is truncated")
	}
	shown := len(tokenRows(root))
	if said[1] != fmt.Sprint(shown) || said[2] != fmt.Sprint(len(e.Tokens)) || shown < 100 {
		t.Errorf("%s: %d are shown of %d", said[0], shown, len(e.Tokens))
	}
}
