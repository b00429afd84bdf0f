// SPDX-License-Identifier: Apache-2.0

package words

import (
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
	for s := audit.Critical; s > audit.NoSeverity; s-- {
		parts = append(parts, safe.Counted(b.Figures.Minor[s], s.String()))
	}
	clean := "without a finding"
	if b.Run.Complete {
		clean = "clean"
	}
	standing := &b.Figures.Standing
	parts = append(parts,
		safe.Join(", ", safe.Counted(standing[view.Clean], clean),
			safe.Counted(b.Figures.Waived, "of them by a waiver")),
		safe.Counted(standing[view.Indebted], "with accepted debt alone"),
		safe.Counted(standing[view.Expired],
			safe.Noun(standing[view.Expired], "expired grant")+", still listed"))
	return safe.Join("; ", parts...)
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
