// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"regexp"
	"slices"
	"strings"
)

// What somebody else wrote stands in quoted marks wherever an error tells of it, GitHub's words as
// well as the beginning of an answer that is none. Reports need none of this: what they say of
// their evidence is data ([audit.Reason]).

// quoted is what somebody else wrote; to the end of the text, if nothing closes it.
var quoted = regexp.MustCompile(`(?s)"(?:[^"\\]|\\.)*(?:"|\\?$)`)

// ownQuote is what we quote ourselves: a permission as GitHub's settings call it.
var ownQuote = regexp.MustCompile(`^"(?:Administration|Members|Metadata|` +
	`Personal access tokens|Personal access token requests): read"$`)

// personalPath is where a route of GitHub's API names someone.
var personalPath = regexp.MustCompile(`\b((?:memberships|members|users|user)/)[^/?\s":,;]+`)

// anyID is a number that reads as an id: a long one, or one that names something.
var anyID = regexp.MustCompile(
	`(?i)(\b(?:token|grant|request|authorization|owner|id) |[/#])[0-9]+|\b[0-9]{5,}\b`)

// Impersonal returns as much of an error as everybody may read: what this program worded itself,
// without ids.
func Impersonal(text string) string {
	text = quoted.ReplaceAllStringFunc(text, func(words string) string {
		if ownQuote.MatchString(words) {
			return words
		}
		return `"…"`
	})
	return anyID.ReplaceAllString(personalPath.ReplaceAllString(text, "${1}…"), "${1}…")
}

// routes are the words of the paths and queries that are asked of GitHub.
var routes = regexp.MustCompile(`^(?:|api|v3|graphql|rate_limit|meta|app|installations?|` +
	`access_tokens|orgs|organizations|personal-access-tokens|personal-access-token-requests|` +
	`repositories|repos|members|memberships|outside_collaborators|audit-log|` +
	`credential-authorizations)$`)

// impersonalRoute returns a path of GitHub's API without the people and ids in it.
func impersonalRoute(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if !routes.MatchString(part) && (i == 0 || parts[i-1] != "orgs") {
			parts[i] = "{id}"
		}
	}
	return strings.Join(parts, "/")
}

// impersonalQuery returns a query without what says more than which page is asked for.
func impersonalQuery(query string) string {
	harmless := []string{"page", "per_page", "sort", "direction", "include"}
	parts := strings.Split(query, "&")
	for i, part := range parts {
		if key, _, _ := strings.Cut(part, "="); part != "" && !slices.Contains(harmless, key) {
			parts[i] = "…"
		}
	}
	return strings.Join(parts, "&")
}
