// SPDX-License-Identifier: Apache-2.0

package history

import (
	"fmt"
	"slices"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/safe"
)

// soundCheck looks at when each organization was last seen whole.
type soundCheck struct {
	age     time.Duration
	quietly string // --max-age as it was typed
	now     time.Time
	version string // of this program
	public  bool   // everybody can read what is printed

	lines    []string
	late     int      // or never seen whole
	ahead    int      // of the clock
	problems []string // with what is kept
	damaged  map[int64]bool
	skipped  []string // runs that could not be judged again
}

// mostAhead is how far two clocks may be apart.
const mostAhead = 5 * time.Minute

// lastComplete is an organization, and its last complete run.
type lastComplete struct {
	organization *audit.Organization // as the newest run has it
	last         *history.Run
}

// findLast finds the last complete run of each organization: of those that are named, or of all.
func (s *soundCheck) findLast(runs []history.Run, named []string) {
	var all []*lastComplete
	known := map[string]*lastComplete{}
	for i := range runs {
		r := &runs[i]
		which := r.Organization.Key()
		o := known[which]
		if o == nil {
			o = &lastComplete{}
			known[which] = o
			all = append(all, o)
		}
		o.organization = &r.Organization
		if r.Complete && r.Changed == nil && !s.damaged[r.Number] &&
			(o.last == nil || !r.CollectedAt.Before(o.last.CollectedAt)) {
			o.last = r
		}
	}
	if len(named) == 0 {
		for _, o := range all {
			s.add(o.organization.Login, o)
		}
		return
	}
	for _, login := range named {
		found := false
		for _, o := range all {
			if o.organization.Called(login) {
				s.add(login, o)
				found = true
			}
		}
		if !found {
			s.add(login, &lastComplete{})
		}
	}
}

func (s *soundCheck) add(login string, o *lastComplete) {
	state, words := "ok  ", "no complete run"
	if o.last == nil {
		state = "LATE"
		s.late++
	} else {
		at := o.last.CollectedAt
		age := s.now.Sub(at)
		words = fmt.Sprintf("last complete run %d, of %s, %s ago", o.last.Number,
			at.Format("2006-01-02 15:04 UTC"), ui.AgeWords(age))
		switch {
		case age < -mostAhead:
			state = "AHEAD"
			words = fmt.Sprintf("last complete run %d is of %s, which is yet to come: a clock is wrong; "+
				"pataudit history prune --run %[1]d takes the run back", o.last.Number,
				at.Format("2006-01-02 15:04 UTC"))
			s.ahead++
		case age > s.age:
			state = "LATE"
			s.late++
		}
	}
	s.lines = append(s.lines, state+"  "+login+": "+words)
}

func (s *soundCheck) write(u *ui.UI) error {
	if err := u.PrintLines(slices.Concat(s.lines, s.problems, s.skipped)...); err != nil {
		return err
	}
	if len(s.lines) == 0 {
		u.Errorf("the history is empty: no run was ever saved")
	}
	if s.late > 0 {
		u.Errorf("%d of %s: no complete run within %s", s.late,
			safe.Plural(len(s.lines), "organization"), s.quietly)
	}
	if s.ahead > 0 {
		u.Errorf("%d of %s: the last complete run is in the future", s.ahead,
			safe.Plural(len(s.lines), "organization"))
	}
	if len(s.skipped) > 0 {
		u.Notef("%s not judged again", safe.Plural(len(s.skipped), "run"))
	}
	if len(s.problems) > 0 {
		return ui.Failed(fmt.Errorf("the history is not as it was saved: %s",
			safe.Plural(len(s.problems), "problem")))
	}
	if len(s.lines) > 0 && s.late+s.ahead == 0 {
		return nil
	}
	return ui.Exit(ui.ExitIncomplete)
}
