// SPDX-License-Identifier: Apache-2.0

package show

import (
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
	w io.Writer, run *audit.Run, match func(*audit.Result) bool, lives map[int64]*Life, v view.View,
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
	kind := fmt.Sprintf("grant %d", t.ID)
	if r.Request != nil {
		kind = fmt.Sprintf("pending request %d", t.ID)
	}
	if t.TokenID != 0 {
		kind = fmt.Sprintf("token %d, %s", t.TokenID, kind)
	}
	name := safe.Terminal(t.Name)
	if name == "" {
		name = "a token without a name"
	}
	p.Line(p.Heading(name, kind+", "+safe.Terminal(run.Organization.Login)))
	p.Blank()
	p.Say(screen.None, "OWNER", words.OwnerInFull(r), "")
	most := words.MostListed
	if v.Verbose || v.Only == view.OnlyAll {
		most = len(t.Repositories)
	}
	p.Say(screen.None, "REACHES", words.ReachInFull(run, t, most), "")
	label := "RIGHTS"
	for _, text := range words.Rights(t) {
		p.Say(screen.None, label, text, "")
		label = ""
	}
	if len(r.Gained) > 0 {
		p.Say(screen.Yellow, "GAINED", safe.Terminal(words.Gained(r, max(most, words.MostListed))), "")
	}
	p.Say(screen.None, "DATES", words.Dates(run, r), "")
	if r.Request != nil {
		p.Say(screen.None, "REASON", safe.Terminal(r.Request.Reason), "")
	}
	writeFindings(p, run, r, v)
	writeSettings(p, run, r)
	writeDecided(p, run, t)
	if r.Request != nil {
		if text := words.Denial(r, run.AsOf); text != "" {
			p.Blank()
			p.Say(screen.None, "DENIAL", text, "")
		}
	}
}

// writeNext writes what to type to record what is decided of a token.
func writeNext(p *screen.Page, deciding *view.Deciding, r *audit.Result) {
	lines, rules := deciding.Lines(r, words.Told(r.Findings))
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
// and names the rules that pass if everything was asked for.
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
	told := words.Told(all)
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

// writeSettings writes what to have in place of a token.
func writeSettings(p *screen.Page, run *audit.Run, r *audit.Result) {
	label := "SETTINGS"
	for _, text := range words.Settings(run, r) {
		if label != "" {
			p.Blank()
		}
		p.Say(screen.None, label, safe.Terminal(text), "")
		label = ""
	}
}

// writeDecided writes what people decided of a token.
func writeDecided(p *screen.Page, run *audit.Run, t *audit.Token) {
	label := "DECISIONS"
	for i := range run.Decisions {
		r := &run.Decisions[i]
		if r.Token == nil || r.Decision.TokenID != t.TokenID {
			continue
		}
		if label != "" {
			p.Blank()
		}
		text := string(r.State) + ": " + words.Decision(r)
		for _, more := range []string{r.Decision.Purpose, r.Decision.Reason} {
			if more != "" {
				text += "; " + safe.Terminal(more)
			}
		}
		p.Say(screen.None, label, text, "")
		label = ""
	}
}
