// SPDX-License-Identifier: Apache-2.0

package show

import (
	"cmp"
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
