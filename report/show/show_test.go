// SPDX-License-Identifier: Apache-2.0

package show

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/clipperhouse/displaywidth"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/rulepage"
	"github.com/complytime/pataudit/report/view"
)

// checkScreen holds what is printed to the width, and to plain visible text.
func checkScreen(t *testing.T, out string, width int) {
	t.Helper()
	for line := range strings.Lines(out) {
		text := strings.TrimSuffix(line, "\n")
		if n := displaywidth.String(text); n > width {
			t.Errorf("%d columns of %d: %q", n, width, text)
		}
		if strings.ContainsFunc(text, reporttest.Hidden) || strings.Contains(text, "##[") ||
			strings.HasPrefix(strings.TrimSpace(text), "::") {
			t.Errorf("line %q", text)
		}
	}
}

func ShowToken(t *testing.T, run *audit.Run, v view.View, match func(*audit.Token) bool) string {
	of := func(r *audit.Result) bool { return match(r.Token) }
	return reporttest.Printed(t, func(w io.Writer) error {
		_, err := Token(w, run, of, nil, v)
		return err
	})
}

func showOwner(t *testing.T, run *audit.Run, v view.View, login string) string {
	return reporttest.Printed(t, func(w io.Writer) error {
		_, err := Owner(w, run, login, v)
		return err
	})
}

func showRepository(t *testing.T, run *audit.Run, v view.View, name string) string {
	return reporttest.Printed(t, func(w io.Writer) error {
		_, err := Repository(w, run, name, v)
		return err
	})
}

func TestShowGoldens(t *testing.T) {
	e := reporttest.Incomplete(reporttest.Violating())
	open := reporttest.Token(199, "someone's", nil)
	open.Known &^= audit.FactOwner | audit.FactMembership
	e.Tokens = append(e.Tokens, open)
	run := audit.Evaluate(e, reporttest.DecidedPolicy(), reporttest.DecidedOptions)
	named := func(names ...string) func(*audit.Token) bool {
		return func(t *audit.Token) bool { return strings.Contains(strings.Join(names, "|"), t.Name) }
	}
	all := view.View{Only: view.OnlyAll}
	for name, out := range map[string]string{
		"show-token": ShowToken(t, run, view.View{},
			named("asdf", "release-bot-legacy", "agent-kit")),
		"show-token-all":  ShowToken(t, run, all, named("waived-mirror", "sync-everything")),
		"show-owner":      showOwner(t, run, view.View{}, "JDOE"),
		"show-owner-asks": showOwner(t, run, view.View{Width: 80}, "tsuki"),
		"show-repository": showRepository(t, run, view.View{}, "repo-20"),
		"show-writers":    showRepository(t, run, view.View{Width: 80}, "Complytime/Repo-01"),
	} {
		reporttest.Golden(t, name+".table", []byte(out))
	}
}

func TestShowFinds(t *testing.T) {
	run := reporttest.Document(reporttest.Violating()).Runs[0]
	blind := reporttest.Violating()
	blind.Organization.Known = 0
	unlisted := reporttest.Document(blind).Runs[0]
	for _, c := range []struct {
		what string
		show func(io.Writer) (bool, error)
		want bool
	}{
		{"owner", func(w io.Writer) (bool, error) {
			return Owner(w, run, "bob", view.View{})
		}, true},
		{"no owner", func(w io.Writer) (bool, error) {
			return Owner(w, run, "bo", view.View{})
		}, false},
		{"no token", func(w io.Writer) (bool, error) {
			return Token(w, run, func(*audit.Result) bool { return false }, nil, view.View{})
		}, false},
		{"repository", func(w io.Writer) (bool, error) {
			return Repository(w, run, "repo-38", view.View{})
		}, true},
		{"no repository", func(w io.Writer) (bool, error) {
			return Repository(w, run, "repo-39", view.View{})
		}, false},
		{"perhaps a repository", func(w io.Writer) (bool, error) {
			return Repository(w, unlisted, "repo-39", view.View{})
		}, true},
	} {
		var b bytes.Buffer
		got, err := c.show(&b)
		if got != c.want || err != nil || (b.Len() > 0) != c.want {
			t.Errorf("%s: %v, %v, %d bytes", c.what, got, err, b.Len())
		}
	}
	var b bytes.Buffer
	_, _ = Repository(&b, unlisted, "repo-39", view.View{})
	if !strings.Contains(b.String(), "NOT KNOWN") {
		t.Errorf("claims to know:\n%s", b.String())
	}
}

// The worst right comes first; a level or a name that is not known is never the mildest.
func TestShowRepositoryOrder(t *testing.T) {
	e := reporttest.Calm()
	e.Tokens = nil
	for i, right := range []string{
		"metadata:read", "issues:write", "pull_requests:write", "contents:write", "brand_new:write",
		"administration:write", "administration:read", "contents:owner",
	} {
		name, level, _ := strings.Cut(right, ":")
		one := reporttest.Token(
			int64(i+1),
			strings.ReplaceAll(right, ":", "-"),
			reporttest.Member(1, "bob", audit.RoleMember),
		)
		one.Permissions = []audit.Permission{{Group: audit.GroupRepository, Name: name, Level: level}}
		e.Tokens = append(e.Tokens, one)
	}
	blind := reporttest.Token(50, "blind", reporttest.Member(1, "bob", audit.RoleMember))
	blind.Known &^= audit.FactRepositories
	e.Tokens = append(e.Tokens, blind)
	out := showRepository(t, reporttest.Document(e).Runs[0], view.View{}, "repo-02")
	at := 0
	for _, name := range []string{
		"administration-write (", "brand_new-write (", "contents-owner (", "contents-write (",
		"pull_requests-write (", "issues-write (", "READ", "metadata-read (", "MAY", "blind (",
	} {
		i := strings.Index(out[at:], name)
		if i < 0 {
			t.Fatalf("%s is not in its place:\n%s", name, out)
		}
		at += i
	}
}

