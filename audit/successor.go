// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"slices"
)

// Successor is a token to have in place of one that breaks the policy. Where rights of the old one
// must not meet in one token, each of several successors has a part of them.
type Successor struct {
	// Token is the old one as it would be if it were made at the run's instant, with as much of
	// its permissions and repositories as the policy lets it have. It was judged. It keeps the old
	// one's ids, to which waivers are bound. Where its selection is a subset without
	// [FactRepositories], its repositories are to be chosen.
	Token *Token

	MaxDays int // that it may live; 0: the policy sets no limit

	// MaxRepositories is how many of its repositories it may have; 0: all of them, or the policy
	// sets no limit. Visibility is of those to choose from: public, or private for those that not
	// everybody can read; "" any.
	MaxRepositories int
	Visibility      string

	// LeftOut are those that it may not have, where its repositories are to be chosen, by name.
	LeftOut []*Repository

	// NeedsWaivers are the rules that it passes only if the reviewers accept of it what they
	// accept of the old one, by id: a waiver is of one token alone.
	NeedsWaivers []string

	// StillFails are the rules that fail it all the same, by id: those about its owner, those that
	// wait for a decision, those that no settings were found for.
	StillFails []string

	pool []*Repository // to choose from; none: those of its token
}

// The visibilities that a successor's repositories may have to share.
const (
	VisibilityPublic  = "public"
	VisibilityPrivate = "private"
)

// LifeLimit is a [Checker] that limits how many days a token lives.
type LifeLimit interface{ MaxLife() (days int) }

// ReachLimit is a [Checker] that limits how many repositories a token reaches.
type ReachLimit interface {
	MaxReach(*Subject) (repositories int, limited bool)
}

// Successors proposes what to have in place of the token, judged by the run's policy; none if
// nothing is wrong with the token that other settings could mend, or if no settings are found that
// pass. Of a pending request they are what to ask for instead.
func (r *Result) Successors() []*Successor {
	if r.Propose == nil {
		return nil
	}
	return r.Propose(r)
}

// successors tries drafts of a token until they pass, and changes no more than it has to: every
// permission that passes by itself stays in one of them, and one that does not is lowered before
// it is left out.
func (j *judge) successors(r *Result) (proposed []*Successor) {
	if r.Severity == NoSeverity {
		return nil
	}
	d := j.newDrafter(r)
	mended := slices.ContainsFunc(r.Findings, func(f *Finding) bool {
		mending := f.Rule.Rule.Mending
		return f.Status == Fail && (mending == MendByReplacing || mending == MendByDeleting)
	})
	for _, permissions := range d.permissions() {
		for _, s := range d.reaches(permissions) {
			d.setName(s)
			d.setLife(s)
			if !d.conclude(s) {
				return nil
			}
			mended = mended || d.differs(s)
			s.pool = nil // as long as the organization's list, for each token of its own
			proposed = append(proposed, s)
		}
	}
	if !mended {
		return nil
	}
	return proposed
}

// conclude notes what rules say of a successor. It reports whether none fails that other settings
// could mend.
func (d *drafter) conclude(s *Successor) bool {
	_, findings := d.judged(s.sample())
	for i := range findings {
		switch rule := findings[i].Rule.Rule.ID; {
		case findings[i].Status == Waived:
			s.NeedsWaivers = append(s.NeedsWaivers, rule)
		case findings[i].Status != Fail:
		case !d.incurable[rule]:
			return false
		default:
			s.StillFails = append(s.StillFails, rule)
		}
	}
	return true
}

// drafter makes drafts of a token's successors.
type drafter struct {
	judge     *judge
	old       *Token
	asked     bool            // for: the old one is only requested, and no waiver is of it
	made      Token           // the old one, made at the run's instant
	limits    []int           // days that a token may live, by rules of the policy, longest first
	incurable map[string]bool // rules that fail whatever the settings are, by id
	current   Subject         // the draft that was judged last
	findings  []Finding       // of it
}

func (j *judge) newDrafter(r *Result) *drafter {
	d := &drafter{
		judge: j, old: r.Token, asked: r.Request != nil, made: *r.Token,
		limits:    j.policy.lifeLimits(),
		incurable: map[string]bool{}, findings: make([]Finding, 0, len(j.policy.Rules)),
	}
	made := &d.made
	made.GrantedAt, made.CreatedAt, made.LastUsedAt = j.now, j.now, j.now
	made.Expired, made.ApprovedBy, made.ApproverRole = false, "", nil
	made.Known = made.Known&^FactApproval | FactGranted | FactCreated | FactLastUsed | FactExpiry
	days := 30 // which no rule limits
	if len(d.limits) > 0 {
		days = d.limits[len(d.limits)-1]
	}
	made.ExpiresAt = j.now.AddDate(0, 0, days)
	for _, rule := range d.rename(d.draft(nil, only(nil))) {
		d.incurable[rule] = true
	}
	return d
}

// reach makes a draft select other repositories.
type reach func(*Token)

func asNow(*Token) {}

func only(repositories []*Repository) reach {
	return func(t *Token) {
		t.Selection, t.Repositories = SelectSubset, repositories
		t.Known |= FactSelection | FactRepositories
	}
}

func toChoose(t *Token) {
	t.Selection, t.Repositories = SelectSubset, nil
	t.Known = t.Known&^FactRepositories | FactSelection
}

func (d *drafter) draft(permissions []Permission, r reach) *Token {
	t := d.made
	if t.Known.Has(FactPermissions) {
		t.Permissions = permissions
	}
	r(&t)
	return &t
}

// judged asks the policy's rules about a draft. What a waiver of the old token accepts is waived.
// Both results hold until the next draft is judged.
func (d *drafter) judged(t *Token) (*Subject, []Finding) {
	s := d.subject(t)
	findings := d.judge.answer(s, d.findings)
	for i := range findings {
		if findings[i].Status == Fail && !d.asked {
			d.judge.accept(s, &findings[i])
		}
	}
	return s, findings
}

func (d *drafter) subject(t *Token) *Subject {
	d.current = Subject{
		Token: t, Organization: d.judge.evidence.Organization,
		Decisions: d.judge.decisionsOf(t), Now: d.judge.now, permissions: d.judge.permissions,
	}
	d.judge.register(&d.current)
	return &d.current
}

// failing returns the ids of the rules that fail a draft.
func (d *drafter) failing(t *Token) (rules []string) {
	_, findings := d.judged(t)
	for i := range findings {
		if findings[i].Status == Fail {
			rules = append(rules, findings[i].Rule.Rule.ID)
		}
	}
	return rules
}

// clean reports whether no rule fails a draft that other settings could mend. Where one does, the
// rules after it are not asked.
func (d *drafter) clean(t *Token) bool {
	s := d.subject(t)
	fails := func(f *Finding) bool {
		if f.Status != Fail || d.incurable[f.Rule.Rule.ID] {
			return false
		}
		accepted := *f
		if !d.asked {
			d.judge.accept(s, &accepted)
		}
		return accepted.Status == Fail
	}
	s.enough = fails
	findings := d.judge.answer(s, d.findings)
	for i := range findings {
		if fails(&findings[i]) {
			return false
		}
	}
	return true
}

// differs reports whether a successor has other settings than the old token, as far as those are
// known, except for its life.
func (d *drafter) differs(s *Successor) bool {
	t := s.Token
	reaches := s.MaxRepositories > 0 || t.Selection != d.old.Selection ||
		!slices.Equal(t.Repositories, d.old.Repositories)
	return t.Name != d.old.Name || !slices.Equal(t.Permissions, d.old.Permissions) ||
		reaches && !d.old.unlisted()
}
