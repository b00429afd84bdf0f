// SPDX-License-Identifier: Apache-2.0

package github

import (
	"fmt"
	"strings"
	"time"
)

// atLeast returns a duration for a flag, in whole minutes.
func atLeast(d time.Duration) string {
	return fmt.Sprintf("%dm", (d+time.Minute-1)/time.Minute)
}

// joined returns two remarks as one; each may be "".
func joined(one, other string) string {
	if one == "" || other == "" {
		return one + other
	}
	return one + "; " + other
}

// clip returns the beginning of a hostile text, for an error to quote.
func clip(text string) string {
	const enough = 120
	if len(text) > enough {
		return strings.ToValidUTF8(text[:enough], "") + "…"
	}
	return text
}
