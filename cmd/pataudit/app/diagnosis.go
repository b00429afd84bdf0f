// SPDX-License-Identifier: Apache-2.0

package app

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/complytime/pataudit/audit/github"
	"github.com/complytime/pataudit/audit/github/api"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

// The JSON of doctor is version 1: it may gain keys, and never loses or retypes one.
//
//	{
//	  "version": 1,
//	  "organization": "complytime",     null if none was named
//	  "verdict": "incomplete",          ready, incomplete or failed: exit code 0, 4 or 1
//	  "checks": [{
//	    "id": "permission.members",     credentials, reachability, clock, identity, installation,
//	                                    installations, permission.NAME, excess, repositories,
//	                                    organization, access, tokens, lists, graphql, quota, cost
//	    "status": "problem",            ok, warning, problem or unknown
//	    "detail": "…", "remedy": "…"    for people; the remedy may be empty
//	  }],
//	  "quota": {                        null if it was not learned
//	    "rest": {"limit": 5000, "left": 4990, "reset": "2026-11-22T07:00:00Z"},
//	    "graphql": null                 null where GitHub sets no limit
//	  },
//	  "cost": {                         null if it was not estimated
//	    "tokens": 60, "repository_lists": 34, "requests": 40, "quota": 38, "graphql_points": 2,
//	    "seconds": 4, "wait_seconds": 0
//	  }
//	}
//
// A check that was not made is not listed: each builds on those before it. Of requests, those that
// GitHub answers with "unchanged" cost no quota.
type (
	wireDiagnosis struct {
		Version      int         `json:"version"`
		Organization *string     `json:"organization"`
		Verdict      string      `json:"verdict"`
		Checks       []wireCheck `json:"checks"`
		Quota        *wireQuota  `json:"quota"`
		Cost         *wireCost   `json:"cost"`
	}
	wireCheck struct {
		ID     string `json:"id"`
		Status string `json:"status"`
		Detail string `json:"detail"`
		Remedy string `json:"remedy"`
	}
	wireQuota struct {
		REST    *wireAllowance `json:"rest"`
		GraphQL *wireAllowance `json:"graphql"`
	}
	wireAllowance struct {
		Limit int    `json:"limit"`
		Left  int    `json:"left"`
		Reset string `json:"reset"`
	}
	wireCost struct {
		Tokens   int   `json:"tokens"`
		Lists    int   `json:"repository_lists"`
		Requests int   `json:"requests"`
		Quota    int   `json:"quota"`
		Points   int   `json:"graphql_points"`
		Seconds  int64 `json:"seconds"`
		Wait     int64 `json:"wait_seconds"`
	}
)

// diagnosis has a line for each check, what to do about it below, and at the end what it all comes
// to.
func diagnosis(d *github.Diagnosis, conclusion string, width int) (lines []string) {
	for _, check := range d.Checks {
		name, _, _ := strings.Cut(check.ID, ".")
		head := fmt.Sprintf(" %-8s %-14s ", check.Status, name)
		lines = append(lines, hanging(head, safe.Terminal(check.Detail), width)...)
		below := strings.Repeat(" ", len(head)) + "→ "
		lines = append(lines, hanging(below, safe.Terminal(check.Remedy), width)...)
	}
	return append(lines, "", conclusion)
}

// conclusion returns the verdict in words, and what to type next.
func conclusion(organization, verdict string, next view.Hint) string {
	switch {
	case verdict == "ready" && organization == "":
		return "READY  the credentials are good; doctor ORG looks at an organization"
	case verdict == "ready":
		return "READY  an audit can be complete, as far as one page of each list tells: " +
			next.String()
	case verdict == "incomplete":
		return "INCOMPLETE  an audit would not be complete, or that is not known"
	}
	return "FAILED  an audit could not begin; what else there is to check was not"
}

// hanging breaks a text at blanks into lines, the first one behind a head and the others below its
// text; a word may be longer than its line. A width of 0 is that of a usual terminal.
func hanging(head, text string, width int) (lines []string) {
	const usual, least = 100, 60
	if width == 0 {
		width = usual
	}
	width = max(width, least)
	line, indent := head, strings.Repeat(" ", utf8.RuneCountInString(head))
	gap := ""
	for word := range strings.FieldsSeq(text) {
		if gap != "" && utf8.RuneCountInString(line+gap+word) > width {
			lines, line, gap = append(lines, line), indent, ""
		}
		line += gap + word
		gap = " "
	}
	if gap != "" {
		lines = append(lines, line)
	}
	return lines
}

func wireDiagnosisOf(d *github.Diagnosis, organization, verdict string) wireDiagnosis {
	const version = 1
	wire := wireDiagnosis{Version: version, Verdict: verdict}
	if organization != "" {
		wire.Organization = &organization
	}
	for _, check := range d.Checks {
		wire.Checks = append(wire.Checks,
			wireCheck{check.ID, check.Status.String(), check.Detail, check.Remedy})
	}
	if q := d.Quota; q != nil {
		wire.Quota = &wireQuota{wireAllowanceOf(q.REST), wireAllowanceOf(q.GraphQL)}
	}
	if c := d.Cost; c != nil {
		wire.Cost = &wireCost{
			Tokens: c.Tokens, Lists: c.Lists, Requests: c.Requests, Quota: c.Quota,
			Points: c.Points, Seconds: seconds(c.Takes), Wait: seconds(c.Wait),
		}
	}
	return wire
}

func wireAllowanceOf(a *api.Allowance) *wireAllowance {
	if a == nil {
		return nil
	}
	return &wireAllowance{a.Limit, a.Left, a.Reset.Format(time.RFC3339)}
}

// seconds rounds a duration up.
func seconds(d time.Duration) int64 { return int64((d + time.Second - 1) / time.Second) }
