// SPDX-License-Identifier: Apache-2.0

package sarif

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/view"
)

// readerLog is a file as a viewer reads it.
type readerLog struct {
	Runs []struct {
		Tool        tool
		Details     automationDetails `json:"automationDetails"`
		Invocations []invocation
		Results     []resultObject
	}
}

func readLog(t *testing.T, d *view.Document) *readerLog {
	t.Helper()
	log := &readerLog{}
	if err := json.Unmarshal(reporttest.Write(t, Format, d), log); err != nil {
		t.Fatal(err)
	}
	return log
}

func TestSARIFSchema(t *testing.T) {
	path := filepath.Join(reporttest.Root(t), "testdata", "schemas", "sarif-2.1.0.json")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource("sarif.json", parsed); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("sarif.json")
	if err != nil {
		t.Fatal(err)
	}
	for name, d := range reporttest.MachineDocuments() {
		written, err := jsonschema.UnmarshalJSON(bytes.NewReader(reporttest.Write(t, Format, d)))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(written); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

var ownURI = regexp.MustCompile(`^\.github/pataudit/organization(s|-[0-9a-f]+)$`)

// TestSARIFResults holds what every result promises, for every document.
func TestSARIFResults(t *testing.T) {
	for name, d := range reporttest.MachineDocuments() {
		log, categories := readLog(t, d), map[string]bool{}
		for _, run := range log.Runs {
			twice := categories[run.Details.ID] && name != "several" // which is thrice the same
			if twice || !strings.HasSuffix(run.Details.ID, "/") {
				t.Errorf("%s: category %q", name, run.Details.ID)
			}
			categories[run.Details.ID] = true
			prints, rules := map[string]bool{}, run.Tool.Driver.Rules
			for i, rule := range rules {
				if slices.IndexFunc(rules, func(r reportingRule) bool { return r.ID == rule.ID }) != i ||
					len(rule.Properties.Tags) > mostTags || rule.Help.Text == "" ||
					rule.Full.Text == "" || !strings.HasPrefix(rule.URI, audit.Home) {
					t.Errorf("%s: rule %+v", name, rule)
				}
			}
			for _, r := range run.Results {
				at := r.Locations[0].Physical
				if prints[r.Fingerprints.Primary] || rules[*r.RuleIndex].ID != r.RuleID ||
					!ownURI.MatchString(at.Artifact.URI) || at.Region.StartLine < 1 {
					t.Errorf("%s: result %+v", name, r)
				}
				prints[r.Fingerprints.Primary] = true
				if reporttest.Markup.MatchString(r.Message.Text) ||
					strings.ContainsFunc(r.Message.Text, reporttest.Hidden) {
					t.Errorf("%s: message %q", name, r.Message.Text)
				}
				harmless := r.Level == "none" && rules[*r.RuleIndex].Properties.Severity == ""
				if (r.Kind == "fail") == harmless || (r.Suppressions != nil) != (r.Kind == "informational") {
					t.Errorf("%s: kind, level and severity do not fit: %+v", name, r)
				}
			}
		}
	}
}

// TestSARIFMapping counts what becomes of each status.
func TestSARIFMapping(t *testing.T) {
	for name, want := range map[string]string{
		"violations": "map[fail/error:4 fail/warning:16 informational/none:1 review/none:3]",
		"clean":      "map[informational/none:1]",
		"incomplete": "map[fail/error:1 informational/none:1 open/none:3]",
		"none":       "map[fail/error:1]",
		"failed":     "map[fail/error:1 informational/none:1]",
	} {
		got := map[string]int{}
		for _, run := range readLog(t, reporttest.Documents()[name]).Runs {
			for _, r := range run.Results {
				got[r.Kind+"/"+r.Level]++
			}
		}
		if fmt.Sprint(got) != want {
			t.Errorf("%s: %v, want %s", name, got, want)
		}
	}
	waived := readLog(t, reporttest.Document(reporttest.Calm())).Runs[0].Results[0]
	if waived.RuleID != "long-expiration/waived" || len(waived.Suppressions) != 1 ||
		waived.Suppressions[0].Status != "accepted" ||
		!strings.Contains(waived.Suppressions[0].Justification, "by marta-h") {
		t.Errorf("waived: %+v", waived)
	}
	baseline := map[string]int{}
	for _, r := range readLog(t, reporttest.DecidedDocument()).Runs[0].Results {
		baseline[r.BaselineState]++
	}
	if baseline[""] > 0 || baseline["unchanged"] != 3 || baseline["new"] == 0 {
		t.Errorf("baseline states %v", baseline)
	}
}

// TestSARIFIncomplete: a viewer of any of the three places learns it.
func TestSARIFIncomplete(t *testing.T) {
	for _, name := range []string{
		"incomplete", "both", "empty", "hostile", "failed", "none", "several",
	} {
		places := map[string]bool{}
		for _, run := range readLog(t, reporttest.Documents()[name]).Runs {
			if !run.Invocations[0].Successful {
				places["invocation"] = true
			}
			for _, n := range run.Invocations[0].Notifications {
				if n.Level == "error" && n.Descriptor.ID == evidenceIncomplete {
					places["notification"] = true
				}
			}
			if len(run.Results) > 0 && run.Results[0].RuleID == evidenceIncomplete &&
				run.Results[0].Level == "error" {
				places["result"] = true
			}
		}
		if len(places) != 3 {
			t.Errorf("%s: said in %v only", name, places)
		}
	}
	d := reporttest.Document(reporttest.Calm(), reporttest.Violating())
	for _, run := range readLog(t, d).Runs {
		if !run.Invocations[0].Successful {
			t.Error("complete, yet not successful")
		}
	}
}

// TestSARIFFingerprints: a finding keeps its own when its token changes its name and owner, and
// when another one goes.
func TestSARIFFingerprints(t *testing.T) {
	prints := func(e *audit.Evidence) map[string]string {
		got := map[string]string{}
		for _, r := range readLog(t, reporttest.Document(e)).Runs[0].Results {
			got[fmt.Sprint(r.RuleID, r.Properties.Grant)] = r.Fingerprints.Primary
		}
		return got
	}
	before, changed := prints(reporttest.Violating()), reporttest.Violating()
	changed.Tokens = changed.Tokens[1:]
	changed.Organization.Login = "renamed"
	for _, token := range changed.Tokens {
		token.Name, token.Owner.Login = token.Name+"-renamed", "someone"
	}
	same := 0
	for key, print := range prints(changed) {
		if before[key] == print {
			same++
		} else if before[key] != "" {
			t.Errorf("%s: another fingerprint", key)
		}
	}
	if same < 20 {
		t.Errorf("only %d findings are the same", same)
	}
	changed.Organization.ID = 7
	for key, print := range prints(changed) {
		if before[key] == print {
			t.Errorf("%s: the fingerprint of another organization's", key)
		}
	}
}

// TestSARIFLimits: what is left out is said, and it is the mildest.
func TestSARIFLimits(t *testing.T) {
	for n, want := range map[int]struct {
		results int
		text    string
	}{
		100: {}, 20_000: {0, "GitHub shows 5000"}, 90_000: {mostResults, "are left out"},
	} {
		run := readLog(t, reporttest.Document(reporttest.Many(n))).Runs[0]
		text := ""
		if run.Results[0].RuleID == resultsNotShown {
			text = run.Results[0].Message.Text
		}
		if !strings.Contains(text, want.text) || (text == "") != (want.text == "") ||
			want.results > 0 && len(run.Results) > want.results {
			t.Errorf("%d tokens: %d results, %q", n, len(run.Results), text)
		}
		levels := []string{"error", "warning", "note", "none"}
		if !slices.IsSortedFunc(run.Results[1:], func(a, b resultObject) int {
			return slices.Index(levels, a.Level) - slices.Index(levels, b.Level)
		}) {
			t.Errorf("%d tokens: not the worst first", n)
		}
	}
	var organizations []*audit.Evidence
	for i := range 25 {
		e := reporttest.Calm()
		if e.Organization.ID = int64(i + 1); i == 24 {
			e = reporttest.Violating()
		}
		organizations = append(organizations, e)
	}
	log := readLog(t, reporttest.Document(organizations...))
	if len(log.Runs) != mostRuns || log.Runs[0].Invocations[0].Successful ||
		!strings.Contains(log.Runs[0].Results[0].Message.Text, "6 organizations left out") ||
		log.Runs[1].Details.ID != "pataudit/organization-652551/" {
		t.Errorf("%d runs, the first about %+v", len(log.Runs), log.Runs[0].Results)
	}
}
