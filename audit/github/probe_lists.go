// SPDX-License-Identifier: Apache-2.0

package github

import (
	"context"
	"errors"
	"net/url"
	"strconv"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/api"
)

// What a probe asks about lists: whether they name their last page, whether a second reading finds
// them unchanged, and what those of tokens and of requests hold.

// probedPages is how many pages of tokens a probe reads.
const probedPages = 5

// list returns one of the organization's lists.
func (p *probing) list(tail string) *list {
	return &list{
		session: p.session, login: p.organization.Login, id: p.organization.ID, tail: tail,
	}
}

// readTokens reads the first pages of tokens. It fails if there is none.
func (p *probing) readTokens(ctx context.Context) error {
	l := p.list("personal-access-tokens")
	for page := 1; page <= probedPages; page++ {
		reply, err := p.session.Get(ctx, l.path(), pageQuery(page))
		if err == nil {
			var tokens []*audit.Token
			if tokens, err = listedTokens(reply); err == nil {
				p.pages, p.tokens = append(p.pages, reply), append(p.tokens, tokens...)
			}
		}
		if err != nil && page == 1 {
			return err
		} else if err != nil {
			return nil
		}
		if links, err := parseLinks(reply.Link, l, reply.URL); err != nil || links.next == 0 {
			return nil
		}
	}
	return nil
}

// pageQuery asks for a page of the usual size.
func pageQuery(page int) url.Values {
	return url.Values{"per_page": {strconv.Itoa(perPage)}, "page": {strconv.Itoa(page)}}
}

// listedTokens decodes a page of tokens, or of requests.
func listedTokens(answer *api.Reply) (tokens []*audit.Token, err error) {
	grants, err := newDecoder().grants(answer.Body, answer.Date)
	if err != nil {
		return nil, &api.Error{Kind: api.Malformed, Message: "the answer holds no list of tokens"}
	}
	for _, g := range grants {
		tokens = append(tokens, g.token)
	}
	return tokens, nil
}

// unchanged asks for the same pages again.
func unchanged(p *probing, ctx context.Context) (finding, error) {
	same, asked := 0, 0
	for i, before := range p.pages {
		reply, err := p.session.GetIf(ctx, p.list("personal-access-tokens").path(),
			pageQuery(i+1), before.Etag)
		if err != nil {
			return finding{counts: []Tally{{asked, "pages"}, {same, "unchanged"}}}, err
		}
		if asked++; reply.Unchanged {
			same++
		}
	}
	return finding{
		answer: answerOf(same == asked),
		counts: []Tally{{asked, "pages"}, {same, "unchanged"}},
	}, nil
}

// lastPage asks each list for one item.
func lastPage(p *probing, ctx context.Context) (finding, error) {
	lists := []*list{
		p.list("personal-access-tokens"), p.list("personal-access-token-requests"),
		p.list("outside_collaborators"),
		{session: p.session, tail: "installation/repositories"},
	}
	read, several, last := 0, 0, 0
	var failed error
	for _, l := range lists {
		reply, err := p.session.Get(ctx, l.path(), url.Values{"per_page": {"1"}})
		var found links
		if err == nil {
			found, err = parseLinks(reply.Link, l, reply.URL)
		}
		if err != nil {
			failed = errors.Join(failed, err)
			continue
		}
		read++
		if found.next > 0 {
			several++
		}
		if found.next > 0 && found.last > 0 {
			last++
		}
	}
	found := finding{counts: []Tally{
		{read, "lists"}, {several, "of several pages"}, {last, "say which is the last"},
	}}
	switch {
	case several > 0:
		found.answer = answerOf(last == several)
	case read > 0:
		found.reason = "no list has a second page"
	default:
		return found, failed
	}
	return found, nil
}

// requestReasons reads a page of pending requests. That nobody gave a reason is no answer.
func requestReasons(p *probing, ctx context.Context) (finding, error) {
	reply, err := p.session.Get(ctx, p.list("personal-access-token-requests").path(), pageQuery(1))
	if err != nil {
		return finding{}, err
	}
	grants, err := newDecoder().grants(reply.Body, reply.Date)
	if err != nil {
		return finding{}, &api.Error{
			Kind: api.Malformed, Message: "the answer holds no list of requests",
		}
	}
	with, absent := 0, 0
	for _, g := range grants {
		switch {
		case g.request != nil && g.request.Reason != "":
			with++
		case !g.token.Known.Has(audit.FactReason):
			absent++
		}
	}
	found := finding{counts: []Tally{
		{len(grants), "requests"}, {with, "with a reason"}, {absent, "without the field"},
	}}
	switch {
	case with > 0:
		found.answer = Yes
	case len(grants) == 0:
		found.reason = "no request is pending"
	case absent == len(grants):
		found.answer = No
	default:
		found.reason = "nobody gave a reason, or GitHub does not show it"
	}
	return found, nil
}
