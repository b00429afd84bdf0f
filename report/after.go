// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"strings"

	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/words"
)

// What comes after the rows of the table: the other tokens, what is due, what to type next.

// others accounts for the tokens that have no row: with the rows they add up to all tokens.
func (b *block) others() {
	if text := words.Others(b.Part); text != "" {
		b.say(sgrNone, "OTHERS", text, "")
	}
}

func (b *block) overdue() {
	if text := words.Overdue(b.Part); text != "" {
		b.say(sgrYellow, "OVERDUE", text, "")
	}
}

func (b *block) expiring() {
	var names []string
	for i, t := range b.Figures.Expiring {
		if i == words.MostNames {
			names = append(names, fmt.Sprintf("and %d more", len(b.Figures.Expiring)-i))
			break
		}
		names = append(names, fmt.Sprintf("%s (%s, %s)", words.ShortName(t), words.OwnerLogin(t),
			words.ExpiresText(t, b.Run.AsOf)))
	}
	if len(names) > 0 {
		b.say(sgrNone, "EXPIRING", "in use, within 14 days: "+strings.Join(names, ", "), "")
	}
}

// foot names the policy that was applied.
func (b *block) foot() {
	b.line(safe.Spread(" "+words.Policy(b.Part), "confidential: personal data", b.width))
	if by := words.Ratified(b.Run.Policy.Ratified); by != "" {
		b.line(" " + safe.Truncate(safe.Terminal(by), b.width-1))
	}
}
