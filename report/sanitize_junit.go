// SPDX-License-Identifier: Apache-2.0

package report

// JUnitText makes a text safe for an attribute or a text of [JUnit]: visible as in [Terminal],
// which leaves nothing that XML 1.0 forbids, and of a bounded length. The encoder escapes markup.
// It is idempotent.
func JUnitText(s string) string {
	const most = 2000 // columns
	return truncate(Terminal(s), most)
}
