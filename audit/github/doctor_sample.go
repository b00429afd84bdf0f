// SPDX-License-Identifier: Apache-2.0

package github

import (
	"context"
	"fmt"
	"math"
	"strconv"

	"github.com/complytime/pataudit/audit"
)

// sample is what one page of tokens tells of all.
type sample struct {
	read      int           // tokens on it; 0 if it could not be had
	lists     int           // of them, those whose repositories have to be asked for
	subset    *audit.Token  // one of these; nil if there is none
	owner     *audit.Member // of some token; nil if there is none
	listPages int           // that are asked for of a list of repositories
}

// likely tells how many of so many tokens need a list, if all pages are like this one.
func (s *sample) likely(tokens int) int {
	return int(math.Ceil(float64(s.lists) / float64(s.read) * float64(tokens)))
}

// most tells how many can need one.
func (s *sample) most(tokens int) int { return s.lists + max(tokens-s.read, 0) }

// page looks at the page of tokens in the middle: old tokens have expired more often, and new ones
// less. What an audit could not judge there, it could not judge.
func (x *examination) page(ctx context.Context) bool {
	x.sample.listPages = 1
	if x.tokens == 0 {
		return true
	}
	grants, err := x.askPage(ctx)
	if err != nil {
		x.failed("tokens", "looking at a page of tokens", err, "")
		return true
	}
	x.sample.read = len(grants)
	vague, why := 0, ""
	for _, g := range grants {
		if doubt := vagueness(g); doubt != "" {
			vague, why = vague+1, doubt
		}
		x.sample.note(g.token)
	}
	switch {
	case vague > 0:
		x.add("tokens", CheckProblem, fmt.Sprintf("of %s looked at, %d cannot be judged: %s",
			plural(len(grants), "token"), vague, why),
			"GitHub's answer is not as it documents it: see whether a newer pataudit knows it")
	case len(grants) == 0:
		x.add("tokens", CheckUnknown, "a page of tokens is empty", "")
	default:
		x.ok("tokens", "%s looked at: each can be judged", plural(len(grants), "token"))
	}
	return true
}

func (x *examination) askPage(ctx context.Context) ([]grant, error) {
	l := &list{session: x.session, login: x.login, id: x.id, tail: "personal-access-tokens"}
	query := ascending()
	query.Set("per_page", strconv.Itoa(perPage))
	query.Set("page", strconv.Itoa((pagesOf(x.tokens)+1)/2))
	answer, err := x.session.get(ctx, l.path(), query)
	if err != nil {
		return nil, err
	}
	grants, err := newDecoder().grants(answer.body, answer.date)
	if err != nil {
		return nil, &Error{Kind: Malformed, Message: err.Error()}
	}
	return grants, nil
}

func (s *sample) note(token *audit.Token) {
	if s.owner == nil {
		s.owner = token.Owner
	}
	if !token.Expired && token.Selection == audit.SelectSubset {
		s.lists++
		s.subset = token
	}
}

// vagueness tells what keeps rules from judging a token; "" if nothing does.
func vagueness(g grant) string {
	const needed = audit.FactSelection | audit.FactPermissions | audit.FactGranted |
		audit.FactExpiry | audit.FactLastUsed | audit.FactOwner
	missing := needed &^ g.token.Known
	switch {
	case g.doubt != "":
		return g.doubt
	case g.token.Expired || missing == 0: // of expired ones nothing else is asked
		return ""
	case missing.Has(audit.FactSelection) && g.token.Selection != "":
		return fmt.Sprintf("token %d has the unknown selection %q", g.token.ID,
			clip(string(g.token.Selection)))
	}
	return fmt.Sprintf("of token %d not known: %s", g.token.ID, missing)
}

// lists asks for the repositories of one token on the page: an audit asks for those of each.
func (x *examination) lists(ctx context.Context) bool {
	if x.sample.subset == nil {
		return true
	}
	id := x.sample.subset.ID
	n, err := x.count(ctx, "personal-access-tokens/"+strconv.FormatInt(id, 10)+"/repositories")
	if err != nil {
		x.failed("lists", fmt.Sprintf("asking for the repositories of token %d", id), err, "")
		return true
	}
	x.sample.listPages = questionsOf(n)
	x.ok("lists", "token %d reaches %s", id, plural(n, "repository"))
	return true
}
