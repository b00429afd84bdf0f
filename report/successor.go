// SPDX-License-Identifier: Apache-2.0

package report

import (
	"slices"
	"strconv"
	"strings"

	"github.com/complytime/pataudit/audit"
)

// What the token should be like that comes after one with findings.

// successor parts a token's permissions into those that the next one may have, and those that a
// failing rule rests on, whatever the reader's view leaves out. Known debt counts here: it is the
// old token's, and no other inherits it.
func successor(r *audit.Result) (keep, drop []audit.Permission) {
	for _, p := range r.Token.Permissions {
		if slices.ContainsFunc(r.Findings, func(f audit.Finding) bool {
			return f.Status == audit.Fail && slices.Contains(f.Basis, p.String())
		}) {
			drop = append(drop, p)
		} else {
			keep = append(keep, p)
		}
	}
	return keep, drop
}

// permissionNames names permissions by name and level, and by their group if that is not
// repositories.
func permissionNames(permissions []audit.Permission) []string {
	names := make([]string, len(permissions))
	for i, p := range permissions {
		names[i] = permissionName(p)
	}
	return names
}

func permissionName(p audit.Permission) string {
	return strings.TrimPrefix(p.String(), audit.GroupRepository+":")
}

// longest gives the days that a token may live by a finding that it lives longer; 0 if the finding
// is about something else. A waiver's words say it, for they do not change.
func longest(f *audit.Finding) (days int) {
	for _, element := range f.Basis {
		text, over := strings.CutPrefix(element, "over ")
		text, inDays := strings.CutSuffix(text, " days")
		if n, err := strconv.Atoi(text); over && inDays && err == nil && (days == 0 || n < days) {
			days = n
		}
	}
	return days
}

// lifeLimit is how long tokens may live. The zero value is a limit that is not known.
type lifeLimit struct {
	rule string // its id
	days int
}

// limitOf gives the limit of a run, as its findings tell. Those that an override judges have
// one of their own.
func limitOf(run *audit.Run) (limit lifeLimit) {
	for r := range run.Results() {
		for i := range r.Findings {
			f := &r.Findings[i]
			n := longest(f)
			if f.Override == "" && n > 0 && (limit.days == 0 || n < limit.days) {
				limit = lifeLimit{f.Rule.Rule.ID, n}
			}
		}
	}
	return limit
}

// of gives the days that the successor of a token may live; 0 if that is not known.
func (l lifeLimit) of(r *audit.Result) int {
	all := r.All()
	for i := range all {
		f := &all[i]
		if n := longest(f); n > 0 {
			return n
		}
		if f.Rule.Rule.ID == l.rule && f.Override != "" {
			return 0
		}
	}
	return l.days
}
