// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
)

// What comes after the rows of the table: the other tokens, what is due, what to type next.

// mostNames is how many names a line lists.
const mostNames = 5

// others accounts for the tokens that have no row: with the rows they add up to all tokens.
func (b *block) others() {
	if text := b.othersText(); text != "" {
		b.say(sgrNone, "OTHERS", text, "")
	}
}

func (b *block) othersText() string {
	if b.figures.partial(b.run) {
		return "" // what was left out may say more of those that are here, too
	}
	var parts []string
	add := func(n int, text string) {
		if n > 0 {
			parts = append(parts, text)
		}
	}
	for s := audit.Critical; s > audit.NoSeverity; s-- {
		add(b.figures.minor[s], fmt.Sprintf("%d %s", b.figures.minor[s], s))
	}
	n := b.figures.standing[clean]
	text := fmt.Sprintf("%d without a finding", n)
	if b.run.Complete {
		text = fmt.Sprintf("%d clean", n)
	}
	if waived := b.figures.waived; waived > 0 {
		text += fmt.Sprintf(", %d of them by a waiver", waived)
	}
	add(n, text)
	n = b.figures.standing[indebted]
	add(n, fmt.Sprintf("%d with known debt alone", n))
	n = b.figures.standing[expired]
	add(n, fmt.Sprintf("%s, still listed", safe.Plural(n, "expired grant")))
	return strings.Join(parts, "; ")
}

func (b *block) overdue() {
	if text := b.overdueText(); text != "" {
		b.say(sgrYellow, "OVERDUE", text, "")
	}
}

func (b *block) expiring() {
	var names []string
	for i, t := range b.figures.expiring {
		if i == mostNames {
			names = append(names, fmt.Sprintf("and %d more", len(b.figures.expiring)-i))
			break
		}
		names = append(names, fmt.Sprintf("%s (%s, %s)", shortName(t), ownerLogin(t),
			expiresText(t, b.run.AsOf)))
	}
	if len(names) > 0 {
		b.say(sgrNone, "EXPIRING", "in use, within 14 days: "+strings.Join(names, ", "), "")
	}
}

// expiresText says how soon a token expires.
func expiresText(t *audit.Token, asOf time.Time) string {
	if n := audit.CalendarDays(asOf, t.ExpiresAt); n > 0 {
		return fmt.Sprintf("%d d", n)
	}
	return "today"
}

// shortName names a token in a sentence.
func shortName(t *audit.Token) string {
	if t.Name == "" {
		return fmt.Sprintf("grant %d", t.ID)
	}
	return safe.Truncate(safe.Terminal(t.Name), 24)
}

func ownerLogin(t *audit.Token) string {
	if t.Owner == nil {
		return "?"
	}
	return safe.Terminal(t.Owner.Login)
}

// foot names the policy that was applied.
func (b *block) foot() {
	b.line(safe.Spread(" "+b.policyText(), "confidential: personal data", b.width))
	if by := ratified(b.run.Policy.Ratified); by != "" {
		b.line(" " + safe.Truncate(safe.Terminal(by), b.width-1))
	}
}

func (b *block) policyText() string {
	name, digest := b.run.Policy.Name+" ", b.run.Policy.Digest
	short := shortDigest(digest)
	if b.run.Policy.Name == short {
		name = "" // it has no other
	}
	if !b.doc.View.Verbose {
		digest = short
	}
	return safe.Terminal("policy " + name + digest)
}

// shortDigest gives the beginning of a digest.
func shortDigest(digest string) string {
	if algorithm, sum, ok := strings.Cut(digest, ":"); ok && len(sum) > 8 {
		return algorithm + ":" + sum[:8] + "…"
	}
	return digest
}

// ratified says who put the policy into force; "" if nobody did.
func ratified(r *audit.Ratified) string {
	switch {
	case r == nil:
		return ""
	case r.On.IsZero():
		return "ratified by " + r.By
	}
	return fmt.Sprintf("ratified by %s on %s", r.By, dayOf(r.On))
}
