// SPDX-License-Identifier: Apache-2.0

package table

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/clipperhouse/displaywidth"
	"github.com/google/go-cmp/cmp"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/screen"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

var sgr = regexp.MustCompile(`\x1b\[[0-9;]*m`)

// printed returns the table of a document.
func printed(t *testing.T, d *view.Document) string {
	t.Helper()
	return string(reporttest.Write(t, Format, d))
}

func TestTableWidths(t *testing.T) {
	for _, width := range []int{80, 100, 160} { // a log is in TestFormats
		for _, name := range []string{"violations", "both", "decided"} {
			d := reporttest.Documents()[name]
			d.View.Width = width
			reporttest.Golden(t, fmt.Sprintf("%s-%d.table", name, width), []byte(printed(t, d)))
		}
	}
}

func TestTableFits(t *testing.T) {
	for name, d := range reporttest.Documents() {
		for _, width := range []int{0, 1, 60, 61, 72, 79, 80, 89, 90, 91, 100, 120, 160, 250} {
			for _, only := range []string{"", view.OnlyAll} {
				d.View = view.View{Width: width, Only: only, Color: width%2 == 0, Verbose: width == 120}
				want := max(width, 60)
				if width == 0 { // a log
					want = mostWide + 300
				}
				for line := range strings.Lines(printed(t, d)) {
					plain := strings.TrimSuffix(sgr.ReplaceAllString(line, ""), "\n")
					if n := displaywidth.String(plain); n > want {
						t.Errorf("%s at %d: %d columns: %q", name, width, n, plain)
					}
					if strings.TrimRight(plain, " ") != plain {
						t.Errorf("%s at %d: blanks at the end of %q", name, width, plain)
					}
				}
			}
		}
	}
}

// The hostile names do nothing, whatever is asked for.
func TestTableHostile(t *testing.T) {
	for _, color := range []bool{false, true} {
		for _, only := range []string{"", view.OnlyFailing, view.OnlyAll} {
			d := reporttest.Document(reporttest.Hostile())
			d.Runs = append(d.Runs, reporttest.HostileDocument().Runs...)
			d.Failed = []view.Failure{
				{Organization: reporttest.Payloads[0], Reason: audit.Because(reporttest.Payloads[9])},
			}
			d.View = view.View{Color: color, Only: only, Verbose: true, Hints: map[*audit.Run][]view.Hint{}}
			for _, payload := range reporttest.Payloads {
				hint := view.Hint{For: "A file", Words: []string{"pataudit", "--from", payload}}
				d.View.Hints[d.Runs[0]] = append(d.View.Hints[d.Runs[0]], hint)
			}
			d.View.Filter.Owners = reporttest.Payloads
			out := printed(t, d)
			if color {
				if !sgr.MatchString(out) {
					t.Error("no colour")
				}
				out = sgr.ReplaceAllString(out, "")
			}
			for line := range strings.Lines(out) {
				text := strings.TrimSuffix(line, "\n")
				if strings.ContainsFunc(text, reporttest.Hidden) || strings.Contains(text, "##[") ||
					strings.HasPrefix(strings.TrimSpace(text), "::") {
					t.Errorf("line %q", text)
				}
			}
			if only != "" && !strings.Contains(out, "nimda") {
				t.Error("a hostile name has no row")
			}
		}
	}
}

func TestTableColor(t *testing.T) {
	for name, d := range reporttest.Documents() {
		plain := printed(t, d)
		d.View.Color = true
		colored := printed(t, d)
		if strings.Contains(plain, "\x1b") {
			t.Errorf("%s: colour without being asked", name)
		}
		if diff := cmp.Diff(plain, sgr.ReplaceAllString(colored, "")); diff != "" {
			t.Errorf("%s: colour changes the text:\n%s", name, diff)
		}
	}
}

// Every token is accounted for, exactly once.
func TestFiguresAddUp(t *testing.T) {
	for name, d := range reporttest.Documents() {
		for _, run := range d.Runs {
			f := view.Count(run)
			sum, ranked := 0, 0
			for _, n := range f.Standing {
				sum += n
			}
			for range view.WorstFirst(run, &view.View{}) {
				ranked++
			}
			if sum != run.Summary.Tokens || ranked != sum ||
				f.Standing[view.Violates] != run.Summary.Violating {
				t.Errorf("%s: %+v of %+v", name, f, run.Summary)
			}
		}
	}
}

