// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/complytime/pataudit/audit"
)

// changed is a token whose findings differ, with what differs.
type changed struct {
	token    *audit.Token
	old, new audit.Severity // of the worst failing finding
	changes  []audit.Change
}

// course tells where a token's changes lead.
type course uint8

const (
	otherwise course = iota
	forBetter
	forBoth // counted as for the worse
	forWorse
)

var courseLabels = [...]string{"changed", "better", "mixed", "worse"}

func (c *changed) course() course {
	worse, better := false, false
	for i := range c.changes {
		worse = worse || c.changes[i].Worse()
		better = better || c.changes[i].Better()
	}
	switch {
	case worse && better:
		return forBoth
	case worse:
		return forWorse
	case better:
		return forBetter
	}
	return otherwise
}

// tells reports whether a change is about a finding that says something: a rule that passes and
// one that is not asked are the same to the reader.
func tells(c *audit.Change) bool {
	silent := func(f *audit.Finding) bool {
		return f == nil || f.Status == audit.Pass || f.Status == audit.NotApplicable
	}
	return !silent(c.Old) || !silent(c.New)
}

// compareChanged puts the worst first.
func compareChanged(a, b *changed) int {
	return cmp.Or(cmp.Compare(b.course(), a.course()), cmp.Compare(b.new, a.new),
		cmp.Compare(b.old, a.old), cmp.Compare(a.token.ID, b.token.ID))
}

// changedBy is what changes for one owner; the worst token first.
type changedBy struct {
	login  string // "" if the owner is not known
	tokens []*changed
}

// byOwner groups changes, which come by token: the owner with the worst one first.
func byOwner(changes iter.Seq[audit.Change]) []*changedBy {
	owners := map[int64]*changedBy{}
	var order []*changedBy
	var last *changed
	for c := range changes {
		if !tells(&c) {
			continue
		}
		if last != nil && last.token == c.Token {
			last.changes = append(last.changes, c)
			continue
		}
		last = &changed{c.Token, c.OldSeverity, c.NewSeverity, []audit.Change{c}}
		id, login := int64(0), ""
		if o := c.Token.Owner; o != nil {
			id, login = o.ID, o.Login
		}
		if owners[id] == nil {
			owners[id] = &changedBy{login: login}
			order = append(order, owners[id])
		}
		owners[id].tokens = append(owners[id].tokens, last)
	}
	for _, o := range order {
		slices.SortFunc(o.tokens, compareChanged)
	}
	slices.SortFunc(order, func(a, b *changedBy) int {
		return compareChanged(a.tokens[0], b.tokens[0])
	})
	return order
}

// totals counts the tokens of groups by where their changes lead.
type totals struct{ tokens, owners, worse, better int }

func totalsOf(groups []*changedBy) (t totals) {
	t.owners = len(groups)
	for _, g := range groups {
		for _, c := range g.tokens {
			t.tokens++
			switch c.course() {
			case forWorse, forBoth:
				t.worse++
			case forBetter:
				t.better++
			default: // neither
			}
		}
	}
	return t
}

// Changes shows the tokens whose findings differ between two runs, by owner, the worst first, and
// then how many there are.
func Changes(w io.Writer, changes iter.Seq[audit.Change], v View) error {
	p := newPage(w, &v)
	groups := byOwner(changes)
	for _, g := range groups {
		login := Terminal(g.login)
		if login == "" {
			login = "owner not known"
		}
		p.line(p.headed(login, plural(len(g.tokens), "token")))
		for _, c := range g.tokens {
			p.changed(c)
		}
		p.blank()
	}
	t := totalsOf(groups)
	if t.tokens == 0 {
		p.line("no finding changes")
		return p.w.Flush()
	}
	verb := "change"
	if t.tokens == 1 {
		verb = "changes"
	}
	p.line(truncate(fmt.Sprintf("%s of %s %s: %d for the worse, %d for the better, %d otherwise",
		plural(t.tokens, "token"), plural(t.owners, "owner"), verb, t.worse, t.better,
		t.tokens-t.worse-t.better), p.width))
	return p.w.Flush()
}

