// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"cmp"
	"slices"
	"strings"
)

// What a successor reaches, how long it lives, and how it is called.

// reaches returns the successors that hold permissions: one, or one for private repositories and
// one for public ones.
func (d *drafter) reaches(permissions []Permission) []*Successor {
	t := d.draft(permissions, asNow)
	if t.unlisted() {
		return d.choices(permissions)
	}
	if d.clean(t) {
		return []*Successor{{Token: t}}
	}
	if t.Selection != SelectSubset {
		return d.choices(permissions)
	}
	private, public, unseen := byVisibility(t.Repositories)
	fit := d.fit(permissions, slices.Concat(private, public, unseen))
	if len(fit) == 0 {
		less := d.lowerEach(permissions, func(set []Permission) bool {
			return d.clean(d.draft(set, only(t.Repositories)))
		})
		if s := d.within(less, t.Repositories); s != nil {
			return []*Successor{s}
		}
		return d.choices(permissions)
	}
	if s := d.within(permissions, fit); s != nil {
		return []*Successor{s}
	}
	private, public, _ = byVisibility(fit)
	one, other := d.within(permissions, private), d.within(permissions, public)
	if len(private) == 0 || len(public) == 0 || one == nil || other == nil {
		return d.choices(permissions)
	}
	one.Visibility, other.Visibility = VisibilityPrivate, VisibilityPublic
	return []*Successor{one, other}
}

// byVisibility parts repositories. Of the unseen ones it is not known who can read them.
func byVisibility(repositories []*Repository) (private, public, unseen []*Repository) {
	for _, r := range repositories {
		switch r.Visibility {
		case "":
			unseen = append(unseen, r)
		case VisibilityPublic:
			public = append(public, r)
		default: // internal, or one that GitHub does not document
			private = append(private, r)
		}
	}
	return private, public, unseen
}

// unlisted reports whether a token may have a list of repositories that is not known.
func (t *Token) unlisted() bool {
	return !t.Known.Has(FactSelection) ||
		t.Selection == SelectSubset && !t.Known.Has(FactRepositories)
}

// fit returns the repositories of which each may be reached by itself. Those that may be reached
// together are judged together.
func (d *drafter) fit(permissions []Permission, repositories []*Repository) []*Repository {
	switch n := len(repositories); {
	case d.clean(d.draft(permissions, only(repositories))):
		return repositories
	case n <= 1:
		return nil
	default:
		return slices.Concat(d.fit(permissions, repositories[:n/2]),
			d.fit(permissions, repositories[n/2:]))
	}
}

// within returns a successor that reaches some of these repositories; nil if none passes.
func (d *drafter) within(permissions []Permission, repositories []*Repository) *Successor {
	sorted := slices.SortedFunc(slices.Values(repositories), func(a, b *Repository) int {
		return cmp.Compare(a.Name, b.Name)
	})
	s := &Successor{Token: d.draft(permissions, only(sorted))}
	if d.clean(s.Token) {
		return s
	}
	most, limited := d.mostRepositories(s.Token)
	if s.MaxRepositories = most; !limited || most == 0 || !d.clean(s.sample()) {
		return nil
	}
	return s
}

// sample returns the successor's token with as many repositories as it may have. If they may be
// private and public, some are of each kind: that is the worst choice.
func (s *Successor) sample() *Token {
	t := *s.Token
	if len(s.pool) > 0 {
		t.Repositories, t.Known = s.pool, t.Known|FactRepositories
	}
	n := s.MaxRepositories
	if n == 0 || n >= len(t.Repositories) {
		return &t
	}
	private, public, unseen := byVisibility(t.Repositories)
	one := min(1, len(private))
	mixed := slices.Concat(private[:one], public, private[one:], unseen)
	t.Repositories = mixed[:n]
	return &t
}

