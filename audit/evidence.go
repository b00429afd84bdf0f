// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"cmp"
	"context"
	"iter"
	"strconv"
	"strings"
	"time"
)

// Evidence is everything that was seen of one organization, and how well.
type Evidence struct {
	Organization *Organization
	Tokens       []*Token   // by ID, each once
	Requests     []*Request // pending, by ID
	Coverage     []Coverage // one entry per source, in the order of [Sources]
	CollectedAt  time.Time  // the server's Date of the accepted list's last page; zero if unknown
	Dropped      []Dropped  // tokens that were listed and are not in Tokens, by ID
	Manifest     []Exchange // every question, by source, route and pass; nil if nothing was asked
	Digest       string     // "sha256:…" of the snapshot that this evidence saves as; "" until saved

	// Classic are the classic tokens with a SAML authorization, by login and ID; nil if not asked.
	Classic []*Credential

	// Contacts are people who were asked for by their logins, beside the owners of tokens, by login
	// in lower case; nil if nobody was. The role is unknown if it was not learned, and the id of who
	// is neither a member nor a collaborator.
	Contacts []*Member
}

// AllTokens ranges over the tokens, then over those that requests are for.
func (e *Evidence) AllTokens() iter.Seq[*Token] {
	return func(yield func(*Token) bool) {
		for _, token := range e.Tokens {
			if !yield(token) {
				return
			}
		}
		for _, request := range e.Requests {
			if !yield(request.Token) {
				return
			}
		}
	}
}

// Collected returns when the evidence was collected, whenever it is judged. Evidence without a
// date is of the instant by which it is judged.
func (e *Evidence) Collected(asOf time.Time) time.Time { return collected(e.CollectedAt, asOf) }

func collected(at, asOf time.Time) time.Time {
	if at.IsZero() {
		return asOf
	}
	return at
}

// CoverageOf returns the entry of a source; one with status NotAsked if there is none.
func (e *Evidence) CoverageOf(source string) Coverage { return CoverageOf(e.Coverage, source) }

// CoverageOf returns the entry of a source, likewise.
func CoverageOf(coverage []Coverage, source string) Coverage {
	for _, c := range coverage {
		if c.Source == source {
			return c
		}
	}
	return Coverage{Source: source, Status: NotAsked}
}

// Organization is the organization under audit.
type Organization struct {
	Login string
	ID    int64  // 0 if unknown
	Host  string // "github.com", or the Enterprise Server's

	// Repositories are the organization's own, sorted by name; meaningful only if Known has
	// FactOrganizationRepositories.
	Repositories []*Repository
	Known        Facts // only FactOrganizationRepositories is used

	// TwoFactorRequired reports whether GitHub keeps people without a second factor out; nil if it
	// was not shown to us.
	TwoFactorRequired *bool
}

// Request is a pending request for a grant. Its Token has the request's ID, no GrantedAt, and no
// last use that counts: nobody has approved it yet.
type Request struct {
	Token     *Token
	Reason    string    // the requester's words: hostile text; "" is none, or not [FactReason]
	CreatedAt time.Time // zero if unknown

	// Denial is the text of a denial that was made when all findings were at hand; "" if they are.
	Denial string
}

// The sources of evidence, in the order in which reports name them.
const (
	SourceTokens                   = "tokens"
	SourceRepositories             = "repositories" // of each subset token
	SourceOrganization             = "organization"
	SourceInstallation             = "installation" // what the App itself may see
	SourceMembers                  = "members"
	SourceOutsideCollaborators     = "outside_collaborators"
	SourceOrganizationRepositories = "organization_repositories"
	SourceRequests                 = "requests"
	SourceAuditLog                 = "audit_log"
	SourceAuthorizations           = "credential_authorizations" // SAML
)

// Sources lists them, in order.
var Sources = []string{
	SourceTokens, SourceRepositories, SourceOrganization, SourceInstallation, SourceMembers,
	SourceOutsideCollaborators, SourceOrganizationRepositories, SourceRequests,
	SourceAuditLog, SourceAuthorizations,
}

// CoverageStatus is how well a source was seen.
type CoverageStatus string

// The statuses of a source.
const (
	Complete   CoverageStatus = "complete"
	Partial    CoverageStatus = "partial"    // some of it is missing, or contradicts itself
	Refused    CoverageStatus = "refused"    // GitHub said no
	NotAsked   CoverageStatus = "not_asked"  // nothing needed it, or it cannot be had
	Unverified CoverageStatus = "unverified" // perhaps whole, but nothing shows it
)

