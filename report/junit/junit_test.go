// SPDX-License-Identifier: Apache-2.0

package junit

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/view"
)

// The schema that Jenkins checks, writer-10.xsd, as far as we use it: per element its attributes,
// those that are required with a "!", and its children. Of time, Ant's schema and readers that
// add it up require it.
var schema = map[string]struct{ attrs, children []string }{
	"testsuites": {[]string{"name", "tests", "failures", "errors", "time!"}, []string{"testsuite"}},
	"testsuite": {
		[]string{"name!", "tests!", "failures!", "errors!", "skipped", "time!", "timestamp"},
		[]string{"properties", "testcase"},
	},
	"properties": {nil, []string{"property"}},
	"property":   {[]string{"name!", "value!"}, nil},
	"testcase": {
		[]string{"classname", "name!", "time!"}, []string{"failure", "error", "skipped", "system-out"},
	},
	"failure":    {[]string{"type", "message"}, nil},
	"error":      {[]string{"type", "message"}, nil},
	"skipped":    {[]string{"type", "message"}, nil},
	"system-out": {},
}

func checkSchema(t *testing.T, n *reporttest.Node) {
	t.Helper()
	is, known := schema[n.Name]
	if !known {
		t.Errorf("element %s", n.Name)
	}
	for name := range n.Attrs {
		if !slices.Contains(is.attrs, name) && !slices.Contains(is.attrs, name+"!") {
			t.Errorf("%s has the attribute %s", n.Name, name)
		}
	}
	for _, name := range is.attrs {
		required, must := strings.CutSuffix(name, "!")
		if _, there := n.Attrs[required]; must && !there {
			t.Errorf("%s has no attribute %s", n.Name, required)
		}
	}
	for _, child := range n.Children {
		if !slices.Contains(is.children, child.Name) {
			t.Errorf("%s in %s", child.Name, n.Name)
		}
		checkSchema(t, child)
	}
	if len(is.children) > 0 && strings.TrimSpace(n.Text) != "" {
		t.Errorf("text in %s: %q", n.Name, n.Text)
	}
}

func numberIn(t *testing.T, n *reporttest.Node, attr string) int {
	t.Helper()
	v, err := strconv.Atoi(n.Attrs[attr])
	if err != nil {
		t.Errorf("%s %s: %v", n.Name, attr, err)
	}
	return v
}

// checkCounts holds each suite's figures against its cases, and gives the cases' own.
func checkCounts(t *testing.T, root *reporttest.Node) (perSuite []map[string]int) {
	t.Helper()
	sum := map[string]int{}
	for _, suite := range root.Children {
		counts := map[string]int{}
		for _, c := range reporttest.JUnitCases(t, suite) {
			counts["tests"]++
			counts[reporttest.JUnitOutcome(t, c)]++
		}
		for attr, outcome := range map[string]string{
			"tests": "tests", "failures": "failure", "errors": "error", "skipped": "skipped",
		} {
			if got := numberIn(t, suite, attr); got != counts[outcome] {
				t.Errorf("%s: %s %d, want %d", suite.Attrs["name"], attr, got, counts[outcome])
			}
			sum[attr] += counts[outcome]
		}
		perSuite = append(perSuite, counts)
	}
	for _, attr := range []string{"tests", "failures", "errors"} {
		if got := numberIn(t, root, attr); got != sum[attr] {
			t.Errorf("all: %s %d, want %d", attr, got, sum[attr])
		}
	}
	return perSuite
}

// Whatever is shown, there are failures exactly if there are violations, and errors exactly if
// something was not seen.
func TestJUnit(t *testing.T) {
	views := []view.View{
		{},
		{Only: view.OnlyFailing},
		{Only: view.OnlyAll},
		{Filter: view.Filter{Owners: []string{"nobody"}}},
		{Filter: view.Filter{Rules: []string{"undescriptive-name"}}, Only: view.OnlyAll},
		{Filter: view.Filter{Severity: audit.Critical}},
	}
	for name, d := range reporttest.Documents() {
		for _, d.View = range views {
			written := reporttest.Write(t, Format, d)
			if s := strings.ReplaceAll(
				string(written),
				"\n",
				"",
			); strings.ContainsFunc(s, reporttest.Hidden) ||
				strings.Contains(s, "##[") ||
				strings.Contains(s, "::") {
				t.Errorf("%s: not visible, or a runner command", name)
			}
			root := reporttest.ParseXML(t, written)
			checkSchema(t, root)
			suites := checkCounts(t, root)
			if want := max(1, len(d.Runs)+len(d.Failed)); len(suites) != want {
				t.Fatalf("%s: %d suites, want %d", name, len(suites), want)
			}
			for i, suite := range suites {
				violations, whole := false, false
				if i < len(d.Runs) {
					o := d.Runs[i].Outcome()
					violations = o == audit.Violations || o == audit.ViolationsIncomplete
					whole = d.Runs[i].Complete
				}
				if (suite["failure"] > 0) != violations || (suite["error"] > 0) == whole {
					t.Errorf("%s %+v, suite %d: %v", name, d.View, i, suite)
				}
			}
		}
	}
}

