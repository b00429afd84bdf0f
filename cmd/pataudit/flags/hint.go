// SPDX-License-Identifier: Apache-2.0

package flags

import (
	"slices"
	"strconv"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/rules"
	"github.com/complytime/pataudit/cmd/pataudit/records"
	"github.com/complytime/pataudit/report/view"
)

// Hints returns what to type next about each run of a document, and of nil about all of it.
// numbers are those of the runs in the history.
func (a *Invocation) Hints(
	d *view.Document, numbers map[*audit.Run]int64,
) map[*audit.Run][]view.Hint {
	hints := map[*audit.Run][]view.Hint{}
	if d.Pseudonymised {
		return hints
	}
	single := !d.Several && len(d.Runs) == 1 && len(d.Failed) == 0
	for _, run := range d.Runs {
		token, rule := d.Foremost(run)
		of := &hinted{Invocation: a, run: run, number: numbers[run]}
		if token != nil {
			of.add("Explain one token", of.show(token))
		}
		if known := slices.ContainsFunc(rules.All, func(r *audit.Rule) bool {
			return r.ID == rule
		}); known {
			of.add("Explain a rule", a.Line([]string{"rules", rule}, "policy", "set"))
		}
		if a.Root == nil {
			hints[run] = of.hints
			continue
		}
		if !run.Complete && LoginForm.MatchString(run.Organization.Login) {
			of.add("What the App must see", of.setup())
		}
		if single {
			of.whole(&d.View)
		}
		hints[run] = of.hints
	}
	if a.Command != nil && !single {
		hints[nil] = []view.Hint{{For: fileForPeople, Words: a.file()}}
	}
	return hints
}

// fileForPeople is what a hint is good for that makes a workbook.
const fileForPeople = "A file for people"

// hinted collects the hints about one run.
type hinted struct {
	*Invocation
	run    *audit.Run
	number int64 // in the history; 0: in none
	hints  []view.Hint
}

func (h *hinted) add(what string, words []string) {
	if words != nil {
		h.hints = append(h.hints, view.Hint{For: what, Words: words})
	}
}

// whole adds the hints that are about the one run of a report.
func (h *hinted) whole(v *view.View) {
	if h.Command != nil {
		h.add(fileForPeople, h.file(h.dated()...))
	}
	if h.run.Summary.Violating > 0 && h.run.Debt == nil && !h.ReadBack {
		h.add("Fail only on what is new",
			h.about([]string{"baseline", "create", "-o", "baseline.yaml"}))
	}
	if h.number != 0 && h.run.Since != nil && h.run.Since.Run != 0 {
		h.add("What changed", h.Line([]string{
			"diff", records.RunPrefix + strconv.FormatInt(h.run.Since.Run, 10),
			records.RunPrefix + strconv.FormatInt(h.number, 10),
		}, "history"))
	}
	if h.Command != nil && !h.ReadBack && v.Only != view.OnlyAll {
		all := *h.Invocation
		all.given = slices.Clone(h.given)
		all.Without("only")
		h.add("Every token", append(all.Line(h.Command), append(h.dated(), "--only", "all")...))
	}
}

// show returns the command that explains a token: as it is stored, else by the evidence.
func (h *hinted) show(token *audit.Token) []string {
	words := []string{"show", "token", token.Identity().String()}
	switch {
	case h.Root == nil:
		return h.Line(words)
	case h.number != 0:
		return h.Line(append(words, "--run", strconv.FormatInt(h.number, 10)), "history")
	}
	return h.about(words)
}

// about returns a command on what was judged; nil if it is gone, as standard input is.
func (h *hinted) about(words []string) []string {
	switch {
	case h.Live:
		words = append(words, "--organization", h.run.Organization.Login)
	case h.Evidence == nil:
		return nil
	}
	return append(h.Line(append(words, h.Evidence...)), h.dated()...)
}

// dated returns the instant at which evidence was judged that has none of its own.
func (h *hinted) dated() []string {
	if h.ReadBack || !h.run.CollectedAt.IsZero() || h.has("as-of") {
		return nil
	}
	return []string{"--as-of", h.run.AsOf.UTC().Format(time.RFC3339Nano)}
}

func (h *hinted) setup() []string {
	words := []string{"setup", h.run.Organization.Login}
	if h.has("audit-log", "classic") {
		words = append(words, "--enterprise")
	}
	return h.Line(words)
}

// file writes the report into a workbook.
func (a *Invocation) file(more ...string) []string {
	return append(append(a.Line(a.Command), more...), "-o", "audit.xlsx")
}
