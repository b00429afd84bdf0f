// SPDX-License-Identifier: Apache-2.0

package html

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/words"
)

// listedIn returns the tokens that the script finds in a page.
func listedIn(t *testing.T, page []byte) (tokens []*listedToken) {
	t.Helper()
	for _, script := range reporttest.Nodes(reporttest.ParseHTML(t, page), "script") {
		if reporttest.Attribute(script, "class") != "data" {
			continue
		}
		var part []*listedToken
		if err := json.Unmarshal([]byte(reporttest.TextOf(script)), &part); err != nil {
			t.Fatal(err)
		}
		tokens = append(tokens, part...)
	}
	return tokens
}

// TestHTMLPolicy: the page names its script and its style by what they are, and allows nothing
// else that could load or run.
func TestHTMLPolicy(t *testing.T) {
	root := reporttest.ParseHTML(
		t,
		reporttest.Write(t, Format, reporttest.Document(reporttest.Violating())),
	)
	policy := ""
	for _, meta := range reporttest.Nodes(root, "meta") {
		if reporttest.Attribute(meta, "http-equiv") == "Content-Security-Policy" {
			policy = reporttest.Attribute(meta, "content")
		}
	}
	hashes := func(name string) (sources string) {
		for _, n := range reporttest.Nodes(root, name) {
			if reporttest.Attribute(n, "type") == "" {
				sum := sha256.Sum256([]byte(reporttest.TextOf(n)))
				sources += " 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
			}
		}
		return sources
	}
	want := "default-src 'none'; script-src" + hashes("script") + "; style-src" + hashes("style") +
		"; img-src data:; base-uri 'none'; form-action 'none'"
	if policy != want {
		t.Errorf("policy %s, want %s", policy, want)
	}
}

// TestHTMLSelfContained: nothing is loaded, every link leads to GitHub's settings or into the page
// to something that is there.
func TestHTMLSelfContained(t *testing.T) {
	const settings = "https://github.com/organizations/complytime/settings/" +
		"personal-access-tokens/active"
	for name, d := range reporttest.Documents() {
		root := reporttest.ParseHTML(t, reporttest.Write(t, Format, d))
		ids := map[string]bool{}
		for _, n := range reporttest.Nodes(root, "") {
			if id := reporttest.Attribute(n, "id"); id != "" && ids[id] {
				t.Errorf("%s: the id %s is there twice", name, id)
			} else {
				ids[id] = true
			}
		}
		for _, n := range reporttest.Nodes(root, "") {
			for _, a := range n.Attr {
				target, inside := strings.CutPrefix(a.Val, "#")
				switch {
				case a.Key == "src", a.Key == "srcset", a.Key == "action", a.Key == "style",
					strings.HasPrefix(a.Key, "on"):
					t.Errorf("%s: <%s %s=%q>", name, n.Data, a.Key, a.Val)
				case a.Key == "aria-labelledby":
					for id := range strings.FieldsSeq(a.Val) {
						if !ids[id] && id != "panel-title" {
							t.Errorf("%s: nothing has the id %s", name, id)
						}
					}
				case a.Key != "href", n.Data == "link" && a.Val == "data:,":
				case inside && !ids[target]:
					t.Errorf("%s: a link to %s, which is not there", name, a.Val)
				case !inside && a.Val != settings &&
					a.Val != strings.ReplaceAll(settings, "complytime", "quiet-org"):
					t.Errorf("%s: a link to %s", name, a.Val)
				}
			}
		}
	}
}

// shape is a page's elements and attributes without its texts, and without the places where these
// may be broken into lines.
func shape(root *html.Node) (lines []string) {
	for _, n := range reporttest.Nodes(root, "") {
		if n.Data == "wbr" {
			continue
		}
		line := n.Data
		for _, a := range n.Attr {
			line += " " + a.Key
		}
		lines = append(lines, line)
	}
	return lines
}

