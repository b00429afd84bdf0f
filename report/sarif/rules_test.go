// SPDX-License-Identifier: Apache-2.0

package sarif

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/rulepage"
)

// TestSARIFSeverities: what ranks a result is its own severity, though GitHub takes it from the
// rule; what does not break the policy has none.
func TestSARIFSeverities(t *testing.T) {
	for name, d := range reporttest.MachineDocuments() {
		for i, run := range readLog(t, d).Runs {
			for _, r := range run.Results {
				want, rule := "", run.Tool.Driver.Rules[*r.RuleIndex]
				if r.Kind == "fail" && r.Properties != nil {
					severity, err := audit.ParseSeverity(*r.Properties.Severity)
					if err != nil {
						t.Fatal(err)
					}
					want = securitySeverity[severity]
				}
				if rule.Properties.Severity != want || r.Properties != nil && rule.Default.Level != r.Level {
					t.Errorf("%s, run %d: %s has %q, want %q", name, i, r.RuleID,
						rule.Properties.Severity, want)
				}
			}
		}
	}
	milder := reporttest.Judged(reporttest.Violating(), func(p *audit.Policy) {
		for i := range p.Rules {
			if p.Rules[i].Rule.ID == "toxic-permissions" {
				p.Rules[i].Checker = reporttest.Check(func(s *audit.Subject) audit.Verdict {
					v := reporttest.Toxic(s)
					v.Severity = audit.Medium
					return v
				})
			}
		}
	})
	found := map[string]string{}
	for _, rule := range readLog(t, milder).Runs[0].Tool.Driver.Rules {
		found[rule.ID] = rule.Properties.Severity + " " + rule.Short.Text
	}
	if found["toxic-permissions"] != "9.5 Permissions that together give control" ||
		found["toxic-permissions/medium"] != "5.5 Permissions that together give control (medium)" {
		t.Errorf("%v", found)
	}
}

// TestSARIFHelp: it begins with what is wrong and what to do; nothing of the page is lost.
func TestSARIFHelp(t *testing.T) {
	pages, err := filepath.Glob(filepath.Join(reporttest.Root(t), "audit", "rules", "*.md"))
	if err != nil || len(pages) < 20 {
		t.Fatal(pages, err)
	}
	for _, path := range pages {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		page := string(text)
		help := helpPage(page)
		if !strings.HasPrefix(plainPage(help), rulepage.Section(page, "What")) {
			t.Errorf("%s: begins with %.80q", path, help)
		}
		remedy, table := strings.Index(help, "## Remedy"),
			strings.Index(help, "| Since |")
		if remedy < 0 || strings.Count(help[:remedy], "\n## ") > 0 || table < remedy {
			t.Errorf("%s: remedy at %d, table at %d", path, remedy, table)
		}
		_, below, _ := strings.Cut(page, "\n")
		for line := range strings.Lines(below) {
			if line = strings.TrimSpace(line); line != "## What" && !strings.Contains(help, line) {
				t.Errorf("%s: lost %q", path, line)
			}
		}
		if linked := linkedPage(help, "x"); strings.Contains(linked, "](#") {
			t.Errorf("%s: a link to itself", path)
		}
	}
	if got := helpPage("# Title"); got != "" {
		t.Errorf("a page without a section helps with %q", got)
	}
}

func TestSARIFRules(t *testing.T) {
	driver := readLog(t, reporttest.Referring(reporttest.Violating())).Runs[0].Tool.Driver
	for _, rule := range driver.Rules {
		if rule.ID != "long-expiration" {
			continue
		}
		if rule.Name != "LongExpiration" || rule.Properties.Severity != "5.5" ||
			rule.Default.Level != "warning" || rule.Full.Text != "A token, as x says." ||
			!strings.Contains(rule.Help.Text, "c: d") ||
			!strings.Contains(rule.Help.Markdown, "[x]("+rulepage.URI("no-expiration")+")") ||
			!slices.Contains(rule.Properties.Tags, "NIST SP 800-53 AC-6(1)") {
			t.Errorf("%+v", rule)
		}
		return
	}
	t.Error("no such rule")
}
