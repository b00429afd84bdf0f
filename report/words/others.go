// SPDX-License-Identifier: Apache-2.0

package words

import (
	"fmt"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

// others returns how many tokens have no row of their own, by why; "" for a part of a run.
func others(b *view.Part) string {
	if b.Figures.Partial(b.Run) {
		return "" // what was left out may say more of those that are here, too
	}
	var parts []string
	add := func(n int, text string) {
		if n > 0 {
			parts = append(parts, text)
		}
	}
	for s := audit.Critical; s > audit.NoSeverity; s-- {
		add(b.Figures.Minor[s], fmt.Sprintf("%d %s", b.Figures.Minor[s], s))
	}
	n := b.Figures.Standing[view.Clean]
	text := fmt.Sprintf("%d without a finding", n)
	if b.Run.Complete {
		text = fmt.Sprintf("%d clean", n)
	}
	if waived := b.Figures.Waived; waived > 0 {
		text += fmt.Sprintf(", %d of them by a waiver", waived)
	}
	add(n, text)
	n = b.Figures.Standing[view.Indebted]
	add(n, fmt.Sprintf("%d with accepted debt alone", n))
	n = b.Figures.Standing[view.Expired]
	add(n, fmt.Sprintf("%s, still listed", safe.Plural(n, "expired grant")))
	return strings.Join(parts, "; ")
}

// policy returns the name and the digest of the policy that judged.
func policy(b *view.Part) string {
	name, digest := b.Run.Policy.Name+" ", b.Run.Policy.Digest
	short := ShortDigest(digest)
	if b.Run.Policy.Name == short {
		name = "" // it has no other
	}
	if !b.Doc.View.Verbose {
		digest = short
	}
	return safe.Terminal("policy " + name + digest)
}
