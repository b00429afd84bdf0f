// SPDX-License-Identifier: Apache-2.0

package html

import (
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// How what is decided of a token is recorded: lines to paste into a shell. A page may hold many
// thousand of them, so that what they have in common is in it once.

// decideTexts are the parts of such lines: each is the first, the token's id, a kind, for a waiver
// " --rule " and the rule's id, and the last of its kind.
type decideTexts struct {
	Before string            `json:"before"`
	After  map[string]string `json:"after"`  // by kind
	Labels map[string]string `json:"labels"` // what a line of the kind is good for
}

// decideLine is one line, and what it is good for.
type decideLine struct{ Label, Text string }

// line returns a line about a token; the rule is that of a waiver.
func (d *decideTexts) line(key, kind, rule string) decideLine {
	text := d.Before + key + " " + kind
	if kind == audit.Waive {
		text += " --rule " + rule
	}
	return decideLine{d.Labels[kind], text + d.After[kind]}
}

// decide adds to a token what can be decided of it, and to the texts how.
func (b *block) decide(h *listedToken, r *audit.Result, findings []*audit.Finding) {
	h.decide = b.decideTexts
	kinds, _ := b.deciding.Kinds(r, words.Notable(findings))
	for _, kind := range kinds {
		if kind == audit.Waive && len(h.acceptable()) == 0 {
			continue
		}
		h.Kinds, h.TokenID = append(h.Kinds, kind), view.TokenID(r.Token)
		if h.decide.Labels[kind] == "" {
			h.decide.Labels[kind] = view.DecideLabels[kind]
			h.decide.Before, h.decide.After[kind] = b.deciding.Ends(kind)
		}
	}
}

// Lines returns what to type to record what is decided of the token: of findings, to accept the
// worst of those that can be.
func (h *listedToken) Lines() (lines []decideLine) {
	rules := h.acceptable()
	for _, kind := range h.Kinds {
		rule := ""
		if kind == audit.Waive {
			rule = rules[0]
		}
		lines = append(lines, h.decide.line(h.TokenID, kind, rule))
	}
	return lines
}

// Likewise lists the rules of the other findings that can be accepted; "" if there are none.
func (h *listedToken) Likewise() string {
	if rules := h.acceptable(); len(rules) > 1 {
		return strings.Join(rules[1:], ", ")
	}
	return ""
}

// acceptable returns the rules of the findings that can be accepted.
func (h *listedToken) acceptable() (rules []string) {
	for i := range h.Findings {
		if f := &h.Findings[i]; f.Waive {
			rules = append(rules, f.Rule)
		}
	}
	return rules
}
