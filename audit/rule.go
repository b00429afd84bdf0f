// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Rule is one question asked of every token. It is a value: a logically constant description, and
// a constructor of the checker that answers.
type Rule struct {
	ID      string // "long-expiration"; never changed, never reused
	Title   string
	Doc     string  // the embedded rules/<id>.md
	Remedy  string  // what to do about a finding, in one sentence
	ToOwner string  // the same in words to the token's owner; "" if Remedy's will do
	Mending Mending // which kind of remedy that is

	// ToRequester is the remedy in words to who asks for a token; "" if ToOwner's will do.
	ToRequester string

	Severity   Severity // the most that it says, unless the policy says otherwise
	Guide      string   // the step of the token guide it comes from ("6"); "" if none
	References []Reference
	Needs      Facts   // a Pass with one of them unknown becomes Indeterminate
	LooksAt    []*Rule // of the rules before it, whose findings it may look at
	OfExpired  bool    // asked of expired grants too; they can no longer act
	OfRequests bool    // asked of pending requests alone: it does not apply to tokens

	// OfRegistered says that it is asked only of tokens whose owner a registry names, and not at all
	// without one.
	OfRegistered bool

	New func() Checker // at its defaults; exported fields are parameters in a policy
}

// Reference ties a rule to a control of a public framework.
type Reference struct {
	Framework string // "NIST SP 800-53"
	Version   string // "rev 5"
	ID        string // "AC-6"
	Relation  string // "implements" or "supports"
}

// Checker answers a rule's question. It does no I/O and reads no clock. It decides Fail and
// NotApplicable from what is known; a Pass is checked against the rule's Needs by [Evaluate].
// Several goroutines ask it at once.
type Checker interface{ Check(*Subject) Verdict }

// Subject is everything that a checker may see.
type Subject struct {
	Token        *Token
	Request      *Request // set if the token is only asked for; Token is the request's
	Organization *Organization
	Decisions    []*Decision // of this token and its owner, still valid
	Past         *Past       // what earlier runs knew of it; nil if none did, or without history
	Now          time.Time

	// Registration is what the registry says of the token's owner; nil if it says nothing. Contact
	// is what the organization is to that owner's contact, if that is known.
	Registration *Registration
	Contact      Role

	held        []Permission        // see Held; nil: not asked for yet
	findings    []Finding           // what the rules before this one said
	enough      func(*Finding) bool // after which no rule need be asked; nil: all are
	permissions *PermissionTable    // nil: GitHub's
	most        Severity            // that the rule that is being asked may say
	looksAt     []*Rule             // likewise
	seen        time.Time           // when the evidence was collected
	keeps       []Sight             // what decisions to keep it say that it can do
	kept        time.Time           // up to when others were taken; zero: none
	approved    *Approval           // what earlier runs learned of this grant; nil: nothing
	roles       []RoleSeen          // of the token's owner, by earlier runs
	runs        []time.Time         // the complete ones of them
}

// Permissions returns what is known of permissions: GitHub's, and those that the policy adds.
func (s *Subject) Permissions() *PermissionTable {
	if s.permissions == nil {
		return GitHubPermissions()
	}
	return s.permissions
}

// Known returns what was learned of the token, its owner and the organization.
func (s *Subject) Known() Facts {
	known := s.Token.Known | s.Organization.Known&FactOrganizationRepositories
	if required := s.Organization.TwoFactorRequired; required != nil && *required {
		known |= FactTwoFactor // the organization's requirement answers for each member
	}
	if s.Past != nil {
		known |= FactHistory
	}
	if s.approved != nil {
		known |= FactApproval
	}
	if s.Request != nil && !s.Request.CreatedAt.IsZero() {
		known |= FactGranted // nobody granted it yet: its rules count from the request
	}
	return known
}

// SelectsNone reports whether it is known that the token reaches none of the organization's
// repositories beyond what is public.
func (s *Subject) SelectsNone() bool {
	return s.Known().Has(FactSelection) && s.Token.Selection == SelectNone
}