// TestHTMLHostile: a page of hostile names has the elements and attributes of one of harmless
// names, shows every character, and says each name.
func TestHTMLHostile(t *testing.T) {
	page := reporttest.Write(t, Format, reporttest.HostileDocument())
	saved := slices.Clone(reporttest.Payloads)
	t.Cleanup(func() { copy(reporttest.Payloads, saved) })
	for i := range reporttest.Payloads {
		reporttest.Payloads[i] = fmt.Sprintf("harmless %d", i)
	}
	harmless := reporttest.HostileDocument()
	harmless.Runs[0].Organization.Login = "::harmless"
	copy(reporttest.Payloads, saved)
	root := reporttest.ParseHTML(t, page)
	if diff := cmp.Diff(
		shape(reporttest.ParseHTML(t, reporttest.Write(t, Format, harmless))),
		shape(root),
	); diff != "" {
		t.Errorf("elements (-harmless +hostile):\n%s", diff)
	}
	text := strings.ReplaceAll(string(page), "\n", "")
	if at := strings.IndexFunc(text, reporttest.Hidden); at >= 0 || strings.Contains(text, "##[") {
		t.Errorf("not visible, or a runner's command: %q", text[max(0, at-40):max(0, at)+40])
	}
	for _, n := range reporttest.Nodes(root, "") {
		for _, a := range n.Attr {
			if strings.Contains(strings.ToLower(a.Val), "javascript:") {
				t.Errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
			}
		}
	}
	rows := reporttest.TextOf(reporttest.Nodes(root, "table")[0])
	listed := map[string]bool{}
	for _, token := range listedIn(t, page) {
		listed[token.Name] = true
	}
	for _, payload := range reporttest.Payloads {
		name := safe.Truncate(safe.HTMLText(payload), mostName)
		if !strings.Contains(rows, name) || !listed[name] {
			t.Errorf("%.60q is not shown", name)
		}
	}
}

// TestHTMLVerdict: the title and the banner say the verdict, and clean only where it is.
func TestHTMLVerdict(t *testing.T) {
	for name, want := range map[string]string{
		"violations": "VIOLATIONS · complytime", "clean": "CLEAN · quiet-org",
		"incomplete": "INCOMPLETE, cannot say clean · quiet-org",
		"both":       "VIOLATIONS, INCOMPLETE · complytime",
		"several":    "VIOLATIONS, INCOMPLETE · 3 organizations",
		"failed":     "INCOMPLETE, cannot say clean · 2 organizations",
		"none":       "INCOMPLETE, cannot say clean · 0 organizations",
	} {
		d := reporttest.Documents()[name]
		root := reporttest.ParseHTML(t, reporttest.Write(t, Format, d))
		if got := reporttest.TextOf(
			reporttest.Nodes(root, "title")[0],
		); got != want+" · fine-grained token audit" {
			t.Errorf("%s: title %q", name, got)
		}
		all := reporttest.TextOf(root)
		for _, run := range d.Runs {
			for _, reason := range run.Incomplete.Texts() {
				if !strings.Contains(all, reason) {
					t.Errorf("%s: does not say %q", name, reason)
				}
			}
		}
		for _, n := range reporttest.Nodes(root, "p") {
			o := d.Outcome()
			if reporttest.Attribute(n, "class") == "verdict clean" && o == audit.Incomplete &&
				len(d.Runs) == 1 &&
				len(d.Failed) == 0 {
				t.Errorf("%s: a green banner", name)
			}
		}
	}
}

// TestHTMLWaiting: no request is said to wait only where all of them were seen.
func TestHTMLWaiting(t *testing.T) {
	for status, want := range map[audit.CoverageStatus]string{
		audit.Complete: "0 waiting for approval", audit.Refused: "? waiting for approval, as far",
		audit.NotAsked: "? waiting for approval, as far",
	} {
		e := reporttest.Calm()
		for i := range e.Coverage {
			if e.Coverage[i].Source == audit.SourceRequests {
				e.Coverage[i].Status = status
			}
		}
		if page := reporttest.TextOf(
			reporttest.ParseHTML(t, reporttest.Write(t, Format, reporttest.Document(e))),
		); !strings.Contains(
			page,
			want,
		) {
			t.Errorf("%s: does not say %q", status, want)
		}
	}
}

