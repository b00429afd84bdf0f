// SPDX-License-Identifier: Apache-2.0

package xlsx

import (
	"slices"

	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

const teamsSheet = "Teams"

// teams lists the teams of a registry; there is no such sheet without one.
func (b *book) teams() {
	var entries []entry
	var all []*view.Team
	for _, run := range b.doc.Runs {
		teams := view.Teams(run)
		for _, team := range teams {
			entries = append(entries, entry{run: run, team: team})
		}
		all = append(all, teams...)
	}
	if len(entries) == 0 {
		return
	}
	columns := []column{
		{title: "Team", width: 28, value: func(e entry) any { return words.TeamName(e.team) }},
		{title: "Worst", width: 10, color: true, value: func(e entry) any {
			i := slices.IndexFunc(view.Labels, func(label string) bool { return e.team.Labels[label] > 0 })
			return view.Labels[i] // a team has a token
		}},
		{title: "Owners", width: 10, value: func(e entry) any { return e.team.Owners }},
		{title: "Tokens", width: 10, value: func(e entry) any { return e.team.Tokens }},
	}
	for _, label := range view.TeamLabels(all) {
		columns = append(columns, column{
			title: words.Heading(label), width: 10,
			value: func(e entry) any { return e.team.Labels[label] },
		})
	}
	oldest := column{title: "Oldest finding", width: 14, value: func(e entry) any {
		return e.team.Oldest
	}}
	columns = append(columns, filled([]column{oldest}, slices.Values(entries))...)
	b.add(listOf(teamsSheet, columns, entries))
}
