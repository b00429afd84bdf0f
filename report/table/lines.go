// SPDX-License-Identifier: Apache-2.0

package table

import (
	"fmt"
	"strings"

	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/screen"
	"github.com/complytime/pataudit/report/words"
)

// What a labelled line says of a run: the other tokens, what is due, what changed, the debt.

// others accounts for the tokens that have no row: with the rows they add up to all tokens.
func (b *block) others() {
	if text := words.Others(b.Part); text != "" {
		b.Say(screen.None, "OTHERS", text, "")
	}
}

func (b *block) overdue() {
	if text := words.Overdue(b.Part); text != "" {
		b.Say(screen.Yellow, "OVERDUE", text, "")
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
		b.Say(screen.None, "EXPIRING", "in use, within 14 days: "+strings.Join(names, ", "), "")
	}
}

// foot names the policy that was applied.
func (b *block) foot() {
	b.Line(safe.Spread(" "+words.Policy(b.Part), "confidential: personal data", b.Width))
	if by := words.Ratified(b.Run.Policy.Ratified); by != "" {
		b.Line(" " + safe.Truncate(safe.Terminal(by), b.Width-1))
	}
}

// debt says what became of the baseline.
func (b *block) debt() {
	if b.Run.Debt != nil {
		sgr := screen.None
		if b.Run.Debt.Worse+b.Run.Debt.Ended > 0 {
			sgr = screen.Yellow
		}
		b.Say(sgr, "DEBT", words.Debt(b.Run.Debt, b.Figures), "")
	}
}

// since says on the screen what changed.
func (b *block) since(marks bool) {
	if text := words.SinceCounts(b.Run, marks); text != "" {
		b.Say(screen.None, "SINCE LAST", safe.Terminal(text), "")
	}
	if text := words.Changed(b.Run); text != "" {
		b.Say(screen.Yellow, "", safe.Terminal(text), "")
	}
}

// gone names them on the screen.
func (b *block) gone() {
	if text := words.Gone(b.Run); text != "" {
		b.Say(screen.None, "GONE", text, "")
	}
}