// changed is a token's line, and one for each finding.
func (p *page) changed(c *changed) {
	label, sgr := courseLabels[c.course()], sgrNone
	switch c.course() {
	case forWorse, forBoth:
		sgr = colorOf(c.new.String())
	case forBetter:
		sgr = sgrGreen
	default: // neither
	}
	severity := fmt.Sprintf("%s, was %s", c.new, c.old)
	if c.new == c.old {
		severity = fmt.Sprintf("%s, as before", c.new)
	}
	name := Terminal(c.token.Name)
	if name == "" {
		name = fmt.Sprintf("grant %d", c.token.ID)
	}
	p.say(sgr, label, name+": "+severity, "")
	for i := range c.changes {
		p.hang(sgrNone, "", Terminal(changeText(&c.changes[i])), "", labelled+2)
	}
}

// changeText says what becomes of a finding: "long-expiration: medium, was pass: over 30 days".
func changeText(c *audit.Change) string {
	rule := c.New
	if rule == nil {
		rule = c.Old
	}
	now, was := answer(c.New), answer(c.Old)
	text := rule.Rule.Rule.ID + ": " + now + ", was " + was
	if now == was {
		text = rule.Rule.Rule.ID + ": " + now + ", rests on something else"
	}
	if c.New != nil && c.New.Message != "" {
		text += ": " + c.New.Message
	}
	return text
}

// answer is a finding's severity if it fails, or what else the rule says.
func answer(f *audit.Finding) string {
	switch {
	case f == nil:
		return "not asked"
	case f.Status == audit.Fail:
		return f.Severity.String()
	}
	return strings.ReplaceAll(f.Status.String(), "_", " ")
}

type (
	wireChanges struct {
		Version int                `json:"version"`
		Summary wireChangesSummary `json:"summary"`
		Tokens  []wireChanged      `json:"tokens"`
	}

	wireChangesSummary struct {
		Tokens int `json:"tokens"`
		Owners int `json:"owners"`
		Worse  int `json:"worse"`
		Better int `json:"better"`
	}

	wireChanged struct {
		ID          int64        `json:"id"`
		TokenID     *int64       `json:"token_id"`
		Name        string       `json:"name"`
		Owner       *wireOwner   `json:"owner"`
		OldSeverity *string      `json:"old_severity"`
		NewSeverity *string      `json:"new_severity"`
		Changes     []wireChange `json:"changes"`
	}

	wireChange struct {
		Rule  string       `json:"rule"`
		Worse bool         `json:"worse"`
		Old   *wireFinding `json:"old"`
		New   *wireFinding `json:"new"`
	}
)

// ChangesJSON writes the same for machines, in the same order.
func ChangesJSON(w io.Writer, changes iter.Seq[audit.Change]) error {
	groups := byOwner(changes)
	t := totalsOf(groups)
	wire := wireChanges{
		Version: jsonVersion,
		Summary: wireChangesSummary{t.tokens, t.owners, t.worse, t.better},
	}
	for _, g := range groups {
		for _, c := range g.tokens {
			wire.Tokens = append(wire.Tokens, wireChangedOf(c))
		}
	}
	j := newJSON(w)
	j.value(wire)
	return j.err
}

func wireChangedOf(c *changed) wireChanged {
	wire := wireChanged{
		ID: c.token.ID, TokenID: orNull(c.token.TokenID), Name: c.token.Name,
		Owner:       wireOwnerOf(c.token),
		OldSeverity: wireSeverityOf(c.old), NewSeverity: wireSeverityOf(c.new),
	}
	for i := range c.changes {
		change := wireChange{Worse: c.changes[i].Worse()}
		if f := c.changes[i].Old; f != nil {
			old := wireFindingOf(f, c.token)
			change.Rule, change.Old = old.Rule, &old
		}
		if f := c.changes[i].New; f != nil {
			now := wireFindingOf(f, c.token)
			change.Rule, change.New = now.Rule, &now
		}
		wire.Changes = append(wire.Changes, change)
	}
	return wire
}
