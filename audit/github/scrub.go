// SPDX-License-Identifier: Apache-2.0

package github

import (
	"regexp"
	"strings"
)

// secrets are the forms of what a server might send back to us: GitHub's tokens, old and new, JSON
// Web Tokens, and private keys. A cut one is still one.
var secrets = regexp.MustCompile(`gh[a-z]_[A-Za-z0-9._-]{4,}|github_pat_[A-Za-z0-9_]+|` +
	`eyJ[A-Za-z0-9_-]{8,}[A-Za-z0-9._-]*|-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*`)

// scrub takes secrets out of a text that came from outside, before anybody sees it.
func scrub(text string) string { return secrets.ReplaceAllString(text, redacted) }

// without takes one known credential out of a text, whatever its form.
func without(text, authorization string) string {
	value := strings.TrimPrefix(authorization, "Bearer ")
	if value == "" {
		return text
	}
	return strings.ReplaceAll(text, value, redacted)
}
