// SPDX-License-Identifier: Apache-2.0

package table

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/clipperhouse/displaywidth"
	"github.com/google/go-cmp/cmp"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/privacy"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

func TestWideFits(t *testing.T) {
	for name, d := range reporttest.Documents() {
		for _, width := range []int{0, 1, 61, 80, 119, 120, 121, 161, 250} {
			for _, only := range []string{"", view.OnlyAll} {
				d.View = view.View{Width: width, Only: only, Color: width%2 == 0, Verbose: width == 120}
				want := max(width, 60)
				if width == 0 {
					want = usualWide
				}
				for line := range strings.Lines(string(reporttest.Write(t, Wide, d))) {
					plain := strings.TrimSuffix(sgr.ReplaceAllString(line, ""), "\n")
					if n := displaywidth.String(plain); n > want {
						t.Errorf("%s at %d: %d columns: %q", name, width, n, plain)
					}
				}
			}
		}
	}
}

// unwrapped is a screen without blanks.
func unwrapped(screen string) string { return strings.Join(strings.Fields(screen), "") }

// Everything that is known of a token is there, and every token that the table speaks of.
func TestWideTellsAll(t *testing.T) {
	d := reporttest.Documents()["decided"]
	out := string(reporttest.Write(t, Wide, d))
	rows := 0
	for r := range d.Runs[0].Results() {
		s := view.Stand(d.Runs[0], r)
		if !d.View.RowOf(s) {
			continue
		}
		rows++
		if !strings.Contains(out, "grant "+view.GrantID(r.Token)+" ") {
			t.Errorf("no row of %q", r.Token.Name)
		}
	}
	if n := strings.Count(out, " grant "); n != rows {
		t.Errorf("%d rows of %d tokens", n, rows)
	}
	body, _, _ := strings.Cut(out[strings.Index(out, " SEVERITY"):], " OTHERS")
	if strings.Contains(body, "…") || !strings.Contains(body, " drawer ") {
		t.Errorf("a name is cut:\n%s", body)
	}
	d.View.Width = 2000 // nothing is wrapped
	line := string(reporttest.Write(t, Wide, d))
	for _, want := range []string{
		"release-bot-legacy", "grant 101", "token 90101", "role: org owner", "second factor: yes",
		"repository, write: administration, contents", "all repositories, present and future (38 now)",
		"granted 2026-10-23", "expires 2027-01-21", "used 2026-11-22",
		"toxic-permissions: administration:write removes protections",
		"all-repositories: reaches every repository",
	} {
		if !strings.Contains(line, want) {
			t.Errorf("does not say %q:\n%s", want, line)
		}
	}
}

// On a narrow terminal nothing is missing either.
func TestWideNarrow(t *testing.T) {
	d := reporttest.Documents()["decided"]
	rows := regexp.MustCompile(`grant \d+`)
	wide := rows.FindAllString(string(reporttest.Write(t, Wide, d)), -1)
	d.View.Width = 80
	cards := string(reporttest.Write(t, Wide, d))
	if got := rows.FindAllString(cards, -1); len(wide) == 0 || !slices.Equal(got, wide) {
		t.Errorf("%q, want %q", got, wide)
	}
	if strings.Contains(cards, " SEVERITY") || !strings.Contains(cards, " REACHES ") {
		t.Errorf("no cards:\n%s", cards)
	}
	d.View.Filter.Rules = []string{"all-repositories"}
	if cards := string(reporttest.Write(t, Wide, d)); strings.Contains(cards, "toxic-permissions:") {
		t.Errorf("tells what was not asked for:\n%s", cards)
	}
}

// osc8 is a link, closed on the line on which it began.
var osc8 = regexp.MustCompile(`\x1b\]8;;(https://[!-~]+)\x1b\\` +
	`([^\x1b]|\x1b\[[0-9;]*m)+\x1b\]8;;\x1b\\`)

