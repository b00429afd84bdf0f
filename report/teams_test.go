// SPDX-License-Identifier: Apache-2.0

package report

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// anyRegistry draws a registry of some owners of the violating organization.
func anyRegistry(t *rapid.T) *audit.Registry {
	if rapid.IntRange(0, 3).Draw(t, "registry") == 0 {
		return nil
	}
	r := &audit.Registry{}
	for _, login := range []string{"bob", "ex-kim", "jdoe", "tsuki"} {
		team := rapid.SampledFrom([]string{"web", "platform", `=1+1<b>"x"`, ""}).Draw(t, "team")
		if rapid.Bool().Draw(t, "registered") {
			r.Owners = append(r.Owners, &audit.Registration{
				Login: login, Kind: audit.Bot, Contact: "alice", Team: team,
			})
		}
	}
	return r
}

// countTeams puts into c what view counts of teams, and holds that no token is left out of them,
// nor is in two.
func countTeams(c counts, run *audit.Run, figures *view.Figures) {
	all := counts{}
	for _, team := range view.Teams(run) {
		c["team "+words.TeamName(team)+" Tokens"] = team.Tokens
		c["team "+words.TeamName(team)+" Owners"] = team.Owners
		for _, label := range view.Labels {
			c["team "+words.TeamName(team)+" "+label] = team.Labels[label]
			all[label] += team.Labels[label]
		}
		all["tokens"] += team.Tokens
	}
	maps.DeleteFunc(all, func(_ string, n int) bool { return n == 0 })
	if run.Registry != nil && figures.Held > 0 {
		c["teams apart are the whole"] = 1
		want := counts{"tokens": figures.Held}
		maps.Copy(want, figures.Labels)
		if !maps.Equal(all, want) {
			c["teams apart are the whole"] = 0
		}
	}
}

// teamsIn puts into c what a table of teams says.
func teamsIn(c counts, titles []string, rows [][]string) {
	for _, row := range rows {
		for i, title := range titles {
			if i > 0 && i < len(row) && title != "Worst" && title != "Oldest finding" {
				if label := strings.ToLower(title); slices.Contains(view.Labels, label) {
					title = label
				}
				c["team "+row[0]+" "+title], _ = strconv.Atoi(row[i])
			}
		}
	}
	if len(rows) > 0 {
		c["teams apart are the whole"] = 1
	}
}

func teamsInWorkbook(c counts, f *excelize.File) {
	if rows, err := f.GetRows("Teams"); err == nil {
		teamsIn(c, rows[0], rows[1:])
	}
}

func teamsInPage(c counts, page *html.Node) {
	for _, section := range reporttest.Nodes(page, "section") {
		if !strings.HasSuffix(reporttest.Attribute(section, "aria-labelledby"), "-teams") {
			continue
		}
		var titles []string
		for _, n := range reporttest.Nodes(section, "th") {
			titles = append(titles, reporttest.TextOf(n))
		}
		var rows [][]string
		for _, tr := range reporttest.Nodes(section, "tr")[1:] {
			var row []string
			for _, n := range reporttest.Nodes(tr, "td") {
				row = append(row, reporttest.TextOf(n))
			}
			rows = append(rows, row)
		}
		teamsIn(c, titles, rows)
	}
}

// TestNoTeams: without a registry no format has a part about teams, and with one each has.
func TestNoTeams(t *testing.T) {
	for _, registry := range []*audit.Registry{nil, {Owners: []*audit.Registration{
		{Login: "bob", Kind: audit.Person, Team: "web"},
	}}} {
		d := reporttest.Judged(reporttest.Violating(), func(p *audit.Policy) { p.Registry = registry })
		text := string(reporttest.Write(t, byName(t, "html"), d))
		if has := strings.Contains(text, ">Teams<"); has != (registry != nil) {
			t.Errorf("the page has teams: %v", has)
		}
		book := reporttest.OpenWorkbook(t, reporttest.Write(t, byName(t, "xlsx"), d))
		sheets := book.GetSheetList()
		if has := slices.Contains(sheets, "Teams"); has != (registry != nil) {
			t.Errorf("the workbook has teams: %v", has)
		}
		owners, err := book.GetRows("Owners")
		if err != nil {
			t.Fatal(err)
		}
		if has := slices.Contains(owners[0], "Team"); has != (registry != nil) {
			t.Errorf("the owners have teams: %v", has)
		}
	}
}

func byName(t *testing.T, name string) view.Format {
	t.Helper()
	i := slices.IndexFunc(Formats, func(f view.Format) bool { return f.Name == name })
	if i < 0 {
		t.Fatal(name)
	}
	return Formats[i]
}
