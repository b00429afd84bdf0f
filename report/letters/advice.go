// SPDX-License-Identifier: Apache-2.0

package letters

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/words"
)

// What the reader of a letter is to do, in the words of GitHub's pages.

// fate is what is to become of a token.
type fate uint8

const (
	unchanged fate = iota // the remedies are elsewhere
	replaced              // by one with other settings
	deleted               // for good
)

// fateOf returns the strongest that the findings, and people, ask for.
func fateOf(run *audit.Run, t *audit.Token, findings []*audit.Finding) fate {
	worst := unchanged
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

// advice writes what to do about a token, and the settings of the next one, if there may be one.
func (t *writer) advice(part *part, r *audit.Result, findings []*audit.Finding) {
	fate := fateOf(part.run, r.Token, findings)
	other := remedies(findings, func(m audit.Mending) bool {
		return m == audit.MendByDeleting || m == audit.MendElsewhere
	})
	if toRevoke(part.run, r.Token) {
		other = slices.Insert(other, 0, "Delete it: that was decided.")
	}
	if len(other) > 0 {
		t.line("What to do:")
		for _, text := range other {
			_, _ = fmt.Fprintf(t.w, "- %s\n", safe.Markdown(text))
		}
		t.end()
	}
	form := words.FormsOf(part.run, r)
	switch {
	case fate == unchanged && form.Tokens == 0:
		return
	case fate == deleted:
		t.line("Only if it is needed after all, settings for %s:", newOnes(form.Tokens))
	case fate == unchanged:
		t.line("If it can do without, settings for its replacement:")
	case form.Tokens > 1:
		t.line("Settings for %d tokens in its place, each with a name of its own, as far as the task "+
			"needs each:", form.Tokens)
	default:
		t.line("Settings for its replacement:")
	}
	open := slices.DeleteFunc(slices.Clone(findings), func(f *audit.Finding) bool {
		return words.MendedBySettings(r, f)
	})
	for _, text := range remedies(open, func(m audit.Mending) bool {
		return m == audit.MendByReplacing
	}) {
		t.item("Change", text)
	}
	if form.Tokens == 0 {
		t.item("Settings", "none were found that the policy accepts: ask the reviewers")
	}
	t.settings(&form)
	if t.prefill {
		t.prefilledForms(part.run, r)
	}
}

// newOnes returns the tokens that may come after one that is deleted.
func newOnes(n int) string {
	if n > 1 {
		return fmt.Sprintf("%d new ones", n)
	}
	return "a new one"
}

// remedies returns those of some kinds, in words to the owner, each once.
func remedies(findings []*audit.Finding, of func(audit.Mending) bool) (texts []string) {
	for _, f := range findings {
		rule := f.Rule.Rule
		text := cmp.Or(rule.ToOwner, rule.Remedy)
		if of(rule.Mending) && text != "" && !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	return texts
}

// settings are what to choose in GitHub's form.
func (t *writer) settings(form *words.Forms) {
	t.items(form.Shared)
	for i, settings := range form.Apart {
		t.end()
		t.line("Token %d:", i+1)
		t.items(settings)
	}
	if len(form.Apart) > 0 && len(form.LeftOut) > 0 {
		t.end()
		t.line("In none of them:")
	}
	t.items(form.LeftOut)
	t.end()
}

func (t *writer) items(settings []words.Setting) {
	for _, s := range settings {
		t.item(s.Label, s.Text)
		t.sublist(s.Label, s.List)
	}
}