func TestTableNeverSaysCleanOfIncomplete(t *testing.T) {
	for _, name := range []string{"incomplete", "both", "empty"} {
		out := strings.ToLower(printed(t, reporttest.Documents()[name]))
		out = strings.ReplaceAll(out, "cannot say clean", "")
		if strings.Contains(out, "clean") {
			t.Errorf("%s says clean:\n%s", name, out)
		}
	}
}

// TestTableInALog holds that a log has a row for every token that breaks the policy or could not
// be judged, with all of the reason.
func TestTableInALog(t *testing.T) {
	long := strings.Repeat("a reason that goes on ", 12)
	e := reporttest.Many(900)
	for _, token := range e.Tokens {
		reporttest.Administers(token)
	}
	d := reporttest.Judged(e, func(p *audit.Policy) {
		for i := range p.Rules {
			p.Rules[i].Checker = reporttest.Check(func(*audit.Subject) audit.Verdict {
				return reporttest.Fails(long + "to its end")
			})
		}
	})
	out := printed(t, d)
	active := slices.DeleteFunc(e.Tokens, func(t *audit.Token) bool { return t.Expired })
	for _, token := range active {
		if !strings.Contains(out, fmt.Sprintf("  %d  ", token.TokenID)) {
			t.Fatalf("no row of %q:\n%.2000s", token.Name, out)
		}
	}
	n := strings.Count(out, long+"to its end +")
	if n != len(active) || strings.Contains(out, "more token") {
		t.Errorf("%d of %d reasons are whole", n, len(active))
	}
	d.View.Width = 200
	if out := printed(t, d); !strings.Contains(out, "876 more tokens") {
		t.Errorf("a terminal is scrolled away:\n%.2000s", out)
	}
}

// beneath is what stands on a row's second line before the reason: a token's id, and a rule.
var beneath = regexp.MustCompile(`\b[0-9]+ [a-z]+-[a-z-]+ `)

// TestTableReason holds that a reason is told on two lines rather than cut on one, and explained
// is what a cell does not tell.
func TestTableReason(t *testing.T) {
	d := reporttest.Documents()["both"]
	for _, width := range []int{80, 100} {
		d.View.Width = width
		out := strings.Join(strings.Fields(printed(t, d)), " ")
		out = beneath.ReplaceAllString(out, "") // between the lines of a reason
		for _, words := range []string{
			"expires 366 days from its approval (at most 90)", "? not known: it was not asked for",
		} {
			if width == 100 && !strings.Contains(out, words) || strings.Contains(out, "appro…") {
				t.Errorf("%d columns: no %q:\n%s", width, words, out)
			}
		}
	}
	d = reporttest.Documents()["violations"]
	if out := printed(t, d); strings.Contains(out, "not known") {
		t.Errorf("explains what is not there:\n%s", out)
	}
}

func TestTableExit(t *testing.T) {
	for name, want := range map[string]string{
		"clean": "exit 0", "violations": "exit 3", "incomplete": "exit 4", "empty": "exit 4",
		"both": "exit 5", "several": "exit 5", "failed": "exit 4", "none": "exit 4",
	} {
		d := reporttest.Documents()[name]
		out := printed(t, d)
		if strings.Count(out, "exit ") != 1 || !strings.Contains(out, want+"\n") {
			t.Errorf("%s: want %s once:\n%s", name, want, out)
		}
		zero := 0
		d.View.Exit = &zero
		if out := printed(t, d); !strings.Contains(out, "exit 0\n") {
			t.Errorf("%s: not the exit code that was given:\n%s", name, out)
		}
	}
}

func TestTableOnly(t *testing.T) {
	d := reporttest.Documents()["both"]
	if got := reporttest.TableRows(printed(t, d)); len(got) != 20 {
		t.Errorf("%d rows in a log", len(got))
	}
	d.View.Width = 100
	if got := reporttest.TableRows(printed(t, d)); len(got) != view.MostRows {
		t.Errorf("%d rows", len(got))
	}
	d.View.Only = view.OnlyFailing
	if got := reporttest.TableRows(printed(t, d)); len(got) != 22 ||
		slices.Contains(got, "ci-publish") {
		t.Errorf("failing: %d rows: %q", len(got), got)
	}
	d.View.Only = view.OnlyAll
	if got := reporttest.TableRows(printed(t, d)); len(got) != d.Runs[0].Summary.Tokens {
		t.Errorf("all: %d rows of %d", len(got), d.Runs[0].Summary.Tokens)
	}
}

