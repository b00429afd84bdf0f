// SPDX-License-Identifier: Apache-2.0

package api

import (
	"fmt"
	"strings"
	"time"
)

// AtLeast returns a duration for a flag, in whole minutes.
func AtLeast(d time.Duration) string {
	return fmt.Sprintf("%dm", (d+time.Minute-1)/time.Minute)
}

// Clip returns the beginning of a hostile text, for an error to quote.
func Clip(text string) string {
	const enough = 120
	if len(text) > enough {
		return strings.ToValidUTF8(text[:enough], "") + "…"
	}
	return text
}