func TestShowHostile(t *testing.T) {
	run := reporttest.HostileDocument().Runs[0]
	v := view.View{Width: 72}
	for i, payload := range reporttest.Payloads {
		checkScreen(t, showOwner(t, run, v, payload), 72)
		if i%4 == 0 {
			checkScreen(t, showRepository(t, run, v, "o/"+payload), 72)
		}
	}
	for _, width := range []int{60, 160} {
		v := view.View{Width: width, Only: view.OnlyAll}
		checkScreen(t, ShowToken(t, run, v, func(*audit.Token) bool { return true }), width)
		checkScreen(t, showRepository(t, run, v, "repo-02"), width)
	}
}

func ruleOf(t *testing.T, file string) *audit.PolicyRule {
	t.Helper()
	doc, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return &audit.PolicyRule{
		Rule: &audit.Rule{
			ID: strings.TrimSuffix(filepath.Base(file), ".md"), Title: "T", Doc: string(doc),
			Needs: audit.FactExpiry | audit.FactGranted, Guide: "4", Remedy: "Do it.",
			References: []audit.Reference{{Framework: "F", Version: "1", ID: "X", Relation: "supports"}},
		},
		Severity: audit.High, Asked: true, Required: true,
	}
}

// Every page of the real rules reads well in a terminal.
func TestRule(t *testing.T) {
	pages, err := filepath.Glob(filepath.Join(reporttest.Root(t), "audit", "rules", "*.md"))
	if err != nil || len(pages) == 0 {
		t.Fatal(pages, err)
	}
	parameters := []Parameter{{"max_days", "integer", "90", "30"}, {"allow", "list", "", ""}}
	for _, page := range pages {
		for _, width := range []int{60, 100} {
			r := ruleOf(t, page)
			out := reporttest.Printed(
				t,
				func(w io.Writer) error { return Rule(w, r, parameters, view.View{Width: width}) },
			)
			checkScreen(t, out, width)
			for _, mark := range []string{"**", "`", "](", "| ", "##", "\n> ", "\n- ", "---"} {
				if strings.Contains(out, mark) {
					t.Errorf("%s: %q in\n%s", page, mark, out)
				}
			}
			words := strings.Join(strings.Fields(out), " ")
			for _, want := range []string{"What", "Remedy", "References", "default 90, here 30"} {
				if !strings.Contains(words, want) {
					t.Errorf("%s does not say %q:\n%s", page, want, out)
				}
			}
			for _, b := range rulepage.Blocks(r.Rule.Doc)[1:] {
				first := strings.Fields(b.Text)
				first = first[:min(2, len(first))]
				if b.Kind == rulepage.Paragraph && !strings.Contains(words, strings.Join(first, " ")) {
					t.Errorf("%s: %q is lost", page, b.Text)
				}
			}
		}
	}
	long := ruleOf(t, filepath.Join(reporttest.Root(t), "audit", "rules", "long-expiration.md"))
	reporttest.Golden(t, "rule.table", []byte(reporttest.Printed(t, func(w io.Writer) error {
		return Rule(w, long, parameters[:1], view.View{Width: 80})
	})))
	reporttest.Golden(t, "rule.json", []byte(reporttest.Printed(t, func(w io.Writer) error {
		return RuleJSON(w, long, parameters)
	})))
	toxic := ruleOf(t, filepath.Join(reporttest.Root(t), "audit", "rules", "toxic-permissions.md"))
	reporttest.Golden(t, "rule-toxic.table", []byte(reporttest.Printed(t, func(w io.Writer) error {
		return Rule(w, toxic, nil, view.View{Width: 80})
	})))
}

func TestRuleOfAnyPage(t *testing.T) {
	for _, doc := range append([]string{
		"", "#", "# T", "|", "| a |", "```", "```\nx",
		"# T\n\n## S\n- a\n  b\n\n> q\n```\n\n```\n|a|\n|-|",
	}, reporttest.Payloads...) {
		r := &audit.PolicyRule{Rule: &audit.Rule{ID: doc, Title: doc}}
		r.Rule.Doc = "# " + doc + "\n## x\n" + doc
		checkScreen(t, reporttest.Printed(t, func(w io.Writer) error {
			return Rule(w, r, []Parameter{{doc, doc, doc, ""}}, view.View{Width: 70})
		}), 70)
		r.Rule.Doc = doc
		checkScreen(
			t,
			reporttest.Printed(t, func(w io.Writer) error { return Rule(w, r, nil, view.View{}) }),
			100,
		)
	}
}
