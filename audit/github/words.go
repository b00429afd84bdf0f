// SPDX-License-Identifier: Apache-2.0

package github

import (
	"fmt"
	"strings"
	"time"

	"github.com/complytime/pataudit/audit/github/api"
)

// minutes returns a duration in words, in hours and minutes.
func minutes(d time.Duration) string {
	switch d = d.Round(time.Minute); {
	case d < time.Minute:
		return "less than a minute"
	case d < 2*time.Hour:
		return fmt.Sprintf("%d min", d/time.Minute)
	}
	return fmt.Sprintf("%d h %d min", d/time.Hour, d%time.Hour/time.Minute)
}

// plural returns a number of things in words.
func plural(n int, thing string) string {
	stem, ok := strings.CutSuffix(thing, "y")
	switch {
	case n == 1:
	case ok:
		thing = stem + "ies"
	default:
		thing += "s"
	}
	return fmt.Sprintf("%d %s", n, thing)
}

// some returns the first few of many names, and how many more there are.
func some(names []string) string {
	const few = 20
	text := strings.Join(names[:min(len(names), few)], ", ")
	if more := len(names) - few; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

func quotedNames(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = fmt.Sprintf("%q", api.Clip(name))
	}
	return strings.Join(quoted, " and ")
}