func TestLinks(t *testing.T) {
	rule := regexp.MustCompile(`^` + audit.Home + `/blob/main/audit/rules/[a-z0-9-]+\.md$`)
	for name, d := range reporttest.Documents() {
		for _, f := range []view.Format{Format, Wide} {
			d.View.Links, d.View.Color = false, name == "both"
			plain := string(reporttest.Write(t, f, d))
			d.View.Links = true
			out := string(reporttest.Write(t, f, d))
			var leads []string
			for line := range strings.Lines(out) {
				for _, m := range osc8.FindAllStringSubmatch(line, -1) {
					leads = append(leads, m[1])
				}
				rest := osc8.ReplaceAllString(line, "")
				if strings.Contains(rest, "\x1b]") {
					t.Errorf("%s, %s: a link that is not whole: %q", name, f.Name, line)
				}
			}
			for _, to := range leads {
				if !rule.MatchString(to) && !slices.Contains([]string{
					words.SettingsURL(
						d.Runs[0].Organization,
					),
					words.SettingsURL(d.Runs[len(d.Runs)-1].Organization),
					"https://github.com/organizations/quiet-org/settings/personal-access-tokens/active",
				}, to) {
					t.Errorf("%s, %s: leads to %q", name, f.Name, to)
				}
			}
			if name == "violations" && len(leads) < 10 {
				t.Errorf("%s: %d links", f.Name, len(leads))
			}
			unlinked := regexp.MustCompile(`\x1b\]8;;[!-\[\]-~]*\x1b\\`).ReplaceAllString(out, "")
			if diff := cmp.Diff(plain, unlinked); diff != "" {
				t.Errorf("%s, %s: links change the text:\n%s", name, f.Name, diff)
			}
			if name != "none" &&
				strings.Contains(string(reporttest.Write(t, f, privacy.Nameless(d))), "\x1b]") {
				t.Errorf("%s, %s: links in a public place", name, f.Name)
			}
		}
	}
}

// TestWideHostile holds that names do nothing, and that their links lead nowhere.
func TestWideHostile(t *testing.T) {
	d := reporttest.Document(reporttest.Hostile())
	d.Runs = append(d.Runs, reporttest.HostileDocument().Runs...)
	d.View = view.View{Links: true, Color: true, Only: view.OnlyAll, Verbose: true}
	for i := range d.Runs[0].Rules {
		d.Runs[0].Rules[i].Rule.ID = reporttest.Payloads[i]
	}
	out := osc8.ReplaceAllString(string(reporttest.Write(t, Wide, d)), "")
	for line := range strings.Lines(sgr.ReplaceAllString(out, "")) {
		text := strings.TrimSuffix(line, "\n")
		if strings.ContainsFunc(text, reporttest.Hidden) || strings.Contains(text, "##[") ||
			strings.HasPrefix(strings.TrimSpace(text), "::") {
			t.Errorf("line %q", text)
		}
	}
	if !strings.Contains(unwrapped(out), "nimda") {
		t.Error("a hostile name has no row")
	}
}

// TestWideGoesOn holds that rows which are laid out apart stand beneath one line of titles.
func TestWideGoesOn(t *testing.T) {
	d := reporttest.Document(reporttest.Many(2*mostTogether + 1))
	d.View = view.View{Only: view.OnlyAll}
	out := string(reporttest.Write(t, Wide, d))
	if n := strings.Count(out, "SEVERITY"); n != 1 {
		t.Errorf("%d lines of titles", n)
	}
	title := strings.Index(out, " SEVERITY")
	titles, _, _ := strings.Cut(out[title:], "\n")
	owners, rows := strings.Index(titles, "OWNER"), 0
	for line := range strings.Lines(out[title:]) {
		if at := strings.Index(line, "role: "); at >= 0 {
			if rows++; at != owners {
				t.Fatalf("an owner in column %d, not %d: %q", at, owners, line)
			}
		}
	}
	if rows != 2*mostTogether+1 {
		t.Errorf("%d rows", rows)
	}
}
