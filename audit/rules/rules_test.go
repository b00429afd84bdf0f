// SPDX-License-Identifier: Apache-2.0

package rules_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"go.yaml.in/yaml/v4"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/rules"
)

var update = flag.Bool("update", false, "rewrite the parts of the pages that repeat the rules")

const casesDir = "../../testdata/rules"

// TestAll holds every rule to the house's promises: described, documented, and tested.
func TestAll(t *testing.T) {
	seen := map[string]bool{}
	for _, rule := range rules.All {
		t.Run(rule.ID, func(t *testing.T) {
			if seen[rule.ID] {
				t.Error("twice in the list")
			}
			seen[rule.ID] = true
			testDescription(t, rule)
			testPage(t, rule)
			testExamples(t, rule)
			testCases(t, rule)
		})
	}
	for pattern, ext := range map[string]string{"*.md": ".md", casesDir + "/*": ".txtar"} {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			if id, ok := strings.CutSuffix(filepath.Base(path), ext); !ok || !seen[id] {
				t.Errorf("%s belongs to no rule", path)
			}
		}
	}
}

func testDescription(t *testing.T, rule *audit.Rule) {
	if !regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`).MatchString(rule.ID) {
		t.Errorf("id %q is not in kebab case", rule.ID)
	}
	for what, text := range map[string]string{"title": rule.Title, "remedy": rule.Remedy} {
		if text == "" || strings.Contains(text, "\n") {
			t.Errorf("%s: %q, want one line", what, text)
		}
	}
	if rule.Severity == audit.NoSeverity {
		t.Error("no severity")
	}
	if rule.Guide != "" && !strings.Contains("4 5 6 7", rule.Guide) {
		t.Errorf("guide: no step %q", rule.Guide)
	}
	_, unknown := audit.ParseFacts(rule.Needs.Names())
	if unknown != "" || rule.Needs&audit.FactClassic != 0 {
		t.Errorf("needs %d are no facts", rule.Needs)
	}
	if len(rule.References) == 0 {
		t.Error("no references")
	}
	for _, r := range rule.References {
		if r.Framework == "" || r.Version == "" || r.ID == "" ||
			r.Relation != "implements" && r.Relation != "supports" {
			t.Errorf("reference %+v is not whole", r)
		}
	}
	if v, ok := rule.New().(interface{ Validate() error }); ok && v.Validate() != nil {
		t.Errorf("the defaults are refused: %v", v.Validate())
	}
}

// testPage holds a page to the rule's value. With -update it writes what repeats the value.
func testPage(t *testing.T, rule *audit.Rule) {
	page := rule.Doc
	if *update {
		text, err := os.ReadFile(rule.ID + ".md")
		if err != nil {
			t.Fatal(err)
		}
		page = string(text)
	}
	for _, section := range []string{
		"## What\n", "## The guide's words\n", "## Why\n", "## Remedy\n", "**Before**\n",
		"**After**\n", "## References\n",
	} {
		if strings.Count(page, "\n"+section) != 1 {
			t.Fatalf("%s.md needs %q once", rule.ID, strings.TrimSpace(section))
		}
	}
	want, err := generated(t, rule, page)
	if err != nil {
		t.Fatalf("%s.md: %v", rule.ID, err)
	}
	if *update {
		if err := os.WriteFile(rule.ID+".md", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, page); diff != "" {
		t.Errorf("%s.md differs from the rule; run with -update (-want +got):\n%s", rule.ID, diff)
	}
	for line := range strings.Lines(page) {
		if len(line) > 500 || strings.Contains(line, "TODO") {
			t.Errorf("%s.md: %s", rule.ID, line)
		}
	}
}

// generated returns a rule's page with the parts that the rule itself determines.
func generated(t *testing.T, rule *audit.Rule, page string) (string, error) {
	page, err := replaceBetween(page, "", "\n\n## What\n", pageHead(t, rule, page))
	if err != nil {
		return "", err
	}
	page, err = replaceBetween(page, "\n## References\n\n", "", referenceList(rule))
	if checker := combinationsOf(rule.New()); err == nil && checker != nil {
		return replaceBetween(page, "\n## Combinations\n\n", "\n\n## ", combinationTable(checker))
	}
	return page, err
}

// replaceBetween returns the page with text between two marks; an empty mark is the page's begin
// or end. A mark that is missing is an error: what to keep of the page is not known then.
func replaceBetween(page, from, to, text string) (string, error) {
	before, rest := "", page
	if from != "" {
		var found bool
		if before, rest, found = strings.Cut(page, from); !found {
			return "", fmt.Errorf("%q is missing", from)
		}
	}
	if to == "" {
		return before + from + text, nil
	}
	_, after, found := strings.Cut(rest, to)
	if !found {
		return "", fmt.Errorf("%q is missing", to)
	}
	return before + from + text + to + after, nil
}

// TestReplaceBetween: a page that lacks a mark is refused, not cut short.
func TestReplaceBetween(t *testing.T) {
	const page = "# Title\n\n## What\nWords.\n\n## References\n\nold\n"
	for _, test := range []struct{ page, from, to, want string }{
		{page, "", "\n\n## What\n", "new\n\n## What\nWords.\n\n## References\n\nold\n"},
		{page, "\n## References\n\n", "", "# Title\n\n## What\nWords.\n\n## References\n\nnew"},
		{page, "# Title\n\n", "\n\n## References", "# Title\n\nnew\n\n## References\n\nold\n"},
		{"# Title\n## References\n| a |\n", "\n## References\n\n", "", ""},
		{page, "## What\n", "\n\n## Combinations\n", ""},
		{page, "## References\n\n", "## What\n", ""},
	} {
		got, err := replaceBetween(test.page, test.from, test.to, "new")
		if got != test.want || (err != nil) != (test.want == "") {
			t.Errorf("between %q and %q of %q: %q, %v", test.from, test.to, test.page, got, err)
		}
	}
}

// pageHead is the title, the table, and the parameters with the page's own words on each.
func pageHead(t *testing.T, rule *audit.Rule, page string) string {
	var b strings.Builder
	needs, guide := rule.Needs.String(), "beyond the guide"
	if needs == "" {
		needs = "nothing but the name"
	}
	if rule.Guide != "" {
		guide = "step " + rule.Guide
	}
	fmt.Fprintf(&b, "# %s\n\n| | |\n| --- | --- |\n| ID | `%s` |\n| Severity | at most %s |\n"+
		"| Since | v0.1.0 |\n| Needs | %s |\n| Guide | %s |",
		rule.Title, rule.ID, rule.Severity, needs, guide)
	params := parametersOf(rule.New())
	if len(params) > 0 {
		b.WriteString("\n\n| Parameter | Default | Meaning |\n| --- | --- | --- |")
	}
	for _, p := range params {
		start := fmt.Sprintf("\n| `%s` |", p.name)
		_, row, ok := strings.Cut(page, start)
		row, _, _ = strings.Cut(row, "\n")
		cells := strings.Split(row, "|")
		if !ok || len(cells) != 3 || strings.TrimSpace(cells[1]) == "" {
			t.Errorf("%s.md: parameter %s has no row with a meaning", rule.ID, p.name)
			continue
		}
		fmt.Fprintf(&b, "%s %s |%s|", start, p.value, cells[1])
	}
	return b.String()
}

type parameter struct{ name, value string }

func parametersOf(checker audit.Checker) (params []parameter) {
	v := reflect.Indirect(reflect.ValueOf(checker))
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if !field.IsExported() {
			continue
		}
		value := "none"
		switch x := v.Field(i).Interface().(type) {
		case []rules.Combination:
			if len(x) > 0 {
				value = "[the table](#combinations)"
			}
		case []string:
			if len(x) > 0 {
				value = "`" + strings.Join(x, " ") + "`"
			}
		case string:
			if x != "" {
				value = "`" + x + "`"
			}
		default:
			value = fmt.Sprintf("`%v`", x)
		}
		params = append(params, parameter{field.Tag.Get("yaml"), value})
	}
	return params
}

func referenceList(rule *audit.Rule) string {
	var b strings.Builder
	for _, r := range rule.References {
		fmt.Fprintf(&b, "- %s %s %s (%s)\n", r.Framework, r.Version, r.ID, r.Relation)
	}
	return b.String()
}

func combinationsOf(checker audit.Checker) []rules.Combination {
	field := reflect.Indirect(reflect.ValueOf(checker)).FieldByName("Combinations")
	if !field.IsValid() {
		return nil
	}
	return field.Interface().([]rules.Combination)
}

func combinationTable(combinations []rules.Combination) string {
	rows := []string{"| id | needs | severity | why it is control |", "| --- | --- | --- | --- |"}
	for _, c := range combinations {
		needs := strings.ReplaceAll("`"+strings.Join(c.Needs, "` + `")+"`", "|", "` or `")
		rows = append(rows, fmt.Sprintf("| %s | %s | %s | %s |", c.ID, needs, c.Severity, c.Reason))
	}
	return strings.Join(rows, "\n")
}

// pageExample is a token of a page, with what else the rule looks at.
type pageExample struct {
	example    `yaml:",inline"`
	Policy     map[string]map[string]any `yaml:"policy"`
	Decisions  []decision                `yaml:"decisions"`
	Earlier    []sighting                `yaml:"earlier"`
	Requested  *when                     `yaml:"requested"`
	Reason     *string                   `yaml:"reason"`
	registered `yaml:",inline"`
}

// testExamples judges the page's two tokens, and holds the second to what is proposed in place of
// the first.
func testExamples(t *testing.T, rule *audit.Rule) {
	examples := map[string]*testCase{}
	for mark, want := range map[string][]audit.Status{
		"**Before**": {audit.Fail}, "**After**": {audit.Pass, audit.NotApplicable},
	} {
		_, text, _ := strings.Cut(rule.Doc, "\n"+mark+"\n")
		_, text, _ = strings.Cut(text, "```yaml\n")
		text, _, ok := strings.Cut(text, "```\n")
		if !ok {
			t.Fatalf("%s has no yaml block", mark)
		}
		c := pageExample{example: newExample()}
		if err := yaml.Load([]byte(text), &c, yaml.WithKnownFields()); err != nil {
			t.Fatalf("%s: %v", mark, err)
		}
		examples[mark] = &testCase{
			Token: c.example, Params: c.Policy, Decisions: c.Decisions, Earlier: c.Earlier,
			Requested: c.Requested, Reason: c.Reason, registered: c.registered,
		}
		got, err := examples[mark].judge(rule)
		if err != nil {
			t.Fatalf("%s: %v", mark, err)
		}
		if !slices.Contains(want, got.Status) {
			t.Errorf("%s is %s (%s), want one of %s", mark, got.Status, got.Message, want)
		}
	}
	testRemedy(t, examples["**Before**"], examples["**After**"])
}

