// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// This file is about decisions to reduce a token: what has to go, and whether it is gone.

// reduction is one thing that has to go: a permission, at its level or a stronger one; the
// selection of every repository; one repository; or an element of what a rule's finding rests on.
type reduction struct {
	permission    Permission
	repository    int64
	rule, element string
}

// parseReduction reads one.
func parseReduction(text string) (r reduction, err error) {
	id, one := strings.CutPrefix(text, oneRepository)
	rule, element, ofRule := strings.Cut(text, ": ")
	switch {
	case text == EveryRepository:
	case one:
		if r.repository, err = strconv.ParseInt(id, 10, 64); err != nil || r.repository <= 0 {
			return r, fmt.Errorf("%.60q names no repository by its id", text)
		}
	case ofRule && rule != "" && element != "":
		r.rule, r.element = rule, element
	case isPermission(text):
		r.permission = ParsePermission(text)
	default:
		return r, fmt.Errorf("%.60q is nothing that can go: write a permission "+
			"(repository:issues:write), %q, a repository (repository 1234), or what a rule's finding "+
			"rests on (long-expiration: over 90 days)", text, EveryRepository)
	}
	return r, nil
}

// CheckReduction refuses what a decision to reduce cannot name, given the rules that there are.
func CheckReduction(text string, rules []string) error {
	r, err := parseReduction(text)
	if err == nil && r.rule != "" && !slices.Contains(rules, r.rule) {
		err = fmt.Errorf("%.60q: there is no rule %.40q", text, r.rule)
	}
	return err
}

// Reductions lists what has to go so that a failing finding does: the repositories that it names,
// else the rights, else what it rests on.
func Reductions(f *Finding) (all []string) {
	var rights, others []string
	for _, element := range f.Basis {
		_, id, named := basisRepository(element)
		switch {
		case named:
			all = append(all, oneRepository+strconv.FormatInt(id, 10))
		case strings.HasPrefix(element, EveryRepository):
			rights = append(rights, EveryRepository)
		case isPermission(element):
			rights = append(rights, element)
		default:
			others = append(others, f.Rule.Rule.ID+": "+element)
		}
	}
	switch {
	case len(all) > 0:
	case len(rights) > 0:
		all = rights
	default:
		all = others
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Held lists a token's permissions as decisions to keep or reduce it remember them, sorted.
func Held(t *Token) []string {
	held := make([]string, len(t.Permissions))
	for i, p := range t.Permissions {
		held[i] = p.String()
	}
	slices.Sort(held)
	return slices.Compact(held)
}

// reduced reports whether a decision to reduce is done: nothing of what it names is left, and the
// token holds and reaches nothing that it did not when that was decided. What is not known is not
// done.
func (r *Run) reduced(d *Decision, about *Result) bool {
	t := about.Token
	reach := ReachOf(t)
	if len(d.Basis) == 0 || !t.Known.Has(FactPermissions) || !reach.Within(d.Reach) {
		return false
	}
	had := make([]Permission, len(d.Held))
	for i, text := range d.Held {
		had[i] = ParsePermission(text)
	}
	return len(addedPermissions(had, t.Permissions)) == 0 &&
		!slices.ContainsFunc(d.Basis, func(text string) bool { return !r.gone(text, about, reach) })
}

// gone reports whether one thing is known to be gone. The token's permissions and reach are known.
func (r *Run) gone(text string, about *Result, reach Reach) bool {
	what, err := parseReduction(text)
	switch {
	case err != nil:
		return false
	case what.rule != "":
		// What it rests on is worded by parameters, which may be others now.
		return r.asks(what.rule) && findingOf(what.rule, about.Findings, 0) == nil
	case what.repository != 0:
		return !reach.Has(what.repository)
	case what.permission != Permission{}:
		return !slices.ContainsFunc(about.Token.Permissions, func(p Permission) bool {
			return p.Group == what.permission.Group && p.Name == what.permission.Name &&
				Strength(p.Level) >= Strength(what.permission.Level)
		})
	}
	return !reach.All()
}