func TestTableFilter(t *testing.T) {
	whole := printed(t, reporttest.Document(reporttest.Violating()))
	for _, c := range []struct {
		filter view.Filter
		rows   []string
		says   string
	}{
		{
			view.Filter{Owners: []string{"JDOE"}},
			[]string{"release-bot-legacy", "asdf"},
			"2 of 25 tokens (owner JDOE)",
		},
		{
			view.Filter{Severity: audit.High},
			[]string{"release-bot-legacy", "ci-experiments", "laptop"},
			"3 of 25 tokens (severity high or worse)",
		},
		{
			view.Filter{Rules: []string{"broad-selection"}},
			[]string{"sync-everything"},
			"1 of 25 tokens (rule broad-selection)",
		},
		{
			view.Filter{Repositories: []string{"repo-20"}},
			[]string{"release-bot-legacy", "sync-everything"},
			"2 of 25 tokens (repository repo-20)",
		},
		{view.Filter{Owners: []string{"nobody"}}, nil, "0 of 25 tokens (owner nobody)"},
	} {
		d := reporttest.Document(reporttest.Violating())
		d.View.Filter = c.filter
		out := printed(t, d)
		if got := reporttest.TableRows(out); !slices.Equal(got, c.rows) {
			t.Errorf("%s: rows %q, want %q", c.says, got, c.rows)
		}
		if !strings.Contains(out, c.says) {
			t.Errorf("does not say %q:\n%s", c.says, out)
		}
		for line := range strings.Lines(out) {
			word := strings.TrimSpace(line)
			if (strings.HasPrefix(word, "VIOLATIONS") || strings.HasPrefix(word, "OTHERS")) &&
				!strings.Contains(whole, line) {
				t.Errorf("%s: the filter changed %q", c.says, line)
			}
		}
	}
}

// A repository that may be reached is not filtered away.
func TestFilterKeepsTheUnknown(t *testing.T) {
	f := &view.Filter{Repositories: []string{"complytime/repo-38"}}
	known := reporttest.Token(1, "a", nil)
	if f.Repository(known) {
		t.Error("a token that does not reach it")
	}
	for _, fact := range []audit.Facts{audit.FactRepositories, audit.FactSelection} {
		open := *known
		open.Known &^= fact
		if !f.Repository(&open) {
			t.Errorf("hidden, though %s is not known", fact)
		}
	}
}

func TestTableManyReasons(t *testing.T) {
	d := reporttest.Document(reporttest.Violating())
	for i := range 9 {
		d.Runs[0].Incomplete = append(d.Runs[0].Incomplete,
			reporttest.Gaps(fmt.Sprintf("reason %d", i))...)
	}
	d.Runs[0].Complete = false
	if out := printed(t, d); !strings.Contains(out, "reason 8") {
		t.Errorf("a log leaves reasons out:\n%s", out)
	}
	d.View.Width = 100
	out := printed(t, d)
	if !strings.Contains(out, "reason 3") || strings.Contains(out, "reason 4") ||
		!strings.Contains(out, "and 5 reasons more") {
		t.Errorf("%s", out)
	}
	d.View.Verbose = true
	if out := printed(t, d); !strings.Contains(out, "reason 8") {
		t.Errorf("%s", out)
	}
}

func TestUsed(t *testing.T) {
	for _, c := range []struct {
		at   time.Time
		want string
	}{
		{time.Time{}, "never"},
		{reporttest.AsOf, "today"},
		{reporttest.AsOf.Add(-6 * time.Hour), "today"},
		{reporttest.AsOf.Add(-7 * time.Hour), "1 d"}, // in the evening of the day before
		{reporttest.AsOf.AddDate(0, 0, -1), "1 d"},
		{reporttest.AsOf.AddDate(0, 0, -241), "241 d"},
		{reporttest.AsOf.Add(time.Minute), "today"},
		{reporttest.AsOf.AddDate(0, 0, 3), "?"},
	} {
		if got := words.Used(
			&audit.Token{LastUsedAt: c.at, Known: reporttest.AllFacts},
			reporttest.AsOf,
		); got != c.want {
			t.Errorf("%v: %q, want %q", c.at, got, c.want)
		}
	}
	if got := words.Used(&audit.Token{LastUsedAt: reporttest.AsOf}, reporttest.AsOf); got != "?" {
		t.Errorf("unknown: %q", got)
	}
}

