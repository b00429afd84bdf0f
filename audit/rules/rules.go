// SPDX-License-Identifier: Apache-2.0

// Package rules holds what can be asked of a token: one file and one page for each rule, and
// [All], the list.
//
// A rule is a value, an [audit.Rule]. Its New makes a checker whose exported fields are the rule's
// parameters, at their defaults; a policy decodes into them by their yaml tags. A checker is
// stateless otherwise, and may be asked from several goroutines at once. One whose parameters can
// make no sense has a method Validate() error, which a policy calls before anything is asked; a
// checker that was not validated answers Indeterminate, never Pass. One whose parameters can be
// sensible, and yet ask less than somebody means, has a method Warnings() []string; one that names
// what evidence may lack, Unmatched(*audit.Evidence) []string.
//
// # What a checker promises
//
// It reads a field of the token only if [audit.Subject.Known] has its fact: a zero field of an
// unknown fact is no value. It decides Fail and NotApplicable from what is known, and says Pass
// otherwise: the engine holds a Pass against the rule's Needs. An unknown level, group or reach
// counts as the strongest. One that limits a life or a reach is an [audit.LifeLimit] or an
// [audit.ReachLimit], so that what is proposed in place of a token keeps to it.
//
// # A new rule
//
// Write x.go, x.md and testdata/rules/x.txtar, and add a line to All, below each rule that covers
// it. A rule leaves to another only what that one says at least as gravely: see LeavesTo. Rules
// whose findings it looks at are named in its LooksAt, so that a history knows that the question
// changed when theirs did. TestAll fails on what is missing; `go test ./audit/rules -update`
// writes the parts of the page that repeat the rule's value.
package rules

import (
	"embed"

	"github.com/complytime/pataudit/audit"
)

// All lists the rules, strongest first: a rule that covers another stands before it.
var All = []*audit.Rule{
	protectedRepository, // before toxicPermissions, which it makes graver
	toxicPermissions,    // covers excessWrite
	ownerNotMember,
	allRepositories, // covers broadSelection
	noExpiration,    // covers longExpiration
	excessWrite,
	sensitiveRead,
	ownerWithout2FA,
	neverUsed, // covers unused
	unused,
	privilegedOwner,
	broadSelection,
	widened,
	selfApproved,
	contactNotMember,
	longExpiration,
	staleApproval,
	unreviewedToken,
	unregisteredBot,
	expiredGrant,
	privatePublicBridge,
	undescriptiveName,
	unknownPermission,
	requestReason,
	requestWaiting,
}

//go:embed *.md
var pages embed.FS

// page returns a rule's page; "" if there is none, which TestAll refuses.
func page(id string) string {
	text, err := pages.ReadFile(id + ".md")
	if err != nil {
		return ""
	}
	return string(text)
}