// mostRepositories returns how many repositories the rules that judge a draft let it reach.
func (d *drafter) mostRepositories(t *Token) (most int, limited bool) {
	s, findings := d.judged(t)
	for i := range findings {
		if limit, ok := findings[i].Rule.Checker.(ReachLimit); ok {
			if n, is := limit.MaxReach(s); is && (!limited || n < most) {
				most, limited = n, true
			}
		}
	}
	return most, limited
}

// lowerEach lowers the permissions that do not pass by themselves.
func (d *drafter) lowerEach(
	permissions []Permission, passes func([]Permission) bool,
) (less []Permission) {
	for _, p := range permissions {
		if p, ok := d.lowered(p, passes); ok {
			less = append(less, p)
		}
	}
	return less
}

// mostDays is the longest life that GitHub's form for a new token has a date for.
const mostDays = 366

// lifeLimits returns the days that rules of the policy let tokens live, the most first, and no
// more than GitHub's form has.
func (p *Policy) lifeLimits() (days []int) {
	note := func(rules []PolicyRule) {
		for i := range rules {
			if limit, ok := rules[i].Checker.(LifeLimit); ok && rules[i].Asked {
				days = append(days, min(limit.MaxLife(), mostDays))
			}
		}
	}
	note(p.Rules)
	for i := range p.Overrides {
		note(p.Overrides[i].Rules)
	}
	slices.SortFunc(days, func(a, b int) int { return cmp.Compare(b, a) })
	return slices.Compact(days)
}

// setLife writes into a successor the longest life with which it passes for sure, whatever is
// chosen, if a rule limits it.
func (d *drafter) setLife(s *Successor) {
	for _, days := range d.limits {
		t, lived := *s.Token, *s
		t.ExpiresAt = d.judge.now.AddDate(0, 0, days)
		lived.Token = &t
		if d.lives(&t) && d.lives(lived.sample()) {
			s.Token, s.MaxDays = &t, days
			return
		}
	}
}

// lives reports whether a draft passes the rules that limit its life.
func (d *drafter) lives(t *Token) bool {
	_, findings := d.judged(t)
	return !slices.ContainsFunc(findings, func(f Finding) bool {
		_, limits := f.Rule.Checker.(LifeLimit)
		return limits && (f.Status == Indeterminate ||
			f.Status == Fail && !d.incurable[f.Rule.Rule.ID])
	})
}

// rename writes another name into a draft that may hold nothing, if a rule asks for one that says
// more. It returns the ids of the rules that fail the draft then.
func (d *drafter) rename(t *Token) (failing []string) {
	failing = d.failing(t)
	if t.Name == "" || len(failing) == 0 {
		return failing
	}
	for _, name := range d.suggested(d.old) {
		named := *t
		named.Name = name
		if less := d.failing(&named); len(less) < len(failing) {
			d.made.Name = name
			return less
		}
	}
	return failing
}

// setName gives a successor that is not called as its token a name by what it holds.
func (d *drafter) setName(s *Successor) {
	if s.Token.Name == d.old.Name {
		return
	}
	for _, name := range d.suggested(s.Token) {
		named, try := *s.Token, *s
		named.Name = name
		try.Token = &named
		if len(d.failing(try.sample())) <= len(d.failing(s.sample())) {
			s.Token = &named
			return
		}
	}
}

// suggested returns a name of a token by where it is for, and by the first right that writes, else
// the first of all.
func (d *drafter) suggested(t *Token) []string {
	what := "access"
	if i := slices.IndexFunc(t.Permissions, Permission.Writes); i >= 0 {
		what = t.Permissions[i].Name
	} else if len(t.Permissions) > 0 {
		what = t.Permissions[0].Name
	}
	what = "-" + strings.ReplaceAll(what, "_", "-")
	organization := d.judge.evidence.Organization.Login + what
	if t.Selection != SelectSubset || len(t.Repositories) != 1 {
		return []string{organization}
	}
	repository := t.Repositories[0].Name
	return []string{repository[strings.LastIndexByte(repository, '/')+1:] + what, organization}
}