func TestNotAsked(t *testing.T) {
	run := reporttest.Document(reporttest.Violating()).Runs[0]
	for i := range run.Rules {
		r := &run.Rules[i]
		switch r.Rule.ID {
		case "broad-selection":
			r.Asked, r.NotAsked = false, audit.RuleOff
		case "owner-not-member":
			r.Asked, r.NotAsked = false, audit.NoHistory
		}
	}
	const want = "owner-not-member (no history); broad-selection, unreviewed-token " +
		"(off in this policy)"
	if got := words.NotAsked(run); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	options := reporttest.Options
	options.Skip = audit.FactRepositories
	if got := words.NotAsked(
		audit.Evaluate(reporttest.Violating(), reporttest.Policy(), options),
	); got != "broad-selection "+
		"(repository lists were not asked for); unreviewed-token (off in this policy)" {
		t.Errorf("%q", got)
	}
}

func TestShortened(t *testing.T) {
	const ci = "contents:write + workflows:write: any CI job: a workflow on any branch"
	for _, c := range []struct {
		width     int
		why, want string
	}{
		{99, ci, ci},
		{52, ci, "contents:write + workflows:write: any CI job"},
		{20, ci, "contents:write + wo…"},
		{36, "administration:write: full control: removes", "administration:write: full control"},
		{30, "reaches every repository, present and future", "reaches every repository"},
		{12, "never, ever and again", "never, ever…"},
	} {
		if got := shortened(c.why, c.width); got != c.want {
			t.Errorf("%d: %q becomes %q, want %q", c.width, c.why, got, c.want)
		}
	}
}

// What is known of an owner and of a reach is not cut away.
func TestTableKeepsMarks(t *testing.T) {
	for _, width := range []int{60, 80, 100} {
		d := reporttest.Document(reporttest.Violating())
		d.View.Width = width
		d.Runs[0] = reporttest.Judged(reporttest.Violating(), func(*audit.Policy) {}).Runs[0]
		for r := range d.Runs[0].Results() {
			if o := r.Token.Owner; o != nil && o.Login == "jdoe" {
				o.Login = "somebody-with-a-long-login"
			}
		}
		for line := range strings.Lines(printed(t, d)) {
			if strings.Contains(line, "release-bot") && strings.HasPrefix(line, " critical") &&
				!(strings.Contains(line, "…, org owner ") && strings.Contains(line, " all ")) {
				t.Errorf("%d: %q", width, line)
			}
		}
	}
}

func TestTableOwing(t *testing.T) {
	d := reporttest.Owing()
	d.View.Color = true
	out := printed(t, d)
	if !strings.Contains(out, "\x1b["+screen.Yellow+"mCLEAN OF NEW\x1b[0m 1 token carries accepted "+
		"debt (1 medium) until 2026-12-22") ||
		strings.Contains(out, "\x1b["+screen.Green+"m") {
		t.Errorf("looks clean:\n%s", out)
	}
	if d.Runs[0].Outcome() != audit.Clean || d.Verdict() != view.CleanOfNew {
		t.Errorf("%s, %s", d.Runs[0].Outcome(), d.Verdict())
	}
	// The debt is not why.
	d.Runs[0].Policy.FailOn, d.Runs[0].Summary.IndebtedBy[audit.Medium] = audit.High, 0
	if out := printed(t, d); !strings.Contains(out, "\x1b["+screen.Green+"mCLEAN\x1b[0m") {
		t.Errorf("not clean:\n%s", out)
	}
}

func TestDebtText(t *testing.T) {
	d := &audit.DebtCount{
		Accepted: 9,
		Left:     3,
		Worse:    1,
		Ended:    1,
		Waived:   1,
		Gone:     2,
		Until:    reporttest.AsOf,
	}
	f := &view.Figures{}
	f.Debts[audit.High], f.Debts[audit.Low] = 1, 2
	want := "9 findings accepted, 3 left until 2026-11-22 (1 high, 2 low), 1 worse, which " +
		"counts, 1 past its last day, which counts, 1 waived, 1 not judged, 2 gone"
	if got := words.Debt(d, f); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	f.Debts[audit.Low] = 1 // the report holds a part of them
	if got := words.Debt(d, f); strings.Contains(got, "high") {
		t.Errorf("%q", got)
	}
}
