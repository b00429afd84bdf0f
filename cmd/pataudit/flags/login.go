// SPDX-License-Identifier: Apache-2.0

package flags

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// LoginForm is what GitHub's names of organizations look like.
var LoginForm = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// CheckLogin refuses what cannot be an organization's name. GitHub decides whether there is one of
// that name.
func CheckLogin(name string) error {
	if LoginForm.MatchString(name) {
		return nil
	}
	if owner := ownerIn(name); LoginForm.MatchString(owner) {
		return fmt.Errorf("%q is not the name of an organization: did you mean %s?", name, owner)
	}
	return fmt.Errorf("%q is not the name of an organization", name)
}

// ownerIn returns what stands where the name of an organization stands in a URL, or in the name of
// a repository.
func ownerIn(name string) string {
	_, rest, isURL := strings.Cut(name, "://")
	if !isURL {
		rest = name
	}
	parts := strings.Split(strings.Trim(rest, "/"), "/")
	if isURL || strings.Contains(parts[0], ".") {
		parts = parts[1:] // the host
	}
	if len(parts) > 1 && slices.Contains([]string{"orgs", "organizations"}, parts[0]) {
		parts = parts[1:]
	}
	if len(parts) == 0 || slices.Contains(parts, "..") {
		return ""
	}
	return strings.TrimPrefix(parts[0], "@")
}
