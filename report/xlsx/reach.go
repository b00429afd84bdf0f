// SPDX-License-Identifier: Apache-2.0

package xlsx

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// What a workbook has of repositories, owners and teams, counted over the tokens that it lists.

// worstRight is the worst that a token can do to a repository; nil if that is nothing, or not
// known.
func worstRight(t *audit.Token) (found *audit.Permission) {
	if !t.Known.Has(audit.FactPermissions) {
		return &audit.Permission{}
	}
	for i := range t.Permissions {
		if t.Permissions[i].Group == audit.GroupRepository {
			found = worse(found, &t.Permissions[i])
		}
	}
	return found
}

// worse returns the worse of two rights, either of which may be nil: one that is not known, then
// one that writes, then the graver.
func worse(a, b *audit.Permission) *audit.Permission {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	if c := cmp.Or(
		words.CompareBools(a.Name == "", b.Name == ""), words.CompareBools(a.Writes(), b.Writes()),
		words.CompareRights(*a, *b), cmp.Compare(words.Strength(a.Level), words.Strength(b.Level)),
	); c > 0 {
		return b
	}
	return a
}

func rightText(p *audit.Permission) any {
	switch {
	case p == nil:
		return "none"
	case p.Name == "":
		return view.Unknown
	}
	return p.Name + ":" + p.Level
}

var repositoryColumns = []column{
	{title: "Repository", width: 40, value: func(e entry) any { return e.reached.name }},
	{title: "Visibility", width: 11, value: func(e entry) any {
		return view.OrUnknown(e.reached.visibility)
	}},
	{title: "Tokens", width: 12, bar: true, value: func(e entry) any {
		return e.reached.named + e.reached.all.all
	}},
	{title: "That select it", width: 13, value: func(e entry) any { return e.reached.named }},
	{title: "Of these with write", width: 14, value: func(e entry) any { return e.reached.writers }},
	{title: "Worst right of those that select it", width: 28, value: func(e entry) any {
		return rightText(e.reached.worst)
	}},
	{title: "That reach all", width: 14, value: func(e entry) any { return e.reached.all.all }},
	{title: "Worst right of those that reach all", width: 28, value: func(e entry) any {
		return rightText(e.reached.all.worst)
	}},
	{title: "That may reach it, not known", width: 17, value: func(e entry) any {
		return e.reached.all.unknown
	}},
}

var ownerColumns = []column{
	{title: "Owner", width: 24, value: func(e entry) any { return e.person.member.Login }},
	{title: "Role", width: 13, value: ownerValue(words.Role)},
	{title: "Second factor", width: 14, value: ownerValue(words.SecondFactor)},
	{title: "Worst", width: 10, color: true, value: func(e entry) any {
		if e.person.violating == 0 && e.person.open > 0 {
			return view.Unknown // it may be worse
		}
		return e.person.severity.String()
	}},
	{title: "Tokens", width: 10, value: func(e entry) any { return e.person.tokens }},
	{title: "Active", width: 10, value: func(e entry) any { return e.person.active }},
	{title: "Break the policy", width: 16, value: func(e entry) any { return e.person.violating }},
	{title: "Cannot be judged", width: 16, value: func(e entry) any { return e.person.open }},
	{title: "Expire in 14 days", width: 17, value: func(e entry) any { return e.person.expiring }},
	{title: "Last used", width: 12, value: func(e entry) any {
		return dateCell(view.Fact{Known: e.person.unlearned == 0, At: e.person.lastUsed, None: "never"})
	}},
	{title: "Owner ID", width: 12, value: func(e entry) any {
		return strconv.FormatInt(e.person.member.ID, 10)
	}},
}

// registryColumns are what a registry holds of owners.
var registryColumns = []column{
	{title: "Kind", width: 10, value: func(e entry) any { return string(e.person.registered.Kind) }},
	{title: "Team", width: 22, value: func(e entry) any { return e.person.registered.Team }},
	{title: "Contact", width: 18, value: func(e entry) any { return e.person.registered.Contact }},
	{title: "Service", width: 22, value: func(e entry) any { return e.person.registered.Service }},
}

// ownerValue is a column of a token's owner.
func ownerValue(value func(*audit.Token) string) func(entry) any {
	return func(e entry) any {
		t := &audit.Token{Owner: e.person.member}
		if e.person.known {
			t.Known = audit.FactMembership
		}
		return value(t)
	}
}

// repositories lists those that are known, those that the most tokens select first.
func (b *book) repositories() {
	var entries []entry
	for _, survey := range b.surveys {
		rows := slices.SortedFunc(maps.Values(survey.repositories), func(a, b *reached) int {
			return cmp.Or(cmp.Compare(b.named, a.named), strings.Compare(a.name, b.name))
		})
		if others := survey.others(); others != nil {
			rows = append(rows, others)
		}
		for _, r := range rows {
			entries = append(entries, entry{run: survey.Run, reached: r})
		}
	}
	b.add(listOf("Repositories", repositoryColumns, entries))
}

// others stand for the repositories whose names the run does not hold; nil if it holds all.
func (s *survey) others() *reached {
	if s.Run.Organization.Known.Has(audit.FactOrganizationRepositories) {
		return nil
	}
	name := "others: this report does not hold their names, nor how many they are"
	if all, known := words.RepositoriesOf(s.Run); known {
		n := all - len(s.repositories)
		if n <= 0 {
			return nil
		}
		name = fmt.Sprintf("%d others: this report does not hold their names", n)
	}
	return &reached{name: name, all: &s.everywhere}
}

// owners lists the people by their logins: nobody is ranked.
func (b *book) owners() {
	var entries []entry
	for _, survey := range b.surveys {
		rows := slices.SortedFunc(maps.Values(survey.people), func(a, b *person) int {
			return cmp.Or(strings.Compare(strings.ToLower(a.member.Login),
				strings.ToLower(b.member.Login)), cmp.Compare(a.member.ID, b.member.ID))
		})
		for _, p := range rows {
			entries = append(entries, entry{run: survey.Run, person: p})
		}
	}
	columns := slices.Concat(ownerColumns, filled(registryColumns, slices.Values(entries)))
	b.add(listOf("Owners", columns, entries))
}

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
