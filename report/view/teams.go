// SPDX-License-Identifier: Apache-2.0

package view

import (
	"cmp"
	"slices"
	"time"

	"github.com/complytime/pataudit/audit"
)

// Team sums up the tokens whose owners a registry puts into one team.
type Team struct {
	Name   string         // hostile text; "" of owners without a team
	Owners int            // of tokens; those that are not known are none
	Tokens int            // that the run holds
	Labels map[string]int // tokens, by what rows say of them: [Labels]

	// Oldest is since when the oldest failing finding stands that nobody accepted; zero if none
	// does, or if no history has that.
	Oldest time.Time
}

// Teams sums up the tokens that a run holds, by team and in the order of their names; last those
// of owners without one. The counts are those of [Count], apart. It is nil without a registry.
func Teams(run *audit.Run) (teams []*Team) {
	if run.Registry == nil {
		return nil
	}
	byName, owners := map[string]*Team{}, map[string]map[int64]bool{}
	for r := range run.Results() {
		name := ""
		if r.Registration != nil {
			name = r.Registration.Team
		}
		team := byName[name]
		if team == nil {
			team = &Team{Name: name, Labels: map[string]int{}}
			byName[name], owners[name] = team, map[int64]bool{}
			teams = append(teams, team)
		}
		team.Tokens++
		team.Labels[PlaceOf(run, r, r.Findings).Label()]++
		if r.Token.Owner != nil {
			owners[name][r.Token.Owner.ID] = true
			team.Owners = len(owners[name])
		}
		for _, f := range r.Findings {
			if f.Status == audit.Fail && !f.InBaseline && !f.FirstSeen.IsZero() &&
				(team.Oldest.IsZero() || f.FirstSeen.Before(team.Oldest)) {
				team.Oldest = f.FirstSeen
			}
		}
	}
	slices.SortFunc(teams, func(a, b *Team) int {
		if a.Name == "" || b.Name == "" {
			return -cmp.Compare(a.Name, b.Name) // those without come last
		}
		return cmp.Compare(a.Name, b.Name)
	})
	return teams
}

// TeamLabels returns what the tokens of teams are counted by: every severity, and of the rest of
// [Labels] those that a token has.
func TeamLabels(teams []*Team) (labels []string) {
	for i, label := range Labels {
		if i < int(audit.Critical) || slices.ContainsFunc(teams, func(t *Team) bool {
			return t.Labels[label] > 0
		}) {
			labels = append(labels, label)
		}
	}
	return labels
}
