// SPDX-License-Identifier: Apache-2.0

package safe

// HTMLText returns a text that is safe to show in a page of HTML: visible as in [Terminal], since
// a page may be printed to a log, and of a bounded length. The template escapes markup. It is
// idempotent.
func HTMLText(s string) string {
	const most = 2000 // columns
	return Truncate(Terminal(s), most)
}

// JUnitText returns a text that is safe for an attribute or a text of JUnit: visible as in
// [Terminal], which leaves nothing that XML 1.0 forbids, and of a bounded length. The encoder
// escapes markup. It is idempotent.
func JUnitText(s string) string {
	const most = 2000 // columns
	return Truncate(Terminal(s), most)
}
