// SPDX-License-Identifier: Apache-2.0

package safe

// What the tests of this package, which stand outside of it, need of its inside.
const MaxMarks = maxMarks

var (
	Visible       = visible
	ProseByRune   = prose
	OrdinaryProse = ordinary
)