// TestHTMLWithoutScript: the table, the findings and the facts are there to read.
func TestHTMLWithoutScript(t *testing.T) {
	root := reporttest.ParseHTML(
		t,
		reporttest.Write(t, Format, reporttest.Document(reporttest.Violating())),
	)
	table := reporttest.TextOf(reporttest.Nodes(root, "table")[0])
	for _, want := range []string{
		"release-bot-legacy", "administration:write removes protections", "Remove the permission.",
		"over 90 days", "Administration: Read-only (administration:read), no longer Read and write",
		"token 90101, grant 101", "all repositories, present and future (38 now)",
	} {
		if !strings.Contains(table, want) {
			t.Errorf("the table does not say %q", want)
		}
	}
	page := reporttest.TextOf(root)
	for _, want := range []string{
		"This token breaks 1 rule", "for the agents", "SSH and deploy keys", "sha256:9c1f40aa",
		"Confidential: personal data", "Not asked", "unreviewed-token",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}

// TestHTMLOrder: both lists hold all tokens, the worst first, as the terminal's table does.
func TestHTMLOrder(t *testing.T) {
	d := reporttest.Document(reporttest.Violating())
	page := reporttest.Write(t, Format, d)
	tokens := listedIn(t, page)
	if len(tokens) != d.Runs[0].Summary.Tokens {
		t.Fatalf("%d of %d tokens", len(tokens), d.Runs[0].Summary.Tokens)
	}
	var names, rows []string
	for _, token := range tokens {
		names = append(names, token.Name)
	}
	for _, cell := range reporttest.Nodes(reporttest.ParseHTML(t, page), "td") {
		if reporttest.Attribute(cell, "class") == "name" {
			rows = append(rows, reporttest.TextOf(reporttest.Nodes(cell, "b")[0]))
		}
	}
	if diff := cmp.Diff(names, rows); diff != "" {
		t.Errorf("the rows (-data +rows):\n%s", diff)
	}
	want := []string{"release-bot-legacy", "ci-experiments"}
	if !slices.Equal(names[:2], want) {
		t.Errorf("begins with %q", names[:3])
	}
}

// TestHTMLLeavesOut: what finds no room is counted, and said.
func TestHTMLLeavesOut(t *testing.T) {
	d := reporttest.Document(reporttest.Many(mostTokens + 500))
	page := reporttest.Write(t, Format, d)
	if got := len(listedIn(t, page)); got != mostTokens {
		t.Errorf("%d tokens are listed", got)
	}
	for _, want := range []string{
		"Listed are the 20000 worst of 20500 tokens",
		"Without JavaScript this page shows the 1000 worst of 20500 tokens.",
	} {
		if !bytes.Contains(page, []byte(want)) {
			t.Errorf("does not say %q", want)
		}
	}
	if len(page) > 30<<20 {
		t.Errorf("%d bytes", len(page))
	}
	e := reporttest.Many(mostTokens)
	for i := range 40 {
		e.Tokens[0].Repositories = append(e.Tokens[0].Repositories,
			&audit.Repository{Name: fmt.Sprintf("%s/%s-%d", "complytime", strings.Repeat("r", 80), i)})
	}
	for _, token := range e.Tokens {
		token.Repositories = e.Tokens[0].Repositories
	}
	page = reporttest.Write(t, Format, reporttest.Document(e))
	if got := len(listedIn(t, page)); len(page) > 30<<20 || got == mostTokens ||
		!bytes.Contains(page, fmt.Appendf(nil, "Listed are the %d worst of 20000 tokens", got)) {
		t.Errorf("%d tokens are listed, in %d bytes", got, len(page))
	}
	small := string(reporttest.Write(t, Format, reporttest.Document(reporttest.Violating())))
	if strings.Contains(small, "Listed are") || strings.Contains(small, "Without JavaScript") {
		t.Error("speaks of tokens left out where none is")
	}
}

// TestSettingsURL: it leads to GitHub's page, or nowhere.
func TestSettingsURL(t *testing.T) {
	for _, c := range [][3]string{
		{"github.com", "complytime", "https://github.com/organizations/complytime/"},
		{"ghes.example:8443", "Acme-1", "https://ghes.example:8443/organizations/Acme-1/"},
		{"github.com", "a/../b", ""},
		{"github.com", "javascript:alert(1)", ""},
		{"github.com/x", "acme", ""},
		{"evil@github.com", "acme", ""},
		{"javascript:", "acme", ""},
		{"", "acme", ""},
		{"github.com", "", ""},
	} {
		want := c[2]
		if want != "" {
			want += "settings/personal-access-tokens/active"
		}
		if got := words.SettingsURL(&audit.Organization{Host: c[0], Login: c[1]}); got != want {
			t.Errorf("%q: %q, want %q", c, got, want)
		}
	}
}
