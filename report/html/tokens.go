// SPDX-License-Identifier: Apache-2.0

package html

import (
	"cmp"
	"encoding/json"
	"fmt"
	"html/template"
	"math"
	"slices"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// mostName is how many columns of a name a row shows.
const mostName = 120

// tokenList is the list of tokens.
type tokenList struct {
	tokens   []*listedToken // the worst first
	shown    int            // that the view shows, listed or not
	expiries view.Expiries  // of all tokens
}

// listedToken is a row of the list, and all that a reader can open of it. The page's script reads
// it as JSON; its keys are the page's own affair.
type listedToken struct {
	Key          string          `json:"key"`      // see keyOf
	Severity     string          `json:"severity"` // one of labels
	Name         string          `json:"name"`
	Owner        string          `json:"owner"`
	Role         string          `json:"role"`
	Reach        string          `json:"reach"` // in words that several tokens share
	Repositories string          `json:"repositories"`
	Count        int             `json:"count"` // orders Repositories
	Rights       string          `json:"rights"`
	Power        int             `json:"power"` // orders Rights: the strongest first
	Granted      string          `json:"granted"`
	Expires      string          `json:"expires"`
	Used         string          `json:"used"`
	Why          string          `json:"why"`
	Rule         string          `json:"rule,omitempty"` // of Why
	More         string          `json:"more,omitempty"`
	Violates     bool            `json:"violates,omitempty"`
	Open         bool            `json:"open,omitempty"`
	Expiring     bool            `json:"expiring,omitempty"`
	Debt         bool            `json:"debt,omitempty"`
	Mark         string          `json:"mark,omitempty"` // see markOf
	Overdue      bool            `json:"overdue,omitempty"`
	Changes      []string        `json:"changes,omitempty"`
	Facts        [][]string      `json:"facts"` // lines, in the order of factLabels
	Findings     []listedFinding `json:"findings"`
	Kinds        []string        `json:"kinds,omitempty"` // what can be decided of it
	TokenID      string          `json:"id,omitempty"`    // by which it is decided

	ID     string       `json:"-"` // of its place in the page, made of ids; "" if there is none
	decide *decideTexts // of all tokens
}

// listedFinding is one thing to know of a token.
type listedFinding struct {
	Rule  string      `json:"rule"`
	Level string      `json:"level"` // a severity, "waived" or "unknown"
	Text  string      `json:"text"`
	Basis string      `json:"basis,omitempty"` // what it rests on beside its text, as waivers name it
	Notes [][2]string `json:"notes,omitempty"`
	Tag   string      `json:"tag,omitempty"`   // "new", or that it is accepted
	Waive bool        `json:"waive,omitempty"` // it can be accepted

	Explained bool   `json:"-"` // the page has a part on the rule
	Title     string `json:"-"` // the script has it once per rule, as it has the remedy
	Remedy    string `json:"-"`
}

// list returns the worst tokens that the view shows; all that a page has of a hundred thousand
// would not fit into memory.
func (b *block) list(most int) *tokenList {
	list := &tokenList{expiries: view.NewExpiries(b.Run.AsOf)}
	for r := range b.Run.Results() {
		list.expiries.Add(r.Token)
	}
	decisions := decisionsByToken(b.Run)
	for r := range view.WorstFirst(b.Run, &b.Doc.View) {
		if list.shown++; list.shown <= most {
			list.tokens = append(list.tokens, b.token(r, decisions[r.Token]))
		}
	}
	return list
}

// keyOf returns what identifies a token on the page and in its address, by its identity; where
// several of the run's grants have its id, by its grant.
func keyOf(t *audit.Token, grants map[int64]int) string {
	if grants[t.TokenID] > 1 {
		return "grant:" + view.GrantID(t)
	}
	return t.Identity().String()
}

// fitting returns as many of the tokens as find room in so many bytes of the page's data.
func fitting(tokens []*listedToken, room int) []*listedToken {
	for i, token := range tokens {
		text, err := json.Marshal(token) // as the template writes it
		if room -= len(text); err != nil || room < 0 && i >= leastTokens {
			return tokens[:i]
		}
	}
	return tokens
}

// decisionsByToken returns what was decided of each token.
func decisionsByToken(run *audit.Run) map[*audit.Token][]string {
	told := map[*audit.Token][]string{}
	for i := range run.Decisions {
		if d := &run.Decisions[i]; d.Token != nil {
			told[d.Token] = append(told[d.Token],
				safe.HTMLText(string(d.State)+": "+words.Decision(d)+"; "+d.Decision.Reason))
		}
	}
	return told
}

func (b *block) token(r *audit.Result, decisions []string) *listedToken {
	t := r.Token
	findings, _ := b.Doc.View.Choose(r)
	w := words.RowOf(b.Part, r, findings)
	s := w.Standing
	h := &listedToken{
		Key: keyOf(t, b.grants), Severity: w.Label(),
		Name: safe.Truncate(w.Token, mostName), Owner: safe.Truncate(w.Owner, mostName),
		Role: safe.HTMLText(words.Role(t)), Repositories: w.Repositories,
		Granted: view.Granted(t).Day(),
		Expires: view.Expires(t).Day(),
		Used:    view.LastUsed(t).Day(),
		Why:     safe.HTMLText(w.Age + w.Why), Rule: safe.HTMLText(w.Rule), More: w.More,
		Mark: w.Mark, Overdue: view.Overdue(r) > 0, Changes: changesOf(b.Run, r),
		Violates: s == view.Violates, Open: s == view.Open, Expiring: view.ExpiresSoon(t, b.Run.AsOf),
		Debt:  s == view.Indebted,
		Facts: b.facts(r, findings, decisions), Findings: b.findings(findings, r),
	}
	b.decide(h, r, findings)
	if h.Repositories == "?" {
		h.Repositories = view.Unknown
	}
	h.Reach, h.Count = reachOf(t)
	h.Rights, h.Power = strongest(t)
	return h
}

// Address leads to where the page has the token: its ID is made of ids alone.
func (h *listedToken) Address() template.URL { return template.URL("#" + h.ID) }

// reachOf returns in few words what a token reaches, and in a number how much.
func reachOf(t *audit.Token) (words string, n int) {
	switch {
	case t.Selection == audit.SelectAll:
		return "all repositories", math.MaxInt32
	case t.Selection == audit.SelectNone:
		return "public only", 0
	case view.HasList(t):
		return "selected repositories", len(t.Repositories)
	case t.Selection == audit.SelectSubset:
		return "selected repositories", -1
	}
	return view.Unknown, -1
}

// weakest is the power of a token without permissions: below every level.
const weakest = 9

// strongest returns a token's strongest permission, with how many are as strong, and its place.
func strongest(t *audit.Token) (text string, power int) {
	if !t.Known.Has(audit.FactPermissions) {
		return view.Unknown, -1
	}
	if len(t.Permissions) == 0 {
		return "none", weakest
	}
	first := slices.MinFunc(t.Permissions, func(a, b audit.Permission) int {
		return cmp.Or(
			cmp.Compare(words.Strength(a.Level), words.Strength(b.Level)),
			cmp.Compare(a.Group, b.Group), words.CompareRights(a, b),
		)
	})
	power = words.Strength(first.Level)
	others := -1
	for _, p := range t.Permissions {
		if words.Strength(p.Level) == power {
			others++
		}
	}
	text = safe.Truncate(safe.Terminal(first.Name+":"+first.Level), mostName)
	if others > 0 {
		text += fmt.Sprintf(" +%d", others)
	}
	return text, power
}