func TestJUnitOutcomes(t *testing.T) {
	d := reporttest.Documents()["decided"]
	cases := reporttest.JUnitCases(
		t,
		reporttest.ParseXML(t, reporttest.Write(t, Format, d)).Children[0],
	)
	e := reporttest.Incomplete(reporttest.Violating())
	e.Tokens[0].Owner.TwoFactor = nil // whose rule is not required
	e.Tokens[0].Known &^= audit.FactTwoFactor
	suites := reporttest.ParseXML(t, reporttest.Write(t, Format, reporttest.Document(e)))
	for key, c := range reporttest.JUnitCases(t, suites.Children[0]) {
		cases["incomplete: "+key] = c
	}
	for key, want := range map[string]struct{ outcome, kind, message string }{
		"audit / the evidence is complete":  {"", "", ""},
		"audit / nothing breaks the policy": {"failure", "violations", "16 of"},
		"toxic-permissions / token 90101, grant 101: release-bot-legacy (jdoe)": {
			"failure", "critical", "admin",
		},
		"undescriptive-name / token 90103, grant 103: asdf (jdoe)": {
			"skipped", "info", "below",
		},
		"long-expiration / token 90103, grant 103: asdf (jdoe)": {
			"failure", "medium", "366 days",
		},
		"long-expiration / token 90106, grant 106: nightly-02 (bob)": {
			"skipped", "medium", "accepted",
		},
		"long-expiration / token 90122, grant 122: waived-mirror (tsuki)": {
			"skipped", "waived", "300 days",
		},
		"toxic-permissions / token 90900, request 900: agent-kit (tsuki)": {
			"failure", "critical", "admin",
		},
		"toxic-permissions / other tokens":             {"", "", ""},
		"unreviewed-token / every token":               {"skipped", "not asked", "asked"},
		"incomplete: audit / the evidence is complete": {"error", "incomplete", "refused"},
		"incomplete: toxic-permissions / token 90900, request 900: agent-kit (tsuki)": {
			"skipped", "critical", "does not count",
		},
		"incomplete: broad-selection / token 90100, grant 100: org-ai-access (bob)": {
			"error", "indeterminate", "not learned",
		},
		"incomplete: owner-without-2fa / token 90100, grant 100: org-ai-access (bob)": {
			"skipped", "indeterminate", "not required",
		},
	} {
		prefix, rest, some := strings.Cut(key, ": ")
		at := "complytime." + key
		if some && prefix == "incomplete" {
			at = "incomplete: complytime." + rest
		}
		c := cases[at]
		if c == nil {
			t.Errorf("no case %q", at)
			continue
		}
		if got := reporttest.JUnitOutcome(t, c); got != want.outcome {
			t.Errorf("%s: %q, want %q", key, got, want.outcome)
		} else if got != "" && (c.Children[0].Attrs["type"] != want.kind ||
			!strings.Contains(c.Children[0].Attrs["message"], want.message)) {
			t.Errorf("%s: %v, want %v", key, c.Children[0].Attrs, want)
		}
	}
}

// A rule that passes for no token has no passing case, and incomplete evidence no clean policy.
func TestJUnitClaimsNoPass(t *testing.T) {
	e := reporttest.Calm()
	for _, token := range e.Tokens {
		token.Selection = audit.SelectNone
	}
	e.Coverage[1].Status = audit.Refused
	cases := reporttest.JUnitCases(
		t,
		reporttest.ParseXML(t, reporttest.Write(t, Format, reporttest.Document(e))).Children[0],
	)
	for _, key := range []string{
		"quiet-org.broad-selection / other tokens", "quiet-org.audit / nothing breaks the policy",
	} {
		if c := cases[key]; c == nil || reporttest.JUnitOutcome(t, c) != "skipped" {
			t.Errorf("%s: %v", key, c)
		}
	}
}
