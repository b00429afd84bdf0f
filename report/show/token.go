// SPDX-License-Identifier: Apache-2.0

package show

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/screen"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// Token writes everything that is known of the tokens and the pending requests that match
// chooses; lives are what a history knows of tokens, by grant ID. It reports whether there was
// one; nothing is written otherwise.
func Token(
	w io.Writer, run *audit.Run, match func(*audit.Result) bool, lives map[int64]*audit.Life,
	v view.View,
) (found bool, err error) {
	p := screen.NewPage(w, &v)
	for r := range view.Both(run) {
		if !match(r) {
			continue
		}
		if found {
			p.Blank()
			p.Line(strings.Repeat("─", p.Width))
			p.Blank()
		}
		found = true
		Card(p, run, r, &v)
		if r.Request == nil {
			writeLife(p, r.Token, lives[r.Token.ID])
		}
		writeNext(p, v.Deciding[run], r)
	}
	return found, p.Flush()
}

// Card writes one token's page.
func Card(p *screen.Page, run *audit.Run, r *audit.Result, v *view.View) {
	t := r.Token
	name := cmp.Or(safe.Terminal(t.Name), "a token without a name")
	p.Line(p.Heading(name, words.IDs(r)+", "+safe.Terminal(run.Organization.Login)))
	p.Blank()
	p.Say(screen.None, "OWNER", words.OwnerInFull(r), "")
	most := words.MostListed
	if v.Verbose || v.Only == view.OnlyAll {
		most = len(t.Repositories)
	}
	p.Say(screen.None, "REACHES", words.ReachInFull(run, t, most), "")
	p.List("RIGHTS", words.Rights(t))
	if len(r.Gained) > 0 {
		p.Say(screen.Yellow, "GAINED", safe.Terminal(words.Gained(r, max(most, words.MostListed))), "")
	}
	p.Say(screen.None, "DATES", words.Dates(run, r), "")
	if r.Request != nil {
		p.Say(screen.None, "REASON", safe.Terminal(r.Request.Reason), "")
	}
	writeFindings(p, run, r, v)
	p.Section("SETTINGS", words.Settings(run, r))
	p.Section("DECISIONS", decisionsOf(run, t))
	if r.Request != nil {
		if text := words.Denial(r, run.AsOf); text != "" {
			p.Section("DENIAL", []string{text})
		}
	}
}

// writeNext writes what to type to record what is decided of a token.
func writeNext(p *screen.Page, deciding *view.Deciding, r *audit.Result) {
	lines, rules := deciding.Lines(r, words.Notable(r.Findings))
	if len(lines) == 0 {
		return
	}
	p.Blank()
	if len(rules) > 0 {
		p.Hints(lines[:1])
		p.Hang(screen.Dim, "", "likewise: --rule "+safe.List(rules, "or"), "", screen.HintIndent)
		lines = lines[1:]
	}
	p.Hints(lines)
}

// writeFindings writes the failing ones, the worst first, what was waived and what is not known;
// and lists the rules that pass if everything was asked for.
func writeFindings(p *screen.Page, run *audit.Run, r *audit.Result, v *view.View) {
	p.Blank()
	var passed []string
	all := r.Findings
	if v.Only == view.OnlyAll || v.Verbose {
		all = r.All()
	}
	for _, f := range all {
		if f.Status == audit.Pass {
			passed = append(passed, f.Rule.Rule.ID)
		}
	}
	told := words.Notable(all)
	for _, f := range told {
		writeFinding(p, run, f, r.Token)
	}
	if len(told) == 0 {
		p.Say(screen.Green, "FINDINGS", "none: every rule that was asked passes or does not apply", "")
	}
	if v.Only == view.OnlyAll || v.Verbose {
		p.Say(screen.Dim, "PASSED", safe.Terminal(strings.Join(passed, ", ")), "")
	}
}

// decisionsOf returns what people decided of a token.
func decisionsOf(run *audit.Run, t *audit.Token) (texts []string) {
	for i := range run.Decisions {
		r := &run.Decisions[i]
		if r.Token == nil || r.Decision.TokenID != t.TokenID {
			continue
		}
		texts = append(texts, safe.Join("; ", string(r.State)+": "+words.Decision(r),
			safe.Terminal(r.Decision.Purpose), safe.Terminal(r.Decision.Reason)))
	}
	return texts
}

// writeFinding writes one in full: what, what it rests on, what people accepted of it, and the
// remedy.
func writeFinding(p *screen.Page, run *audit.Run, f *audit.Finding, t *audit.Token) {
	label := f.Severity.String()
	switch {
	case f.Status == audit.Waived:
		label = "waived"
	case f.Status == audit.Indeterminate:
		label = view.Unknown
	case f.InBaseline:
		label = view.DebtLabel
	}
	p.Say(screen.SeverityColor(label), label,
		safe.Terminal(words.Age(run, f)+f.Rule.Rule.ID+": "+f.Message), "")
	add := func(what, text string) {
		if text != "" {
			p.Say(screen.None, "", safe.Terminal(what+": "+text), "")
		}
	}
	add("rests on", strings.Join(f.Basis, ", "))
	for _, note := range words.Notes(f, t) {
		add(note.Label, note.Text)
	}
	if f.Status == audit.Fail {
		add("remedy", f.Rule.Rule.Remedy)
	}
}

// writeLife writes what one token gained and lost over time, and when its expiry changed.
func writeLife(p *screen.Page, t *audit.Token, life *audit.Life) {
	if life == nil {
		return
	}
	p.Blank()
	p.Say(screen.None, "OVER TIME", lifeText(t, life), "")
	tokens := life.Tokens()
	for i := 1; i < len(tokens); i++ {
		before, now := tokens[i-1], tokens[i]
		grown := func(verb string, from, to *audit.Token) string {
			names := audit.GrownNames(audit.Grown(from, to))
			return safe.Around(verb, words.Few(names, words.MostListed), "")
		}
		changes := safe.Join("; ", grown("gained ", before, now), grown("lost ", now, before))
		if changes != "" {
			p.Say(screen.None, "", fmt.Sprintf("%s (run %d): %s", view.DayOf(life.States[i].At),
				life.States[i].Run, safe.Terminal(changes)), "")
		}
	}
}

func lifeText(t *audit.Token, life *audit.Life) string {
	text := fmt.Sprintf("grant %d: first seen %s", t.ID, view.DayOf(life.FirstSeen))
	if !life.ToldSince.IsZero() && life.ToldSince.After(life.FirstSeen) {
		expiry := "it has no expiry"
		if !life.ExpiresAt.IsZero() {
			expiry = "it expires " + view.DayOf(life.ExpiresAt)
		}
		text += fmt.Sprintf("; since %s %s", view.DayOf(life.ToldSince), expiry)
	}
	return text + view.On("; gone since ", life.GoneAt)
}
