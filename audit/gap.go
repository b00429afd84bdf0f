// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// GapCode is what kind of [Gap] one is. Codes are promises, as the ids of rules are.
type GapCode string

// The codes, with what of a gap each of them fills in. The first ones make a run incomplete; those
// from GapPseudonymised on are what no verdict speaks of, which does not.
const (
	// GapSource: a source that the verdict needs is not complete. Source, Status, Quoted.
	GapSource GapCode = "source"
	// GapEarly: the run judges as of an instant before the evidence was collected. AsOf.
	GapEarly GapCode = "judged_before_evidence"
	// GapRule: a required rule cannot judge some tokens. Rule, Count, Of.
	GapRule GapCode = "rule"
	// GapRequests: pending requests, which count, cannot be judged. Count, Of.
	GapRequests GapCode = "requests_not_judged"
	// GapOverrides: tokens may violate, for answers of overrides are not known. Count, Of.
	GapOverrides GapCode = "overrides_unknown"
	// GapNoTokens: there was no token at all, and nobody said that this may be.
	GapNoTokens GapCode = "no_tokens"
	// GapNoEarlierRun: the history has no run to compare with, and one is required.
	GapNoEarlierRun GapCode = "no_earlier_run"
	// GapLastRun: the run that this one compares with cannot be read. Run, Quoted.
	GapLastRun GapCode = "last_run"

	// GapPseudonymised: names and what else a pseudonymised report leaves out.
	GapPseudonymised GapCode = "pseudonymised"
	// GapClassic: classic tokens. Status and Quoted, if they were asked for in vain.
	GapClassic GapCode = "classic_tokens"
	// GapClassicWithoutSAML: those that no SAML authorization shows.
	GapClassicWithoutSAML GapCode = "classic_tokens_without_saml"
	// GapKeys: SSH and deploy keys.
	GapKeys GapCode = "keys"
	// GapApps: apps.
	GapApps GapCode = "apps"
	// GapPending: pending requests, which do not count. Status, Quoted.
	GapPending GapCode = "requests"
	// GapApprovals: who approved tokens, and when they were made. Status, Quoted.
	GapApprovals GapCode = "approvals"
	// GapOptionalRule: a rule that is not required cannot judge some tokens. Rule, Count, Of.
	GapOptionalRule GapCode = "optional_rule"
	// GapLapsed: what a rule lets pass of tokens that gained what nobody accepted. Rule, Count,
	// Of.
	GapLapsed GapCode = "lapsed"
	// GapSkipped: facts that the run does without by choice, and the rules that need them.
	// Skipped, Rules.
	GapSkipped GapCode = "skipped"
)

// GapCodes lists all of them.
var GapCodes = []GapCode{
	GapSource, GapEarly, GapRule, GapRequests, GapOverrides, GapNoTokens, GapNoEarlierRun,
	GapLastRun, GapPseudonymised, GapClassic, GapClassicWithoutSAML, GapKeys, GapApps, GapPending,
	GapApprovals, GapOptionalRule, GapLapsed, GapSkipped,
}

// Incomplete reports whether a gap of that code makes a run incomplete.
func (c GapCode) Incomplete() bool {
	i := slices.Index(GapCodes, c)
	return i >= 0 && i < slices.Index(GapCodes, GapPseudonymised)
}

// Gap is one thing that a run did not see, or could not judge. What its code does not fill in is
// zero. It is stored, and in the JSON report, as its tags say.
type Gap struct {
	Code    GapCode        `json:"code"`
	Source  string         `json:"source,omitzero"` // one of [Sources]
	Status  CoverageStatus `json:"status,omitzero"` // of the source
	Rule    string         `json:"rule,omitzero"`   // its id
	Count   int            `json:"count,omitzero"`  // of tokens or requests
	Of      int            `json:"of,omitzero"`     // how many tokens or requests there are
	Run     int64          `json:"run,omitzero"`    // its number in the history
	AsOf    time.Time      `json:"as_of,omitzero"`
	Skipped []string       `json:"skipped,omitzero"` // names of facts
	Rules   []string       `json:"rules,omitzero"`   // ids

	// Quoted is the coverage's reason, or an error, as it is: it may be hostile text. "" leaves
	// the status to say why.
	Quoted string `json:"quoted,omitzero"`
}

// Gaps are several of them.
type Gaps []Gap

// Texts returns a sentence for each.
func (all Gaps) Texts() []string {
	texts := make([]string, len(all))
	for i := range all {
		texts[i] = all[i].String()
	}
	return texts
}

// String returns the sentences in one line.
func (all Gaps) String() string { return strings.Join(all.Texts(), "; ") }

// String returns the gap in one sentence, which may hold hostile text. Nothing reads it back.
func (g Gap) String() string {
	switch g.Code {
	case GapSource:
		return g.Source + ": " + g.because()
	case GapEarly:
		return "judged as of " + g.AsOf.Format(time.RFC3339) + ", before the evidence was collected"
	case GapRule:
		return g.Rule + " cannot judge " + g.tokens()
	case GapRequests:
		return fmt.Sprintf("%d of %d pending requests cannot be judged", g.Count, g.Of)
	case GapOverrides:
		return g.tokens() + " may violate the policy: not all answers of overrides are known"
	case GapNoTokens:
		return "no tokens at all: nothing to audit (--allow-empty accepts that)"
	case GapNoEarlierRun:
		return "the history has no earlier run that tells what tokens gained (--history-required)"
	case GapLastRun:
		return fmt.Sprintf("run %d, with which this one compares, cannot be read: %s", g.Run, g.Quoted)
	case GapPseudonymised:
		return "names and ids, which are pseudonymised; owners' roles and second factors, which " +
			"are left out"
	case GapClassic:
		return "classic tokens" + g.inParentheses()
	case GapClassicWithoutSAML:
		return "classic tokens without SAML authorization"
	case GapKeys:
		return "SSH and deploy keys"
	case GapApps:
		return "apps"
	case GapPending:
		return "pending requests" + g.inParentheses()
	case GapApprovals:
		return "who approved tokens, and when they were made" + g.inParentheses()
	case GapOptionalRule:
		return g.Rule + ": " + g.tokens() + " cannot be judged"
	case GapLapsed:
		return "what " + g.Rule + " lets pass of " + g.tokens() + " (--only all lists it)"
	case GapSkipped:
		return strings.Join(g.Skipped, ", ") + ", by choice: not asked: " + strings.Join(g.Rules, ", ")
	}
	return string(g.Code)
}

// because returns what is wrong with a source.
func (g *Gap) because() string {
	if g.Quoted == "" {
		return strings.ReplaceAll(string(g.Status), "_", " ")
	}
	return g.Quoted
}

// inParentheses returns that after what it is about; "" if nothing is wrong.
func (g *Gap) inParentheses() string {
	if g.Status == "" {
		return ""
	}
	return " (" + g.because() + ")"
}

func (g *Gap) tokens() string {
	if g.Of == 1 {
		return "the only token"
	}
	return fmt.Sprintf("%d of %d tokens", g.Count, g.Of)
}
