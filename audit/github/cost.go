// SPDX-License-Identifier: Apache-2.0

package github

import (
	"context"
	"fmt"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/api"
)

// workload is what an audit of an organization has to read, as far as that is known beforehand.
// It is the one place that says how many requests an organization costs: [Forecast] and [Cost]
// are counted from it.
type workload struct {
	tokens, pending int // pages that are asked for of the list of tokens, and of requests
	outside         int // likewise of outside collaborators
	lists           int // of repositories: one for each active token or request with a subset
	confirmed       int // of them, those that GitHub probably confirms as they are in the cache
	listPages       int // that are asked for of each of these lists
	others          int // REST requests for what is no list

	members, repositories int // that GraphQL lists, or unknownCount
}

// quota returns how many REST requests count against the quota: what GitHub confirms does not.
func (w *workload) quota() int {
	return w.tokens + w.pending + w.outside + (w.lists-w.confirmed)*w.listPages + w.others
}

// requests returns how many REST requests there are. A list is read twice, the second time for
// GitHub to confirm it; but not a token's repositories on a single page.
func (w *workload) requests() int {
	again := w.tokens + w.pending + w.outside
	if w.listPages > 1 {
		again += w.lists * w.listPages
	}
	return again + w.tokens + w.pending + w.outside + w.lists*w.listPages + w.others
}

// points returns how many GraphQL points there are.
func (w *workload) points() int { return pointsOf(w.members) + pointsOf(w.repositories) }

// pagesOf returns how many pages a list of so many items has; one if that is unknownCount.
func pagesOf(items int) int { return max(1, (items+perPage-1)/perPage) }

// questionsOf returns how many pages of such a list are asked for: after a full one another, to
// see that there is none.
func questionsOf(items int) int {
	pages := pagesOf(items)
	if mayFill(items-(pages-1)*perPage, pages, perPage) {
		pages++
	}
	return pages
}

// pointsOf returns how many GraphQL points a list of so many items takes. One of several pages is
// read twice.
func pointsOf(items int) int {
	if pages := pagesOf(items); pages > 1 {
		return 2 * pages
	}
	return 1
}

// Forecast is what the tokens of an organization and their repositories will probably take, known
// once the first page of tokens is there. What is read beside them is not counted.
type Forecast struct {
	Organization string
	Requests     int // still to be sent
	Quota        int // of them, those that cost quota: what GitHub confirms does not
	api.Outlook
}

// forecast calls Config.Forecast with what is to come, from the first page of tokens: how many
// pages follow it, and which part of the tokens needs a list of its own, if all pages are
// like this one.
func (c *collection) forecast(first page[grant]) {
	pages := max(first.links.last, first.links.next, 1)
	load := workload{tokens: pages, listPages: 1}
	if pages == 1 && first.full(1, &first) {
		load.tokens++ // to see that it is the last one
	}
	if c.want.Has(audit.FactRepositories) {
		for _, g := range first.items {
			if !hasList(g.token) {
				continue
			}
			load.lists += pages
			if c.lists.cached(g.token) {
				load.confirmed += pages
			}
		}
	}
	f := Forecast{
		Organization: c.organization.Login,
		Requests:     load.requests() - 1, // the first page is there
		Quota:        load.quota() - 1,
	}
	f.Outlook = c.session.Governor().Outlook(f.Requests, f.Quota)
	c.client.config.Forecast(f)
}

// Quota is what is left of an installation's hourly limits, which all users of the App share.
type Quota struct {
	REST    *api.Allowance // requests; nil: no limit, as Enterprise Servers have it
	GraphQL *api.Allowance // points; likewise
}

// Cost is about what an audit takes, from its first request to its last.
type Cost struct {
	Tokens   int           // in the list
	Lists    int           // of repositories: one for each active token that reaches a subset
	Requests int           // REST, the lists included
	Quota    int           // of them, those that count: what GitHub confirms as unchanged does not
	Points   int           // GraphQL
	Takes    time.Duration // without waiting for the quota
	Wait     time.Duration // for the quota
}

