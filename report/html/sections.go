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

// sections is what the page shows of one organization below its tokens.
type sections struct {
	ID       string
	Waiting  string // a sentence on the pending requests; "" if there are none
	Requests []*listedToken
	Unlisted int // requests that are left out
	Tables   []table
	Run      [][2]string // who judged what, by what

	explained bool // the page explains the rules
}

// table is a plain list.
type table struct {
	ID, Title, Text string
	Short           string // the title in the list of the page's parts
	Columns         []string
	Rows            [][]string
	More            int // rows that are left out
}

// mostSectionRows is how many rows a list below the tokens has.
const mostSectionRows = 2000

func (b *block) sections(id string) *sections {
	said := map[words.Topic]string{}
	for _, l := range words.Tail(b.Part, 0) {
		said[l.Topic] = l.Text
	}
	s := &sections{
		ID: id, Run: labelled(append(b.settings(), words.Origin(b.Part)...)),
		Waiting: said[words.TopicRequests], explained: len(b.Run.Rules) > 0,
	}
	for r := range b.Run.Requests() {
		switch _, shown := b.Doc.View.Choose(r); {
		case !shown:
		case len(s.Requests) == mostSectionRows:
			s.Unlisted++
		default:
			request := b.token(r, nil)
			request.ID = id + "-request-" + view.GrantID(r.Token)
			request.Used = words.Waiting(r.Request, b.Run.AsOf)
			s.Requests = append(s.Requests, request)
		}
	}
	s.Tables = append(s.Tables, b.changes(id), b.expiring(id),
		b.decisions(id, said[words.TopicDecisions]), b.classic(id, said[words.TopicClassic]),
		b.teams(id), b.coverage(id), b.ruleCounts(id))
	s.Tables = slices.DeleteFunc(s.Tables, func(t table) bool {
		return len(t.Rows) == 0 && t.Text == ""
	})
	for i := range s.Tables {
		s.Tables[i].tidy()
	}
	return s
}

// contents lists the parts of the page about an organization, in their order.
func (s *sections) contents(id string) []content {
	parts := []content{{id + "-tokens", "Tokens"}}
	if s.Waiting != "" {
		parts = append(parts, content{id + "-requests", "Requests"})
	}
	for _, t := range s.Tables {
		parts = append(parts, content{t.ID, t.Short})
	}
	parts = append(parts, content{id + "-run", "Run"})
	if s.explained {
		parts = append(parts, content{"rules", "Rules"})
	}
	return parts
}

// tidy makes all texts safe, and leaves out what is too much.
func (t *table) tidy() {
	if len(t.Rows) > mostSectionRows {
		t.More = len(t.Rows) - mostSectionRows
		t.Rows = t.Rows[:mostSectionRows]
	}
	t.Text = safe.HTMLText(t.Text)
	for _, row := range t.Rows {
		for i, cell := range row {
			row[i] = safe.HTMLText(cell)
		}
	}
}

func (b *block) expiring(id string) table {
	t := table{
		ID: id + "-expiring", Title: "In use, and expire within 14 days",
		Short:   "Expiring",
		Columns: []string{"Expires", "Token", "Owner", "Left"},
	}
	for _, token := range b.Figures.Expiring {
		t.Rows = append(t.Rows, []string{
			view.DayOf(token.ExpiresAt), view.OrUnknown(token.Name), words.OwnerLogin(token),
			words.ExpiresText(token, b.Run.AsOf),
		})
	}
	return t
}

func (b *block) decisions(id, text string) table {
	t := table{
		ID: id + "-decisions", Title: "Decisions", Text: text,
		Short:   "Decisions",
		Columns: []string{"State", "Decision", "Reason", "Ticket", "Until"},
	}
	for _, r := range words.ByUrgency(b.Run.Decisions) {
		d := r.Decision
		t.Rows = append(t.Rows, []string{
			string(r.State), words.Decision(r), d.Reason, d.Ticket, view.DayOf(d.Until),
		})
	}
	return t
}

func (b *block) classic(id, text string) table {
	t := table{
		ID: id + "-classic", Title: "Classic tokens", Text: text,
		Short:   "Classic tokens",
		Columns: []string{"Owner", "Note", "Scopes, the broad ones first", "Expiry", "Use"},
	}
	for _, c := range words.ClassicOf(b.Run, &b.Doc.View) {
		t.Rows = append(t.Rows, []string{
			view.OrUnknown(c.Login), c.Note, words.ScopesText(c), words.ClassicExpiry(c, b.Run.AsOf),
			words.ClassicUse(c, b.Run.AsOf),
		})
	}
	return t
}

// teams counts the tokens by the teams of a registry.
func (b *block) teams(id string) table {
	t := table{ID: id + "-teams", Title: "Teams", Short: "Teams"}
	teams := view.Teams(b.Run)
	if len(teams) == 0 {
		return t
	}
	labels := view.TeamLabels(teams)
	t.Columns = []string{"Team", "Owners", "Tokens"}
	for _, label := range labels {
		t.Columns = append(t.Columns, words.Heading(label))
	}
	dated := slices.ContainsFunc(teams, func(team *view.Team) bool { return !team.Oldest.IsZero() })
	if dated {
		t.Columns = append(t.Columns, "Oldest finding")
	}
	for _, team := range teams {
		row := []string{
			words.TeamName(team), fmt.Sprint(team.Owners), fmt.Sprint(team.Tokens),
		}
		for _, label := range labels {
			row = append(row, fmt.Sprint(team.Labels[label]))
		}
		if dated {
			row = append(row, view.DayOf(team.Oldest))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (b *block) coverage(id string) table {
	t := table{
		ID: id + "-coverage", Title: "Evidence", Short: "Evidence",
		Columns: words.CoverageTitles[:],
	}
	for i := range b.Run.Coverage {
		var row []string
		for _, cell := range words.CoverageCells(&b.Run.Coverage[i]) {
			row = append(row, fmt.Sprint(cell))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// ruleCounts counts what the rules answered.
func (b *block) ruleCounts(id string) table {
	t := table{
		ID: id + "-asked", Title: "What the rules found",
		Short: "By rule",
		Columns: []string{
			"Rule", "Asks", "At most", "Fail", "Waived", "Cannot be judged", "Pass", "Not applicable",
		},
	}
	for i := range b.Run.Rules {
		r := &b.Run.Rules[i]
		row := []string{r.Rule.ID, r.Rule.Title, r.Severity.String()}
		for _, s := range []audit.Status{
			audit.Fail, audit.Waived, audit.Indeterminate, audit.Pass, audit.NotApplicable,
		} {
			figure := ""
			if r.Asked {
				figure = fmt.Sprint(r.Counts[s])
			}
			row = append(row, figure)
		}
		if !r.Asked {
			row[1] += "; not asked: " + words.WhyNotAsked(r)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
