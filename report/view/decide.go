// SPDX-License-Identifier: Apache-2.0

package view

import (
	"slices"
	"strconv"
	"strings"

	"github.com/complytime/pataudit/audit"
)

// What stands in the place of the words that only a person can give. pataudit decide refuses them.
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
	return d.line(r.Token, "Accept a finding", audit.Waive, "--rule", f.Rule.Rule.ID), true
}

// Lines returns the commands of what can be decided of a token: to accept the worst of its
// findings that can be accepted, and to have it reduced, revoked or kept; and the rules of the
// other findings that can be accepted likewise. The findings are those of the token, the worst
// first.
func (d *Deciding) Lines(
	r *audit.Result, findings []*audit.Finding,
) (lines []Hint, rules []string) {
	if !d.may(r) {
		return nil, nil
	}
	reducible := false
	for _, f := range findings {
		line, acceptable := d.Waive(r, f)
		switch {
		case acceptable && len(lines) == 0:
			lines = append(lines, line)
		case acceptable:
			rules = append(rules, f.Rule.Rule.ID)
		}
		reducible = reducible || f.Status == audit.Fail && len(audit.Reductions(f)) > 0
	}
	t := r.Token
	if reducible && t.Known.Has(audit.FactPermissions) && reaches(t) {
		lines = append(lines, d.line(t, "Have it reduced", audit.Reduce))
	}
	lines = append(lines, d.line(t, "Have it revoked", audit.Revoke))
	lines = append(lines, d.line(t, "Keep it", audit.Keep))
	return lines, rules
}

// Ends returns the texts around the ids in the lines of [Deciding.Waive]: each is the first, the
// token's id, " waive --rule ", the rule's id, and the last. A page that holds many lines can keep
// these once.
func (d *Deciding) Ends() (before, after string) {
	if d == nil {
		return "", ""
	}
	return ShellWord(d.program) + " decide ", strings.TrimPrefix(Hint{Words: append([]string{"x"},
		d.tail(audit.Waive)...)}.String(), "x")
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
	return t.Known.Has(audit.FactSelection) &&
		(t.Selection != audit.SelectSubset || t.Known.Has(audit.FactRepositories))
}

// line returns a command about a token.
func (d *Deciding) line(t *audit.Token, what, kind string, more ...string) Hint {
	words := []string{d.program, "decide", strconv.FormatInt(t.TokenID, 10), kind}
	return Hint{For: what, Words: slices.Concat(words, more, d.tail(kind))}
}

// tail returns how a command ends: with what a person has to fill in.
func (d *Deciding) tail(kind string) []string {
	said := []string{"--by", Who, "--reason", Why}
	if kind == audit.Keep {
		said = []string{"--by", Who, "--purpose", Purpose}
	}
	return slices.Concat(d.flags, d.access, said)
}