// cost notes what an audit takes, and whether the quota allows for it.
func (x *examination) cost(context.Context) bool {
	if x.tokens == unknownCount {
		x.add("cost", CheckWarning, "not estimated: it is not known how many tokens there are", "")
		return true
	}
	if x.tokens == 0 {
		x.add("cost", CheckProblem, "GitHub lists no tokens, and an audit calls that incomplete",
			"if there really are none, audit with --allow-empty")
		return true
	}
	if x.sample.read == 0 {
		x.add("cost", CheckUnknown, "not estimated: no page of tokens could be looked at", "")
		return true
	}
	cost, most := x.estimate(x.sample.likely(x.tokens)), x.estimate(x.sample.most(x.tokens))
	x.diagnosis.Cost = cost
	detail := fmt.Sprintf("for %s about %s, %s and %s", plural(x.tokens, "token"),
		plural(cost.Requests, "request"), plural(cost.Points, "GraphQL point"),
		minutes(cost.Takes))
	atMost := fmt.Sprintf("%s, or %d if all tokens on other pages reach a subset, more than the "+
		"quota allows", detail, most.Requests)
	switch {
	case cost.Wait > x.maxWait:
		x.add("cost", CheckProblem, detail+", more than the quota allows", x.cheaper(cost))
	case most.Wait > x.maxWait:
		x.add("cost", CheckProblem, atMost, x.cheaper(most))
	case cost.Wait > 0:
		x.add("cost", CheckWarning, detail+", more than the quota allows",
			"an audit would wait for "+minutes(cost.Wait)+", until it is renewed")
	case most.Wait > 0:
		x.add("cost", CheckWarning, atMost,
			"an audit would then wait for "+minutes(most.Wait)+", until it is renewed")
	case x.session.Governor().WaitFor("core", cost.Quota+cost.Quota*margin/percent) > 0:
		x.add("cost", CheckWarning, detail+", close to what is left of the quota",
			"long lists of repositories, and others who use the App, take more")
	default:
		x.ok("cost", "%s", detail)
	}
	return true
}

// margin is by how many percent an audit may take more than is estimated, without a warning.
const (
	margin  = 30
	percent = 100
)

// estimate counts what an audit takes that needs so many lists of tokens' repositories.
func (x *examination) estimate(lists int) *Cost {
	pending := max(x.pending, 0)
	const organization, seen, probe = 1, 1, 1
	load := workload{
		tokens: questionsOf(x.tokens), pending: questionsOf(pending), outside: 1,
		lists: lists + pending, listPages: x.sample.listPages,
		others: organization, members: x.members, repositories: x.repositories,
	}
	if x.installed == nil {
		load.others += seen + probe
	}
	governor := x.session.Governor()
	cost := &Cost{
		Tokens: x.tokens, Lists: load.lists,
		Requests: load.requests(), Quota: load.quota(), Points: load.points(),
	}
	cost.Wait = max(governor.WaitFor("core", cost.Quota), governor.WaitFor("graphql", cost.Points))
	cost.Takes = governor.Takes(cost.Requests + cost.Points)
	return cost
}

// cheaper returns what would make an audit possible that the quota does not allow for.
func (x *examination) cheaper(cost *Cost) string {
	remedy := "let the audit wait: --max-wait " + api.AtLeast(cost.Wait)
	without := cost.Quota - cost.Lists*x.sample.listPages
	if x.session.Governor().WaitFor("core", without) <= x.maxWait {
		remedy += fmt.Sprintf("; or read the repositories of failing tokens only: "+
			"--repositories failing takes about %s, and one for each such token",
			plural(without, "request"))
	}
	return remedy
}

// quota notes what is left of the quotas, by the answers so far.
func (x *examination) quota(context.Context) bool {
	governor := x.session.Governor()
	rest, graph := governor.LastWord("core"), governor.LastWord("graphql")
	if rest == nil && x.tokens == unknownCount && x.login != "" {
		x.add("quota", CheckUnknown, "GitHub did not tell", "")
		return true
	}
	x.diagnosis.Quota = &Quota{REST: x.allowance(rest), GraphQL: x.allowance(graph)}
	if rest == nil && graph == nil {
		x.ok("quota", "GitHub sets no limits here")
		return true
	}
	text, renewed := "", time.Duration(0)
	now := x.client.config.Now()
	for _, one := range []struct {
		*api.Allowance
		unit string
	}{{rest, "REST requests"}, {graph, "GraphQL points"}} {
		if one.Allowance == nil {
			continue
		}
		if text != "" {
			text += " and "
		}
		text += fmt.Sprintf("%d of %d %s", one.Left, one.Limit, one.unit)
		if one.UsedUp {
			renewed = max(renewed, one.Reset.Sub(now))
		}
	}
	switch {
	case renewed > x.maxWait:
		x.add("quota", CheckProblem, "used up: "+text+" are left", "come back in "+
			minutes(renewed)+", when it is renewed, or let the audit wait: --max-wait "+
			api.AtLeast(renewed))
	case renewed > 0:
		x.add("quota", CheckWarning, "used up: "+text+" are left",
			"an audit would wait for "+minutes(renewed)+", until it is renewed")
	default:
		x.ok("quota", "%s are left", text)
	}
	return true
}

// allowance returns a limit whose reset is by GitHub's clock; nil for none.
func (x *examination) allowance(known *api.Allowance) *api.Allowance {
	if known == nil {
		return nil
	}
	told := *known
	told.Reset = known.Reset.Add(x.network.skew).UTC().Truncate(time.Second)
	return &told
}
