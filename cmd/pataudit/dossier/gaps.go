// SPDX-License-Identifier: Apache-2.0

package dossier

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// gap is a time without a complete run, longer than was expected.
type gap struct {
	from, to time.Time
	begins   string // what is at its ends
	ends     string
}

// tolerance is the part of the expected interval by which a run may be late: no schedule is exact.
const tolerance = 10

// findGaps looks at the times between complete runs, and those to the ends of the period. What
// counts is when the evidence was collected: to judge it again later fills no gap.
func (d *dossier) findGaps() (gaps []gap) {
	late := d.expected + d.expected/tolerance
	before, begins := d.from, "the period begins"
	look := func(at time.Time, ends string) {
		if at.Sub(before) > late {
			gaps = append(gaps, gap{before, at, begins, ends})
		}
		if at.After(before) {
			before, begins = at, ends
		}
	}
	for _, r := range d.collectedRuns() {
		if r.Complete {
			look(r.CollectedAt, "run "+strconv.FormatInt(r.Number, 10))
		}
	}
	look(d.to, "the period ends")
	return gaps
}

// collectedRuns returns the period's runs in the order in which their evidence was collected.
func (d *dossier) collectedRuns() []*history.Run {
	runs := make([]*history.Run, len(d.runs))
	for i := range d.runs {
		runs[i] = &d.runs[i]
	}
	slices.SortStableFunc(runs, func(a, b *history.Run) int {
		return a.CollectedAt.Compare(b.CollectedAt)
	})
	return runs
}

// gaps writes each of them, with the runs in it that were not complete, and why.
func (d *dossier) gaps(p *statementPage) {
	p.say("## Gaps\n")
	p.say("A complete run is expected every %s. What counts is when its evidence was "+
		"collected. A gap is an interval that is longer by more than a "+
		"tenth.\n", d.often)
	gaps := d.findGaps()
	for i, g := range gaps {
		if i == mostStated {
			p.say("- and %d more: see runs.csv", len(gaps)-i)
			break
		}
		p.say("- **%s**, from %s (%s) to %s (%s): %s", ui.AgeWords(g.to.Sub(g.from)),
			minuteOf(g.from), code(g.begins), minuteOf(g.to), code(g.ends), d.within(g))
	}
	if len(gaps) == 0 {
		p.say("None.")
	}
	if n := len(d.runs) - d.complete(); n > 0 {
		p.say("\nIncomplete runs in the period: %d. runs.csv says of each why.", n)
	}
	p.say("")
}

// within returns what is known of a gap.
func (d *dossier) within(g gap) string {
	var words []string
	for i := range d.runs {
		r := &d.runs[i]
		at := r.CollectedAt
		if !r.Complete && !at.Before(g.from) && at.Before(g.to) {
			words = append(words, "run "+strconv.FormatInt(r.Number, 10)+" was incomplete ("+
				r.Incomplete.String()+")")
		}
	}
	if len(words) == 0 {
		return "no run is kept: none was saved, or it was pruned"
	}
	return strings.Join(words, "; ")
}

func minuteOf(at time.Time) code { return code(at.UTC().Format("2006-01-02 15:04")) }
