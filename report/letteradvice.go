// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"slices"

	"github.com/complytime/pataudit/audit"
)

// What a letter tells its reader to do, in the words of GitHub's pages.

// fate is what is to become of a token.
type fate uint8

const (
	asItIs   fate = iota // the remedies are elsewhere
	replaced             // by one with other settings
	deleted              // for good
)

// fateOf gives the strongest that the findings, and people, ask for.
func fateOf(run *audit.Run, t *audit.Token, findings []*audit.Finding) fate {
	worst := asItIs
	for _, f := range findings {
		switch f.Rule.Rule.Mending {
		case audit.MendByDeleting:
			worst = deleted
		case audit.MendByReplacing:
			worst = max(worst, replaced)
		default: // elsewhere
		}
	}
	if toRevoke(run, t) {
		return deleted
	}
	return worst
}

// toRevoke reports whether people decided that a token is to go.
func toRevoke(run *audit.Run, t *audit.Token) bool {
	return slices.ContainsFunc(run.Decisions, func(d audit.DecisionResult) bool {
		return d.Token == t && d.Decision.Kind == audit.Revoke &&
			(d.State == audit.DecisionUsed || d.State == audit.DecisionOverdue)
	})
}

// advice says what to do about a token, and the settings of the next one, if there may be one.
func (t *letterText) advice(part *letterPart, r *audit.Result, findings []*audit.Finding) {
	fate := fateOf(part.run, r.Token, findings)
	other := remedies(findings, func(m audit.Mending) bool { return m != audit.MendByReplacing })
	if toRevoke(part.run, r.Token) {
		other = slices.Insert(other, 0, "Delete it: that was decided.")
	}
	if len(other) > 0 {
		t.line("What to do:")
		for _, text := range other {
			_, _ = fmt.Fprintf(t.w, "- %s\n", MarkdownCell(text))
		}
		t.end()
	}
	switch fate {
	case asItIs:
		return
	case replaced:
		t.line("Settings for its replacement:")
	case deleted:
		t.line("Only if it is needed after all, settings for a new one:")
	}
	for _, text := range remedies(findings, func(m audit.Mending) bool {
		return m == audit.MendByReplacing
	}) {
		t.item("Change", text)
	}
	t.settings(part, r)
}

// remedies gives those of some kinds, in words to the owner, each once.
func remedies(findings []*audit.Finding, of func(audit.Mending) bool) (texts []string) {
	for _, f := range findings {
		rule := f.Rule.Rule
		text := rule.ToOwner
		if text == "" {
			text = rule.Remedy
		}
		if of(rule.Mending) && text != "" && !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	return texts
}

// settings go through GitHub's form for a new token, from top to bottom.
func (t *letterText) settings(part *letterPart, r *audit.Result) {
	t.item("Expiration", expiration(part, r))
	t.item("Resource owner", part.run.Organization.Login)
	t.reach(part.run, r.Token)
	if r.Token.Known.Has(audit.FactPermissions) {
		keep, drop := successor(r)
		t.sublist("Permissions, as far as the task needs them", formPermissions(keep))
		t.sublist("Permissions to leave out, or to choose less of, as said above",
			formPermissions(drop))
	} else {
		t.item("Permissions", "those that the task needs; what it has now is not known")
	}
	t.end()
}

// expiration says until when the next token may live.
func expiration(part *letterPart, r *audit.Result) string {
	limit := part.limit.of(r)
	if limit == 0 || part.run.AsOf.IsZero() {
		return "choose Custom, and a date that is no later than the task needs"
	}
	return fmt.Sprintf("at most %s: choose Custom, and a date up to %s", plural(limit, "day"),
		dayOf(part.run.AsOf.AddDate(0, 0, limit)))
}

// mostLetterListed is how many repositories of a token a letter names.
const mostLetterListed = 100

// reach says which repositories to choose, and lists those that the token reaches now.
func (t *letterText) reach(run *audit.Run, token *audit.Token) {
	const label, choose = "Repository access", "Only select repositories"
	listed := token.Selection == audit.SelectSubset && token.Known.Has(audit.FactRepositories)
	switch {
	case token.Selection == audit.SelectNone:
		t.item(label, "Public repositories, as now")
		return
	case !listed:
		t.item(label, choose+", those that the task needs; it reaches now: "+
			reachText(run, token, mostLetterListed))
		return
	}
	names := make([]string, 0, len(token.Repositories))
	for i, repository := range token.Repositories {
		if i == mostLetterListed {
			names = append(names, fmt.Sprintf("and %d more", len(token.Repositories)-i))
			break
		}
		names = append(names, repository.Name)
	}
	t.item(label, fmt.Sprintf("%s, those that the task needs of the %s that it reaches now", choose,
		plural(len(token.Repositories), "repository")))
	t.sublist("Reached now", names)
}
