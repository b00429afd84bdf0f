// SPDX-License-Identifier: Apache-2.0

package flags

import (
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/complytime/pataudit/audit/history"
)

// This file writes flags as they are typed.

// flagWords writes a flag as it is typed, without what nobody else should read.
func flagWords(f *pflag.Flag) (words []string) {
	name, text := "--"+f.Name, f.Value.String()
	list, several := f.Value.(pflag.SliceValue)
	switch {
	case several && f.Value.Type() == ListType:
		return []string{name, strings.Join(list.GetSlice(), ",")}
	case several:
		for _, value := range list.GetSlice() {
			words = append(words, name, value)
		}
		return words
	case f.Value.Type() == "bool" && text == "true":
		return []string{name}
	case f.Value.Type() == "bool":
		return []string{name + "=" + text}
	}
	return []string{name, withoutUser(text)}
}

// withoutUser returns a URL without user and password.
func withoutUser(url string) string {
	scheme, rest, found := strings.Cut(url, "://")
	if !found {
		return url
	}
	postgres := strings.HasPrefix(strings.ToLower(scheme), "postgres")
	end := strings.IndexAny(rest, "/?#")
	if end < 0 || postgres {
		end = len(rest) // a password may hold anything
	}
	if at := strings.LastIndex(rest[:end], "@"); at >= 0 {
		rest = rest[at+1:]
	}
	if postgres {
		rest = history.Redacted(scheme + "://" + rest)[len(scheme+"://"):]
	}
	return scheme + "://" + rest
}

// ListType is the type of flags whose values may be given at once, separated by commas.
const ListType = "stringSlice"

// Group returns an empty set of flags, which keep the order in which they are registered.
func Group() *pflag.FlagSet {
	set := pflag.NewFlagSet("", pflag.ContinueOnError)
	set.SortFlags = false
	return set
}

// Given returns the names of a group's flags that were given, but for some.
func Given(group *pflag.FlagSet, but ...string) (names []string) {
	group.VisitAll(func(f *pflag.Flag) {
		if f.Changed && !slices.Contains(but, f.Name) {
			names = append(names, f.Name)
		}
	})
	return names
}
