// SPDX-License-Identifier: Apache-2.0

package github

import (
	"context"
	"fmt"
	"time"
)

// Quota is what is left of an installation's hourly limits, which all users of the App share.
type Quota struct {
	REST    *Allowance // requests; nil: no limit, as Enterprise Servers have it
	GraphQL *Allowance // points; likewise
}

// Allowance is one hourly limit.
type Allowance struct {
	Limit, Left int
	Reset       time.Time // when the next hour begins, by GitHub's clock, to about a second
}

// Cost is about what an audit takes.
type Cost struct {
	Tokens   int           // in the list
	Lists    int           // of repositories: one for each active token that reaches a subset
	Requests int           // REST, the lists included
	Quota    int           // of them, those that count: what GitHub confirms as unchanged does not
	Points   int           // GraphQL
	Takes    time.Duration // without waiting for the quota
	Wait     time.Duration // for the quota
}

// quota notes what is left of the quotas. It is what the answers so far told.
func (x *examination) quota(context.Context) bool {
	governor := x.session.transport.governor
	rest, graph := governor.told("core"), governor.told("graphql")
	if rest == nil && x.tokens == untold && x.login != "" {
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
		*quota
		unit string
	}{{rest, "REST requests"}, {graph, "GraphQL points"}} {
		if one.quota == nil {
			continue
		}
		if text != "" {
			text += " and "
		}
		text += fmt.Sprintf("%d of %d %s", max(one.left, 0), one.limit, one.unit)
		if one.beyond(governor.limits.Reserve, now) <= 0 {
			renewed = max(renewed, one.reset.Sub(now))
		}
	}
	switch {
	case renewed > x.maxWait:
		x.add("quota", CheckProblem, "used up: "+text+" are left", "come back in "+
			minutes(renewed)+", when it is renewed, or let the audit wait: --max-wait "+
			atLeast(renewed))
	case renewed > 0:
		x.add("quota", CheckWarning, "used up: "+text+" are left",
			"an audit would wait for "+minutes(renewed)+", until it is renewed")
	default:
		x.ok("quota", "%s are left", text)
	}
	return true
}

// told gives a copy of what is known of a quota; nil if there is none.
func (g *governor) told(resource string) *quota {
	g.mu.Lock()
	defer g.mu.Unlock()
	known := g.quotas[resource]
	if known == nil || known.limit == 0 {
		return nil
	}
	clone := *known
	return &clone
}

func (x *examination) allowance(known *quota) *Allowance {
	if known == nil {
		return nil
	}
	return &Allowance{
		Limit: known.limit, Left: max(known.left, 0),
		Reset: known.reset.Add(x.way.skew).UTC().Truncate(time.Second),
	}
}

// cost estimates what an audit takes, and whether the quota allows for it.
func (x *examination) cost(context.Context) bool {
	if x.tokens == untold {
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
	case x.waitFor("core", cost.Quota+cost.Quota*margin/percent) > 0:
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

// estimate sums up what a collection asks that needs so many lists of tokens' repositories. The
// lists of tokens, requests and outside collaborators are asked for twice, the second time for
// GitHub to confirm them.
func (x *examination) estimate(lists int) *Cost {
	const organization, outside, reach, probe = 1, 1, 1, 1
	pages, pending := questionsOf(x.tokens), max(x.pending, 0)
	waiting := questionsOf(pending)
	cost := &Cost{
		Tokens: x.tokens,
		Lists:  lists + pending,
		Points: 2, // a page each, if it is not known how many there are
	}
	if x.members != untold && x.repositories != untold {
		cost.Points = pointsOf(x.members) + pointsOf(x.repositories)
	}
	long := x.sample.listPages
	cost.Quota = pages + waiting + cost.Lists*long + organization + outside
	if x.installed == nil {
		cost.Quota += reach + probe
	}
	cost.Requests = cost.Quota + pages + waiting + outside
	if long > 1 { // which are read twice, too
		cost.Requests += cost.Lists * long
	}
	governor := x.session.transport.governor
	cost.Wait = max(x.waitFor("core", cost.Quota), x.waitFor("graphql", cost.Points))
	governor.mu.Lock()
	defer governor.mu.Unlock()
	cost.Takes = governor.pace(cost.Requests + cost.Points)
	return cost
}

// waitFor tells how long so much of a quota has to be waited for.
func (x *examination) waitFor(resource string, amount int) time.Duration {
	governor := x.session.transport.governor
	known := governor.told(resource)
	if known == nil {
		return 0
	}
	return known.wait(amount, governor.limits.Reserve, x.client.config.Now())
}

// cheaper tells what would make an audit possible that the quota does not allow for.
func (x *examination) cheaper(cost *Cost) string {
	remedy := "let the audit wait: --max-wait " + atLeast(cost.Wait)
	without := cost.Quota - cost.Lists*x.sample.listPages
	if x.waitFor("core", without) <= x.maxWait {
		remedy += fmt.Sprintf("; or read the repositories of failing tokens only: "+
			"--repositories failing takes about %s, and one for each such token",
			plural(without, "request"))
	}
	return remedy
}

// pagesOf tells how many pages a list of so many items has.
func pagesOf(items int) int { return max(1, (items+perPage-1)/perPage) }

// pointsOf tells how many GraphQL points a list of so many items takes. One of several pages is
// read twice.
func pointsOf(items int) int {
	if pages := pagesOf(items); pages > 1 {
		return 2 * pages
	}
	return 1
}

// questionsOf tells how many pages of such a list are asked for: after a full one another, to see
// that there is none.
func questionsOf(items int) int {
	pages := pagesOf(items)
	if last := items - (pages-1)*perPage; last == perPage || last == defaultPerPage {
		pages++
	}
	return pages
}

// minutes words a duration for people.
func minutes(d time.Duration) string {
	switch d = d.Round(time.Minute); {
	case d < time.Minute:
		return "less than a minute"
	case d < 2*time.Hour:
		return fmt.Sprintf("%d min", d/time.Minute)
	}
	return fmt.Sprintf("%d h %d min", d/time.Hour, d%time.Hour/time.Minute)
}

// atLeast gives a duration for a flag, in whole minutes.
func atLeast(d time.Duration) string {
	return fmt.Sprintf("%dm", (d+time.Minute-1)/time.Minute)
}
