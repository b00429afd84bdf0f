// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"fmt"
	"path"
	"strings"
)

// MatchRepository reports whether a glob matches a repository's full name, or, if the glob has no
// slash, its name alone; in any case of letters, as GitHub has it.
func MatchRepository(glob, fullName string) bool {
	return globOf(glob).matchRepository(strings.ToLower(fullName))
}

// CheckRepositoryGlob refuses a glob that can match no repository, or cannot be read.
func CheckRepositoryGlob(text string) error {
	owner, name, full := strings.Cut(text, "/")
	switch {
	case strings.Contains(text, "://") || strings.HasPrefix(text, "git@"):
		return fmt.Errorf("%.60q is an address: write owner/name or name", text)
	case !full:
		owner, name = "x", owner
	}
	_, err := path.Match(text, "")
	switch {
	case err != nil:
		return fmt.Errorf("%.60q cannot be read: write owner/name or name, with * for any letters", text)
	case owner == "" || name == "" || strings.Contains(name, "/"):
		return fmt.Errorf("%.60q: write owner/name or name, with * for any letters but /", text)
	case strings.Trim(owner+name, repositoryLetters) != "":
		return fmt.Errorf("%.60q: a repository's name has letters, digits, -, _ and . alone", text)
	case strings.HasSuffix(strings.ToLower(name), ".git"):
		return fmt.Errorf("%.60q: no repository's name ends in .git: leave that out", text)
	}
	return nil
}

// repositoryLetters are those of names and of globs.
const repositoryLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_." +
	`*?[]^\`

// glob is a pattern of names in lower case.
type glob struct {
	pattern string
	start   string // what every match begins with
}

func globOf(pattern string) glob {
	pattern = strings.ToLower(pattern)
	start := pattern
	if i := strings.IndexAny(pattern, `*?[\`); i >= 0 {
		start = pattern[:i]
	}
	return glob{pattern, start}
}

func (g glob) match(name string) bool {
	if !strings.HasPrefix(name, g.start) {
		return false // most names are, and a pattern is slow
	}
	ok, err := path.Match(g.pattern, name)
	return ok && err == nil
}

func (g glob) matchRepository(fullName string) bool {
	if !strings.Contains(g.pattern, "/") {
		return g.match(fullName[strings.LastIndexByte(fullName, '/')+1:])
	}
	return g.match(fullName)
}
