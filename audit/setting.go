// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"cmp"
	"slices"
	"strconv"
	"time"
)

// Setting is one of the organization's own settings about personal access tokens. No endpoint of
// GitHub shows what it is: a policy claims it, and the evidence may contradict that.
type Setting string

// The settings, in the order in which reports list them.
const (
	SettingApproval    Setting = "approval"     // fine-grained tokens need approval
	SettingMaxLifetime Setting = "max_lifetime" // tokens that live longer, in days, are kept out
	SettingClassic     Setting = "classic"      // classic tokens are kept out
)

// Settings lists them, in order.
var Settings = []Setting{SettingApproval, SettingMaxLifetime, SettingClassic}

// SettingNames returns the settings as policies and flags name them, in order.
func SettingNames() (names []string) {
	for _, s := range Settings {
		names = append(names, string(s))
	}
	return names
}

// What a setting can be claimed to be, and the longest lifetime that GitHub lets one set.
const (
	ApprovalRequired = "required"
	ClassicBlocked   = "blocked"
	LongestLifetime  = 366
)

// Claims are what a policy says that the organization's own settings are. The zero value claims
// nothing.
type Claims struct {
	Approval    bool // fine-grained tokens need approval
	MaxLifetime int  // days; 0: nothing is claimed
	Classic     bool // classic tokens are blocked

	// Since is the first whole day on which the claimed settings were in force. What happened
	// before contradicts nothing. Zero: they were always.
	Since time.Time
}

// Of returns what is claimed of a setting, as a policy writes it; "" if nothing is.
func (c *Claims) Of(s Setting) string {
	switch {
	case s == SettingApproval && c.Approval:
		return ApprovalRequired
	case s == SettingMaxLifetime && c.MaxLifetime > 0:
		return strconv.Itoa(c.MaxLifetime)
	case s == SettingClassic && c.Classic:
		return ClassicBlocked
	}
	return ""
}

// Source returns the source of evidence that may contradict a claim about the setting.
func (s Setting) Source() string {
	switch s {
	case SettingApproval:
		return SourceAuditLog
	case SettingClassic:
		return SourceAuthorizations
	default:
		return SourceTokens
	}
}

// SettingState is what a run knows of a claim. None means that the claim holds: no evidence can
// show that.
type SettingState string

// The states of a claim. Evidence weighs more than a person's word.
const (
	SettingContradicted SettingState = "contradicted" // the evidence says otherwise: a violation
	SettingAttested     SettingState = "attested"     // a person vouches for it, at the time
	SettingNotShown     SettingState = "not_shown"    // neither
)

// SettingResult is what became of a claim in a run.
type SettingResult struct {
	Setting Setting
	Value   string    // that the policy claims
	Since   time.Time // see [Claims]
	State   SettingState

	// Against counts what contradicts the claim. Facts are the first of them, the newest first.
	Against int
	Facts   []SettingFact

	// Attestation is the one that counts most, and Attested what it is worth; nil and "": there is
	// none of the setting in the organization.
	Attestation *Decision
	Attested    AttestationState
}

// Claim returns what is claimed, as a policy has it: "approval: required", "max_lifetime: 90".
func (s *SettingResult) Claim() string { return string(s.Setting) + ": " + s.Value }

// SettingFact is a token, or a classic one, that contradicts a claim. Its ids alone name it: names
// change, and are their owners' words.
type SettingFact struct {
	ID      int64     // of the grant; of a classic token: of its authorization
	TokenID int64     // 0 if unknown
	At      time.Time // when it was approved, or last used; zero if it never was, or unknown
}

// AttestationState is what an attestation is worth at the instant of a run.
type AttestationState string

// The states of an attestation, the best first.
const (
	AttestationValid AttestationState = "valid"
	AttestationEnded AttestationState = "ended"       // past its last day
	AttestationLater AttestationState = "later"       // made after the instant
	AttestationOther AttestationState = "other_value" // of another value than the policy claims
)

// attestationStates lists them, in order.
var attestationStates = []AttestationState{
	AttestationValid, AttestationEnded, AttestationLater, AttestationOther,
}

// mostFacts is how many of the facts against a claim a run names.
const mostFacts = 10

// judgeSettings judges what the policy claims of the organization's own settings.
func (r *Run) judgeSettings(j *judge) {
	for _, s := range Settings {
		value := j.policy.Claims.Of(s)
		if value == "" {
			continue
		}
		result := SettingResult{Setting: s, Value: value, Since: j.policy.Claims.Since}
		facts := j.against(s)
		result.Against = len(facts)
		slices.SortFunc(facts, func(a, b SettingFact) int {
			return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.ID, b.ID))
		})
		result.Facts = facts[:min(mostFacts, len(facts))]
		j.attest(&result)
		result.State = StateOf(result.Against, result.Attested)
		r.Settings = append(r.Settings, result)
	}
}

