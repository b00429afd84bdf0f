// SPDX-License-Identifier: Apache-2.0

package audit

import "strings"

// longestSlip bounds what [Nearest] looks at, in bytes: a longer text is no slip of the hand.
const longestSlip = 100

// Nearest returns the candidate that a name is a slip of the hand away from, the first of those
// that are equally near; "" if none is. A slip is a letter that is missing, too much, another one
// or has changed places with the next, one for every three letters; upper and lower case are the
// same.
func Nearest(name string, candidates []string) string {
	if len(name) > longestSlip {
		return ""
	}
	nearest, least := "", max(len(name)/3, 1)+1
	for _, candidate := range candidates {
		n := slips(strings.ToLower(name), strings.ToLower(candidate))
		if n < least && n < len(candidate) {
			nearest, least = candidate, n
		}
	}
	return nearest
}

// slips counts the bytes to insert, delete, replace or swap with the next that make b of a.
func slips(a, b string) int {
	var before, above []int // the rows of a[:i-1] and of a[:i]
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before, above, row = above, row, make([]int, len(b)+1)
		row[0] = i + 1
		for j := range len(b) {
			same := above[j]
			if a[i] != b[j] {
				same++
			}
			row[j+1] = min(row[j]+1, above[j+1]+1, same)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(b)]
}
