// SPDX-License-Identifier: Apache-2.0

package html

import (
	"strings"
	"testing"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// TestLabelsAgree holds that a chart counts what the banner counts: at each severity that breaks
// the policy as many tokens, and those with accepted debt alone apart.
func TestLabelsAgree(t *testing.T) {
	indebtedSome := false
	for name, d := range reporttest.Documents() {
		for _, run := range d.Runs {
			f, total := view.Count(run), 0
			for _, n := range f.Labels {
				total += n
			}
			if total != f.Held {
				t.Errorf("%s: %d of %d tokens are drawn", name, total, f.Held)
			}
			if f.Labels[view.DebtLabel] != f.Standing[view.Indebted] {
				t.Errorf(
					"%s: %d drawn as debt, of %d",
					name,
					f.Labels[view.DebtLabel],
					f.Standing[view.Indebted],
				)
			}
			indebtedSome = indebtedSome || f.Standing[view.Indebted] > 0
			for s := run.Policy.FailOn; s <= audit.Critical && f.OverdueAlone == 0; s++ {
				if f.Labels[s.String()] != f.Violates[s] {
					t.Errorf("%s: %d %s drawn, and the banner says %d", name, f.Labels[s.String()], s,
						f.Violates[s])
				}
			}
			if f.Labels[view.CleanLabel] > 0 && !run.Complete {
				t.Errorf("%s: clean, though not everything was seen", name)
			}
		}
	}
	if !indebtedSome {
		t.Error("no document has debt")
	}
}

// TestLabelOfClean holds that clean is said of a token without any finding, and only where
// everything was seen: a filter that hides its findings makes no token clean.
func TestLabelOfClean(t *testing.T) {
	for _, complete := range []bool{false, true} {
		run := &audit.Run{Complete: complete}
		for s := range view.Standings {
			label := view.LabelOf(run, s, audit.NoSeverity)
			if got := label == view.CleanLabel; got != (complete && s == view.Clean) {
				t.Errorf("complete %v, standing %d: %q", complete, s, label)
			}
		}
	}
}

// TestChartOfDebt holds that the chart of the page has a bar for debt, and says so in words.
func TestChartOfDebt(t *testing.T) {
	page := string(reporttest.Write(t, Format, reporttest.DecidedDocument()))
	for _, want := range []string{`<rect class="debt"`, `3 debt`, `"severity":"debt"`} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s", want)
		}
	}
}

// TestTrendAgrees holds that the charts of a trend count what the verdict counts at each run, and
// debt apart: the last bar is the banner's.
func TestTrendAgrees(t *testing.T) {
	d := reporttest.DecidedDocument()
	run := *d.Runs[0]
	run.Trend, run.Complete = []audit.Point{run.Point(), run.Point()}, true
	f, points := view.Count(&run), words.TrendOf(&run)
	last := &points[len(points)-1]
	counts := map[string]int{}
	for _, part := range words.TrendParts(points) {
		counts[part.Label] = part.Of(last)
	}
	for s := audit.Critical; s >= run.Policy.FailOn; s-- {
		if counts[s.String()] != f.Violates[s] {
			t.Errorf("%d %s drawn, and the banner says %d", counts[s.String()], s, f.Violates[s])
		}
	}
	if counts[view.DebtLabel] != f.Standing[view.Indebted] || counts[view.DebtLabel] == 0 {
		t.Errorf("%d drawn as debt, of %d", counts[view.DebtLabel], f.Standing[view.Indebted])
	}
	d.Runs = []*audit.Run{&run}
	if page := string(reporttest.Write(t, Format, d)); !strings.Contains(page, "13 medium, 3 debt") {
		t.Error("the page does not tell debt from what counts")
	}
}
