// SPDX-License-Identifier: Apache-2.0

package policy_test

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit/policy"
)

// placeFirst is how what is wrong with a file begins.
var placeFirst = regexp.MustCompile(`^policy\.yaml:[1-9][0-9]*:[1-9][0-9]*: `)

// TestProblemsHavePlaces holds that whatever breaks a policy is said with its line and column.
func TestProblemsHavePlaces(t *testing.T) {
	const text = "version: 1\nname: ours\nfail_on: low\nrules:\n  unused: {days: 30}\n" +
		"  excess-write:\n    allow: [issues, \"contents\"]\nsla: {critical: 7d}\n"
	rapid.Check(t, func(t *rapid.T) {
		broken := text
		for range rapid.IntRange(1, 3).Draw(t, "changes") {
			at := rapid.IntRange(0, len(broken)).Draw(t, "at")
			end := min(len(broken), at+rapid.SampledFrom([]int{0, 0, 1, 5}).Draw(t, "removed"))
			broken = broken[:at] + rapid.SampledFrom([]string{
				"", "\n---\n", "\n...\n", "\t", "\n\t", "{", "]", "\"", "'", ": ", "- ", "&a ", "*a",
				"!x ", "|\n", "%", "@", "\x00", "\r", "\u2028", "\xff", "~", "0x1", "<<: ", "? ", "#", "\n",
			}).Draw(t, "inserted") + broken[end:]
		}
		_, err := policy.Parse("policy.yaml", []byte(broken), rules())
		if err == nil || strings.HasSuffix(err.Error(), "there is nothing in it") {
			return
		}
		if !placeFirst.MatchString(err.Error()) {
			t.Fatalf("%q: %v", broken, err)
		}
	})
}
