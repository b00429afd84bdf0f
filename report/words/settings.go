// SPDX-License-Identifier: Apache-2.0

package words

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

// Texts about the organization's own settings, which a policy claims and GitHub does not show.

// ClaimState returns the state of a claim: "not shown".
func ClaimState(s *audit.SettingResult) string {
	return strings.ReplaceAll(string(s.State), "_", " ")
}

// Claimed returns in a sentence what became of a claim: "approval: required is contradicted: …".
// It is not sanitized.
func Claimed(run *audit.Run, s *audit.SettingResult) string {
	since := safe.Around(", since ", view.DayOf(s.Since), ",")
	return s.Claim() + since + " is " + ClaimOutcome(run, s)
}

// ClaimOutcome returns the sentence without what is claimed: "not shown: …".
func ClaimOutcome(run *audit.Run, s *audit.SettingResult) string {
	switch s.State {
	case audit.SettingContradicted:
		return safe.Join("; ", "contradicted: "+against(s), attestation(s))
	case audit.SettingAttested:
		return safe.Join("; ", attestation(s), unseenAgainst(run, s))
	default:
		return safe.Join("; ", "not shown: "+cmp.Or(attestation(s), "nobody attests it"),
			unseenAgainst(run, s))
	}
}

// against returns what contradicts a claim: "2 active tokens that nobody but their owners
// approved, approved last on 2026-11-12 (98716, 98717)".
func against(s *audit.SettingResult) string {
	// What stands for one, and for several.
	said := map[audit.Setting][3]string{
		audit.SettingApproval: {
			"active token that nobody but its owner approved",
			"active tokens that nobody but their owners approved", "approved",
		},
		audit.SettingMaxLifetime: {
			"active token that lives longer was used over " + s.Value + " days after its approval",
			"active tokens that live longer were used over " + s.Value + " days after their approval",
			"used",
		},
		audit.SettingClassic: {
			"classic token that has not expired is authorized",
			"classic tokens that have not expired are authorized", "used",
		},
	}[s.Setting]
	text := strconv.Itoa(s.Against) + " " + safe.Form(s.Against, said[0], said[1])
	if len(s.Facts) == 0 {
		return text
	}
	text += view.On(", "+said[2]+" last on ", s.Facts[0].At)
	var ids []string
	for _, f := range s.Facts {
		id := strconv.FormatInt(f.TokenID, 10)
		if f.TokenID == 0 {
			id = "grant:" + strconv.FormatInt(f.ID, 10)
			if s.Setting == audit.SettingClassic {
				id = "authorization " + strconv.FormatInt(f.ID, 10)
			}
		}
		ids = append(ids, id)
	}
	return text + " (" + strings.Join(FirstOf(ids, MostNames, s.Against-len(s.Facts)), ", ") + ")"
}

// attestation returns who vouches for a setting, or did; "" if nobody.
func attestation(s *audit.SettingResult) string {
	d := s.Attestation
	if d == nil {
		return ""
	}
	by := safe.Around("by ", d.By, " ")
	switch s.Attested {
	case audit.AttestationValid:
		return "attested " + by + "on " + view.DayOf(d.On) + ", until " + view.DayOf(d.Until) +
			safe.Around(" (", safe.Join("; ", d.Reason, d.Ticket), ")")
	case audit.AttestationEnded:
		return "what was attested " + by + "ended on " + view.DayOf(d.Until)
	case audit.AttestationLater:
		return "it was attested " + by + "later, on " + view.DayOf(d.On)
	default:
		return "what is attested " + by + "is " + d.Value
	}
}

// unseenAgainst returns what was not looked at that may contradict a claim; else that nothing
// does.
func unseenAgainst(run *audit.Run, s *audit.SettingResult) string {
	source := s.Setting.Source()
	switch c := audit.CoverageOf(run.Coverage, source); {
	case c.Status == audit.Complete:
		return "nothing that was seen contradicts it"
	case c.Status == audit.NotAsked && source == audit.SourceAuditLog:
		return "the audit log was not asked for (--audit-log)"
	case c.Status == audit.NotAsked && source == audit.SourceAuthorizations:
		return "classic tokens were not asked for (--classic)"
	default:
		return "what may contradict it was not all seen: " +
			strings.ReplaceAll(source+" "+string(c.Status), "_", " ")
	}
}
