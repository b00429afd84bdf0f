// SPDX-License-Identifier: Apache-2.0

package view

import (
	"slices"
	"strconv"
	"strings"

	"github.com/complytime/pataudit/audit"
)

// What stands in place of what only a person can fill in. pataudit decide refuses these words.
const (
	Who     = "LOGIN"
	Why     = "WHY"
	Purpose = "PURPOSE"
)

// Deciding is how what is decided of a run's tokens is recorded: pataudit decide, with the flags
// of the run. Its lines hold ids alone, never names. Nothing can be decided by nil.
type Deciding struct {
	program string
	flags   []string // what was judged, and by which files
	access  []string // how GitHub is reached from this machine

	identity func(*audit.Token) audit.Identity // of each of the run's tokens
}

// NewDeciding returns how tokens of a run are decided, by a program that is typed so. Access are
// flags that are good on this machine alone. It returns nil if one of the words cannot be typed.
func NewDeciding(run *audit.Run, program string, flags, access []string) *Deciding {
	if len(Hint{Words: slices.Concat([]string{program}, flags, access)}.Lines(0)) == 0 {
		return nil
	}
	return &Deciding{program: program, flags: flags, access: access, identity: run.Identities()}
}

// Elsewhere returns what can be read in other places, too: without what only this machine knows.
func (d *Deciding) Elsewhere() *Deciding {
	if d == nil {
		return nil
	}
	other := *d
	other.program, other.access = "pataudit", nil
	return &other
}

// Waive returns the command that accepts a finding, and true; false if it cannot be accepted, or
// need not.
func (d *Deciding) Waive(r *audit.Result, f *audit.Finding) (Hint, bool) {
	if !d.may(r) || f == nil || f.Status != audit.Fail || !f.Acceptable() ||
		f.RestsOnRepositories() && !reaches(r.Token) {
		return Hint{}, false
	}
	return d.line(r.Token, audit.Waive, "--rule", f.Rule.Rule.ID), true
}

// Lines returns the commands of what can be decided of a token: to accept the worst of its
// findings that can be accepted, and to have it reduced, revoked or kept; and the rules of the
// other findings that can be accepted likewise. The findings are those of the token, the worst
// first.
func (d *Deciding) Lines(
	r *audit.Result, findings []*audit.Finding,
) (lines []Hint, rules []string) {
	kinds, rules := d.Kinds(r, findings)
	for _, kind := range kinds {
		if kind == audit.Waive {
			lines, rules = append(lines, d.line(r.Token, kind, "--rule", rules[0])), rules[1:]
		} else {
			lines = append(lines, d.line(r.Token, kind))
		}
	}
	return lines, rules
}

// Kinds returns of what kinds the commands of a token are, in the order of [Deciding.Lines]; and
// the rules of the findings that can be accepted.
func (d *Deciding) Kinds(
	r *audit.Result, findings []*audit.Finding,
) (kinds, rules []string) {
	if !d.may(r) {
		return nil, nil
	}
	reducible := false
	for _, f := range findings {
		if _, acceptable := d.Waive(r, f); acceptable {
			rules = append(rules, f.Rule.Rule.ID)
		}
		reducible = reducible || f.Status == audit.Fail && len(audit.Reductions(f)) > 0
	}
	if len(rules) > 0 {
		kinds = append(kinds, audit.Waive)
	}
	if reducible && r.Token.Known.Has(audit.FactPermissions) && reaches(r.Token) {
		kinds = append(kinds, audit.Reduce)
	}
	return append(kinds, audit.Revoke, audit.Keep), rules
}

// Ends returns the texts around a token's id and a kind in a command: it is the first, the id, the
// kind, of a waiver " --rule " and the rule's id, and the last. A page that holds many commands
// can keep these once.
func (d *Deciding) Ends(kind string) (before, after string) {
	if d == nil {
		return "", ""
	}
	end := Hint{Words: append([]string{"x"}, d.tail(kind)...)}.String()
	return ShellWord(d.program) + " decide ", strings.TrimPrefix(end, "x")
}

// DecideLabels are what a command of each kind is good for.
var DecideLabels = map[string]string{
	audit.Waive: "Accept a finding", audit.Reduce: "Have it reduced",
	audit.Revoke: "Have it revoked", audit.Keep: "Keep it",
}

// may reports whether something can be decided of a token: decisions are bound to its id and its
// owner's.
func (d *Deciding) may(r *audit.Result) bool {
	t := r.Token
	return d != nil && r.Request == nil && d.identity(t).TokenID() > 0 &&
		t.Owner != nil && t.Owner.ID > 0
}

// reaches reports whether it is known which repositories a token reaches, as decisions are bound
// to them. It is asked of a report that was read back, too, which has no ids of repositories.
func reaches(t *audit.Token) bool {
	return t.Known.Has(audit.FactSelection) && (t.Selection != audit.SelectSubset || HasList(t))
}

// line returns a command about a token.
func (d *Deciding) line(t *audit.Token, kind string, more ...string) Hint {
	words := []string{d.program, "decide", strconv.FormatInt(t.TokenID, 10), kind}
	return Hint{For: DecideLabels[kind], Words: slices.Concat(words, more, d.tail(kind))}
}

// tail returns how a command ends: with what a person has to fill in.
func (d *Deciding) tail(kind string) []string {
	said := []string{"--by", Who, "--reason", Why}
	if kind == audit.Keep {
		said = []string{"--by", Who, "--purpose", Purpose}
	}
	return slices.Concat(d.flags, d.access, said)
}