// Coverage is how well one source was seen.
type Coverage struct {
	Source   string
	Status   CoverageStatus
	Items    int    // how many were had
	Requests int    // how many HTTP requests it took, retries and sign-in included
	Reason   Reason // why it is not complete, and what would help; may also carry a note
}

// Dropped is a token that was listed, and why it is not judged. What was listed is what is judged
// and what was dropped: nothing vanishes.
type Dropped struct {
	ID     int64
	Reason DropReason
}

// DropReason is why a token is dropped.
type DropReason string

// The reasons.
const (
	// DroppedTwice is of a token that is there all the same: judged, or dropped for the other
	// reason.
	DroppedTwice DropReason = "listed twice"

	DroppedRevoked DropReason = "revoked during the run"
)

// Exchange is one question to GitHub and what came of it. It never holds a credential, nor a body.
type Exchange struct {
	Source    string    // that it was asked for
	Route     string    // "GET /orgs/complytime/personal-access-tokens?page=2&per_page=100"
	Page      int       // of a list, from 1; 0: no list
	Pass      int       // of a list that is read until two readings agree, from 1; 0: read once
	Accepted  bool      // a page of the pass that agreed: what the evidence is made of
	Status    int       // of the last answer; 0: there was none
	Attempts  int       // times that it was sent
	RequestID string    // GitHub's own name for the last one
	Date      time.Time // GitHub's clock; zero if it had none
	Rows      int       // records in the answer
	Hash      string    // "sha256:…" of the body; "" without one, and where the body is a secret
	Cached    bool      // the body was had earlier, and GitHub confirmed it
}

// Source collects evidence. An error means that no list of tokens was had at all; anything less is
// in the evidence's coverage.
type Source interface {
	// Collect learns what is in want, and what comes with it at no cost.
	Collect(ctx context.Context, want Facts) (*Evidence, error)

	// Learn learns what is in want of some of the evidence's tokens, and notes in its coverage how
	// that went. It changes the evidence: what was judged before has to be judged again. The error
	// is that of a context that ended.
	Learn(ctx context.Context, e *Evidence, tokens []*Token, want Facts) error
}

// The server's clock dates evidence, and ours bounds how far that is believed: a clock that is a
// month back makes a token that nobody uses look like one in use.
const (
	// SkewNoted is how far the server's clock may be from ours without a word.
	SkewNoted = time.Hour

	// SkewBelieved is how far it may be from ours for evidence to be verified. Evidence that was
	// collected further ahead than this is not judged at all.
	SkewBelieved = 24 * time.Hour
)

// Key returns what identifies an organization, whatever it is called at the time: its
// host with its id, or with its login where the id is not known; both in lower case. Reports make
// lasting ids of it.
func (o *Organization) Key() string {
	host := strings.ToLower(o.Host)
	if o.ID == 0 {
		return host + "/login/" + strings.ToLower(o.Login)
	}
	return host + "/" + strconv.FormatInt(o.ID, 10)
}

// Called reports whether a login is the organization's at the time, in any case. Another one may
// have had it before, or have it on another host.
func (o *Organization) Called(login string) bool { return strings.EqualFold(o.Login, login) }

// Same reports whether two are one organization, which may have changed its login: by their ids,
// or by their logins where one of the ids is not known.
func (o *Organization) Same(other *Organization) bool {
	if o.ID == 0 || other.ID == 0 {
		return strings.EqualFold(o.Host, other.Host) && o.Called(other.Login)
	}
	return o.Key() == other.Key()
}

// Credential is a classic personal access token that its owner authorized for the organization's
// SAML single sign-on. No rule judges it; reports list it.
type Credential struct {
	ID        int64    // of the authorization, above zero
	TokenID   int64    // of the token; 0 if unknown
	Login     string   // of the owner: hostile text; "" if unknown
	Note      string   // what the owner calls it: hostile text; "" if none, or unknown
	LastEight string   // the token's last eight characters, which are no secret; "" if unknown
	Scopes    []string // sorted; nil if unknown

	AuthorizedAt time.Time // zero if unknown
	LastUsedAt   time.Time // zero: never used, or unknown without [FactLastUsed]
	ExpiresAt    time.Time // zero: no expiry, or unknown without [FactExpiry]

	Known Facts // only FactLastUsed and FactExpiry are used
}

// CompareCredentials orders classic tokens by login and ID.
func CompareCredentials(a, b *Credential) int {
	return cmp.Or(cmp.Compare(a.Login, b.Login), cmp.Compare(a.ID, b.ID))
}
