// SPDX-License-Identifier: Apache-2.0

package report

// HTMLText makes a text safe to show in a page of [HTML]: visible as in [Terminal], since a page
// may be printed to a log, and of a bounded length. The template escapes markup. It is idempotent.
func HTMLText(s string) string {
	const most = 2000 // columns
	return truncate(Terminal(s), most)
}
