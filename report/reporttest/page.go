// SPDX-License-Identifier: Apache-2.0

package reporttest

import (
	"regexp"
	"strings"
)

var (
	ownStyle  = regexp.MustCompile(`(?s)<style>.*?</style>`)
	ownScript = regexp.MustCompile(`(?s)<script>.*?</script>`)

	// hash64 is a hash as the policy has it, where a plus sign is a character reference.
	hash64 = regexp.MustCompile(`sha256-(?:[A-Za-z0-9/=]|&#43;)+`)
)

// WithoutOwn returns a page without its script and its style, which have files of their own, and
// with each token on a line of its own.
func WithoutOwn(page []byte) []byte {
	head, rest, _ := strings.Cut(string(page), "<meta name")
	rest = ownStyle.ReplaceAllString(rest, "<style>[style]</style>")
	rest = ownScript.ReplaceAllString(rest, "<script>[script]</script>")
	rest = strings.ReplaceAll(rest, `},{"key":`, "},\n"+`{"key":`)
	return []byte(hash64.ReplaceAllString(head, "sha256-[hash]") + "<meta name" + rest)
}