// Held returns the permissions that have an effect: with no repository selected, those of
// repositories have none, for such a token reads public repositories alone, as everybody can.
func (s *Subject) Held() []Permission {
	if !s.SelectsNone() {
		return s.Token.Permissions
	}
	if s.held == nil {
		s.held = slices.DeleteFunc(append([]Permission{}, s.Token.Permissions...),
			func(p Permission) bool { return p.Group == GroupRepository })
	}
	return s.held
}

// Failed returns what a rule asked earlier found wrong with this token; nil if it found nothing or
// was not asked. [Subject.LeavesTo] reports whether a weaker rule may leave it to that one.
func (s *Subject) Failed(rule string) *Finding {
	f := s.answerOf(rule)
	if f == nil || f.Status != Fail && f.Status != Waived {
		return nil
	}
	return f
}

// Asks reports whether a rule before this one is asked.
func (s *Subject) Asks(rule string) bool { return s.answerOf(rule) != nil }

// answerOf returns what a rule before this one said; nil if it was not asked, or if this rule does
// not declare that it looks at it: what a policy asks by this rule is told by what it looks at,
// too.
func (s *Subject) answerOf(rule string) *Finding {
	if !slices.ContainsFunc(s.looksAt, func(r *Rule) bool { return r.ID == rule }) {
		return nil
	}
	for i := range s.findings {
		if f := &s.findings[i]; f.Rule.Rule.ID == rule {
			return f
		}
	}
	return nil
}

// LeavesTo reports whether a rule asked earlier found at least as much wrong with this token as a
// failure of some severity would say here; NoSeverity is this rule's own. Only then may this rule
// leave it to that one, or a policy that makes the other milder would hide it.
func (s *Subject) LeavesTo(rule string, severity Severity) bool {
	if severity == NoSeverity || s.most != NoSeverity && s.most < severity {
		severity = s.most
	}
	f := s.Failed(rule)
	return f != nil && f.Severity >= severity
}

// Status is a rule's answer about one token. The zero value is Indeterminate, so that a forgotten
// answer never reads as a pass.
type Status uint8

// The statuses.
const (
	Indeterminate Status = iota // a fact that decides was not learned
	NotApplicable               // the question does not arise, or a stronger rule covers it
	Pass
	Fail
	Waived // a failure that a person accepted
	statuses
)

var statusNames = [statuses]string{"indeterminate", "not_applicable", "pass", "fail", "waived"}

// String returns the status as reports write it.
func (s Status) String() string { return statusNames[s] }

// Severity is how bad a failure is. The zero value is none.
type Severity uint8

// The severities, mildest first.
const (
	NoSeverity Severity = iota
	Info
	Low
	Medium
	High
	Critical
	severities
)

var severityNames = [severities]string{"none", "info", "low", "medium", "high", "critical"}

// String returns the severity as policies and reports write it.
func (s Severity) String() string { return severityNames[s] }

// SeverityNames lists the severities that a policy may name, mildest first.
func SeverityNames() []string { return severityNames[Info:] }

// ParseSeverity is the inverse of [Severity.String].
func ParseSeverity(name string) (Severity, error) {
	for s := Info; s < severities; s++ {
		if severityNames[s] == name {
			return s, nil
		}
	}
	return NoSeverity, fmt.Errorf("severity %q is none of %s", name,
		strings.Join(SeverityNames(), ", "))
}

// Verdict is a checker's answer.
type Verdict struct {
	Status Status

	// Severity of a Fail. The zero value means the rule's own, as the policy has it; a milder one
	// stands, a stronger one is cut to it.
	Severity Severity

	// Message is what is wrong with this token, for people. It may quote hostile text.
	Message string

	// Basis is what the verdict rests on, as a sorted set of short stable strings
	// ("repository:administration:write", "over 180 days"). A waiver accepts a basis. That of a
	// Pass is what nobody accepted and has lapsed: each report mentions that there is such.
	Basis []string
}

// Mending is what a rule's finding asks of the token's owner. The zero value is MendByReplacing.
type Mending uint8

// What mends a finding.
const (
	MendByReplacing Mending = iota // another token, with other settings
	MendByDeleting                 // the end of the token
	MendElsewhere                  // what is not the token's: the owner's account, or an answer
	MendByReviewers                // nothing that the owner can do
)