// SettingOf returns what became of the claim about a setting; nil if the policy claims nothing
// of it.
func (r *Run) SettingOf(s Setting) *SettingResult {
	i := slices.IndexFunc(r.Settings, func(result SettingResult) bool { return result.Setting == s })
	if i < 0 {
		return nil
	}
	return &r.Settings[i]
}

// Contradicted counts the claims about settings that evidence contradicts. Each is a violation.
func (r *Run) Contradicted() (n int) {
	for i := range r.Settings {
		if r.Settings[i].State == SettingContradicted {
			n++
		}
	}
	return n
}

// StateOf returns the state of a claim that so many tokens contradict, and that a person attests.
func StateOf(against int, attested AttestationState) SettingState {
	switch {
	case against > 0:
		return SettingContradicted
	case attested == AttestationValid:
		return SettingAttested
	}
	return SettingNotShown
}

// against returns what contradicts the claim about a setting.
func (j *judge) against(s Setting) (facts []SettingFact) {
	claims := &j.policy.Claims
	if s == SettingClassic {
		for _, c := range j.evidence.Classic {
			if c.worksAt(j.collected()) &&
				(claims.holdsAt(c.AuthorizedAt) || claims.holdsAt(c.LastUsedAt)) {
				facts = append(facts, SettingFact{ID: c.ID, TokenID: c.TokenID, At: c.LastUsedAt})
			}
		}
		return facts
	}
	for _, t := range j.evidence.Tokens {
		if t.Expired {
			continue
		}
		subject := j.subject(t, nil)
		j.recall(&subject, &Result{})
		at, against := t.GrantedAt, false
		switch s {
		case SettingApproval:
			against = subject.Review() == ReviewNone
		default:
			at, against = t.LastUsedAt, subject.outlives(claims.MaxLifetime)
		}
		if against && claims.holdsAt(at) {
			facts = append(facts, SettingFact{ID: t.ID, TokenID: t.TokenID, At: at})
		}
	}
	return facts
}

// holdsAt reports whether the claims are of an instant. One that is not known may be any: it
// counts if the claims have no first day.
func (c *Claims) holdsAt(at time.Time) bool { return !at.Before(c.Since) }

// worksAt reports whether a classic token is known not to have expired at an instant.
func (c *Credential) worksAt(at time.Time) bool {
	return c.Known.Has(FactExpiry) && (c.ExpiresAt.IsZero() || at.Before(c.ExpiresAt))
}

// outlives reports whether the token lives longer than so many days, and was used when that many
// were over since its approval: GitHub would have kept it out. What proves neither is not enough.
// Its life is counted from the latest instant at which it can have begun, with a day of tolerance,
// as long-expiration has it; a use that is known to be of an earlier life does not count.
func (s *Subject) outlives(days int) bool {
	t := s.Token
	if !s.Known().Has(FactGranted|FactExpiry|FactLastUsed) || t.LastUsedAt.IsZero() {
		return false
	}
	earlier, began := s.ExpirySet()
	if s.Known().Has(FactCreated) {
		earlier, began = t.CreatedAt, t.CreatedAt
	}
	lives := t.ExpiresAt.IsZero() || CalendarDays(began, t.ExpiresAt) > int64(days)+1
	return lives && !t.LastUsedAt.Before(earlier) &&
		CalendarDays(t.GrantedAt, t.LastUsedAt) > int64(days)
}

// attest puts into the result the attestation that counts most.
func (j *judge) attest(result *SettingResult) {
	for _, d := range j.policy.Decisions {
		if d.Kind != Attest || d.Setting != result.Setting ||
			!j.evidence.Organization.Called(d.Organization) {
			continue
		}
		state := d.AttestedAt(j.now, result.Value)
		if old := result.Attestation; old == nil || cmp.Or(
			cmp.Compare(rankOf(state), rankOf(result.Attested)), old.Until.Compare(d.Until),
			old.On.Compare(d.On), cmp.Compare(d.By, old.By), cmp.Compare(d.Reason, old.Reason),
		) < 0 {
			result.Attestation, result.Attested = d, state
		}
	}
}

// AttestedAt returns what an attestation of a value is worth at an instant.
func (d *Decision) AttestedAt(now time.Time, value string) AttestationState {
	switch {
	case d.Value != value:
		return AttestationOther
	case d.lapsed(now):
		return AttestationEnded
	case now.Before(d.On):
		return AttestationLater
	}
	return AttestationValid
}

func rankOf(s AttestationState) int { return slices.Index(attestationStates, s) }