// testRemedy holds a page's second token to what is proposed in place of its first, or to one of
// several: it has the same permissions, and no repository more.
func testRemedy(t *testing.T, before, after *testCase) {
	before.Off = append(before.Off, "unreviewed-token", "unregistered-bot")
	proposed := before.successors(t, nil)
	token, err := after.Token.token(after.Organization.organization())
	if err != nil {
		t.Fatal(err)
	}
	if len(proposed) > 0 && !slices.ContainsFunc(proposed, func(s *audit.Successor) bool {
		names := repositoriesOf(s.Token)
		return slices.Equal(s.Token.Permissions, token.Permissions) &&
			s.Token.Selection == token.Selection &&
			(s.MaxRepositories == 0 || len(token.Repositories) <= s.MaxRepositories) &&
			!slices.ContainsFunc(repositoriesOf(token), func(name string) bool {
				return len(names) > 0 && !slices.Contains(names, name)
			})
	}) {
		t.Errorf("**After** is none of what is proposed: %s", successorTexts(proposed))
	}
}

func repositoriesOf(t *audit.Token) (names []string) {
	for _, r := range t.Repositories {
		names = append(names, r.Name)
	}
	return names
}

// testCases judges the archive of a rule.
func testCases(t *testing.T, rule *audit.Rule) {
	archive, err := txtar.ParseFile(filepath.Join(casesDir, rule.ID+".txtar"))
	if err != nil {
		t.Fatal(err)
	}
	if len(archive.Files) < 3 {
		t.Errorf("only %d cases", len(archive.Files))
	}
	seen := map[string]bool{}
	for _, file := range archive.Files {
		t.Run(file.Name, func(t *testing.T) {
			if seen[file.Name] {
				t.Error("twice")
			}
			seen[file.Name] = true
			c, err := parseCase(file.Data)
			if err != nil {
				t.Fatal(err)
			}
			got, err := c.judge(rule)
			if err != nil {
				t.Fatal(err)
			}
			answer := got.Status.String()
			if got.Status == audit.Fail {
				answer += " " + got.Severity.String()
			}
			if answer != c.Want {
				t.Errorf("%s (%s), want %s", answer, got.Message, c.Want)
			}
			if diff := cmp.Diff(c.Basis, got.Basis); diff != "" {
				t.Errorf("basis (-want +got):\n%s", diff)
			}
			if c.Message != "" && c.Message != got.Message {
				t.Errorf("message %q, want %q", got.Message, c.Message)
			}
		})
	}
}
