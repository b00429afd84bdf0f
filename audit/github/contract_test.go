// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/complytime/pataudit/audit/github/githubtest"
)

// contractFolder names the environment variable with the folder into which `make contract`
// installs GitHub's descriptions.
const contractFolder = "PATAUDIT_CONTRACT"

// contract is what GitHub says of its two APIs.
type contract struct {
	rest  []*description // of github.com, Enterprise Cloud, Enterprise Server
	graph *ast.Schema
}

var readContract = sync.OnceValues(func() (*contract, error) {
	modules := filepath.Join(os.Getenv(contractFolder), "node_modules", "@octokit")
	c := new(contract)
	for _, name := range []string{"api.github.com", "ghec", "ghes-3.19"} {
		d, err := readDescription(filepath.Join(modules, "openapi", "generated"), name)
		if err != nil {
			return nil, err
		}
		c.rest = append(c.rest, d)
	}
	var err error
	c.graph, err = readSchema(filepath.Join(modules, "graphql-schema", "schema.graphql"))
	return c, err
})

// theContract skips a test where the descriptions are not installed, but not in a full run.
func theContract(t *testing.T) *contract {
	t.Helper()
	if os.Getenv(contractFolder) == "" {
		if os.Getenv("PATAUDIT_TEST_FULL") == "1" {
			t.Fatal(contractFolder + " is not set: a full run needs what `make contract` installs")
		}
		t.Skip(contractFolder + " is not set: run `make contract`")
	}
	c, err := readContract()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// exceptions are where we deviate from a description on purpose, or it is known to be wrong. An
// empty field fits everything. One that nothing needs any more fails.
var exceptions = []*exception{
	{
		problem: "422: at '': additional properties 'status'",
		why:     "GitHub adds the status to every failure, and describes it of most",
	},
	{
		operation: "GET /app/installations",
		problem:   "at '/*/account': ",
		why:       "the list says allOf where a single installation has anyOf: user or enterprise",
	},
	{
		operation: "GET /app/installations", problem: "additional properties 'client_id'",
		why: "described of a single installation, and githubtest has one record for both",
	},
	{
		operation: "GET /rate_limit", problem: "missing property 'rate'",
		why: "the description is of version 2022-11-28; 2026-03-10 removed it",
	},
	{
		description: "api.github.com", operation: "GET /orgs/{org}/audit-log",
		problem: "is not described", why: "only Enterprise Cloud and Enterprise Servers have it",
	},
	{
		description: "api.github.com", operation: "GET /orgs/{org}/credential-authorizations",
		problem: "is not described", why: "only Enterprise Cloud has it",
	},
	{
		description: "ghes-3.19", operation: "GET /orgs/{org}/credential-authorizations",
		problem: "is not described", why: "only Enterprise Cloud has it",
	},
	{
		operation: "GET /orgs/{org}/audit-log",
		problem: "additional properties 'repository_selection', 'user_programmatic_access_id', " +
			"'user_programmatic_access_name'",
		why: "the description has few of the fields that GitHub documents by event",
	},
	{
		operation: "GET /orgs/{org}/audit-log",
		problem:   "additional properties 'old_permission', 'permission'",
		why:       "likewise: the role of a member before and after it changed",
	},
}

// unasked are the endpoints of githubtest that the client never asks for, and why they are served.
// Those by /organizations/{id} stand for the same by /orgs/{org}.
var unasked = map[string]string{
	"GET /rate_limit":            "for what checks the quota",
	"DELETE /installation/token": "for what a cautious workflow does at its end",
}

type exception struct {
	description, operation, problem, why string

	used bool
}

func deliberate(description, operation, problem string) bool {
	for _, e := range exceptions {
		if (e.description == "" || e.description == description) &&
			(e.operation == "" || e.operation == operation) && strings.Contains(problem, e.problem) {
			e.used = true
			return true
		}
	}
	return false
}

// TestContract holds that GitHub describes each request that the client sends as valid, and each
// answer that githubtest gives; and that the scenarios leave no endpoint of githubtest out.
func TestContract(t *testing.T) {
	c := theContract(t)
	var asked []*recorded
	for _, scenario := range contractScenarios {
		t.Run(scenario.name, func(t *testing.T) {
			kept := record(t, scenario.prepare, scenario.run)
			c.check(t, kept)
			asked = append(asked, kept...)
		})
	}
	t.Run("tour", func(t *testing.T) { c.check(t, tour(t)) })
	for _, route := range githubtest.Routes() {
		why, left := unasked[route]
		switch got := answered(asked, route); {
		case got && left:
			t.Errorf("%s is asked: it is unasked no more (%s)", route, why)
		case !got && !left:
			t.Errorf("no scenario lets the client ask for %s", route)
		}
	}
	for _, e := range exceptions {
		if !e.used {
			t.Errorf("this exception is not needed any more: %+v", *e)
		}
	}
}

func answered(all []*recorded, route string) bool {
	method, pattern, _ := strings.Cut(route, " ")
	pattern = strings.Replace(pattern, "/organizations/{id}", "/orgs/{org}", 1)
	for _, r := range all {
		_, fits := fit(pattern, documented(r.path()))
		if fits && r.method == method && r.status < http.StatusMultipleChoices {
			return true
		}
	}
	return false
}

// check reports what is wrong with requests and their answers.
func (c *contract) check(t *testing.T, all []*recorded) {
	t.Helper()
	if len(all) == 0 {
		t.Error("nothing was sent")
	}
	for _, problem := range c.problems(all) {
		t.Error(problem)
	}
}

// problems are what is wrong with requests and answers: each once, with the descriptions that say
// so.
func (c *contract) problems(all []*recorded) []string {
	found := map[string][]string{}
	note := func(description, operation string, problems []string) {
		for _, problem := range problems {
			text := operation + ": " + problem
			if !deliberate(description, operation, problem) &&
				!slices.Contains(found[text], description) {
				found[text] = append(found[text], description)
			}
		}
	}
	for _, r := range all {
		if r.path() == "/graphql" {
			note("the GraphQL schema", "POST /graphql", c.checkGraphQL(r))
			continue
		}
		name := c.operationName(r)
		for _, d := range c.rest {
			note(d.name, name, d.checkExchange(r))
		}
	}
	var problems []string
	for _, text := range slices.Sorted(maps.Keys(found)) {
		problems = append(problems, text+" (says "+strings.Join(found[text], ", ")+")")
	}
	return problems
}

// operationName is GitHub's, or the path itself if no description has it.
func (c *contract) operationName(r *recorded) string {
	for _, d := range c.rest {
		if o, ok := d.operation(r.method, documented(r.path())); ok {
			return o.name
		}
	}
	return r.method + " " + r.path()
}

// checkExchange returns what is wrong with a request of ours, and with any answer.
func (d *description) checkExchange(r *recorded) (problems []string) {
	o, ok := d.operation(r.method, documented(r.path()))
	if !ok {
		return []string{"is not described"}
	}
	if r.ours {
		problems = append(o.checkParameters(r.url.Query()), o.checkBody(r.body)...)
	}
	for _, problem := range o.checkAnswer(r.status, r.header, r.answer) {
		problems = append(problems, strconv.Itoa(r.status)+": "+problem)
	}
	return problems
}

// documented returns the path that is described in place of the one in GitHub's own Link headers
// and redirects, which name an organization by its id.
func documented(path string) string {
	if rest, ok := strings.CutPrefix(path, "/organizations/"); ok {
		return "/orgs/" + rest
	}
	return path
}

func (c *contract) checkGraphQL(r *recorded) []string {
	operation, problems := checkQuery(c.graph, r.body)
	if operation != nil && r.status == http.StatusOK {
		problems = append(problems, checkData(c.graph, operation, r.answer)...)
	}
	return problems
}
