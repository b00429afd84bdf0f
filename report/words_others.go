// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
)

func othersText(b *part) string {
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

func policyText(b *part) string {
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
