// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/cmd/pataudit/records"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/safe"
)

func historyCheck(u *ui.UI) *cobra.Command {
	var f records.ReadFlags
	var maxAge string
	var again bool
	command := &cobra.Command{
		Use:   "check [ORG...]",
		Short: "A dead man's switch: exit 4 if the last complete run is too old, 1 if one was changed",
		Long: `Check reads everything that the history keeps of each run, and tells what is no longer as
it was saved, and which runs are missing: they were saved, and not pruned. With --judge-again it
judges the evidence of each run again, too, and compares, as report --verify does; it names those
that cannot be, for a person or the run with which they compare was taken out. Whoever can write
the history can write all its digests as well: that it agrees with itself does not say who wrote
it; only a report that was signed or kept elsewhere does.

Then it looks for the last complete run of each organization that is named, or of each in
the history, and tells which are older than --max-age. Nothing else tells when a scheduled audit no
longer runs. Violations do not matter to it; a run that was incomplete does not count, and what
counts is when the evidence was collected, not when it was judged. A run from the future says
nothing of today: a clock is wrong, here or where it was made.

Name the organizations that must be audited: of one that was never audited, the history does not
know. Exit codes: 0 all are young enough, 4 one is older, was never seen whole, or is from the
future, or there is no history at all, 1 the history could not be read, or a run was changed or is
missing, 2 usage.`,
		Example: `  pataudit history check --max-age 8d
  pataudit history check --max-age 36h complytime acme
  pataudit history check --judge-again --max-age 8d`,
		RunE: func(command *cobra.Command, args []string) error {
			age, err := ui.ParseAge(maxAge)
			if err != nil {
				return ui.Usagef("--max-age: %w", err)
			}
			s := &switchCheck{age: age, now: u.Now().UTC(), quietly: maxAge, version: u.Tool.Version}
			err = f.With(command.Context(), u, func(store *history.Store) error {
				runs, err := store.Runs(command.Context(), history.Query{Host: f.Host})
				if err != nil {
					return ui.Failed(err)
				}
				if err := s.whole(command.Context(), store, runs, again); err != nil {
					return err
				}
				s.look(runs, args)
				return nil
			})
			if errors.Is(err, fs.ErrNotExist) {
				u.Errorf("%v", err)
				return ui.Exit(ui.ExitIncomplete)
			}
			if err != nil {
				return err
			}
			return s.tell(u)
		},
	}
	set := command.Flags()
	set.SortFlags = false
	f.Register(set)
	f.RegisterHost(set)
	set.StringVar(&maxAge, "max-age", "8d",
		"`age` that the last complete run may have: 8d, 36h, 2w")
	set.BoolVar(&again, "judge-again", false, "judge the evidence of each run again, too, and "+
		"compare it with its report")
	return command
}

// switchCheck looks at when each organization was last seen whole.
type switchCheck struct {
	age     time.Duration
	quietly string // --max-age as it was typed
	now     time.Time
	version string // of this program

	lines    []string
	late     int      // or never seen whole
	ahead    int      // of the clock
	problems []string // with what is kept
	damaged  map[int64]bool
	skipped  []string // runs that could not be judged again
}

// mostAhead is how far two clocks may be apart.
const mostAhead = 5 * time.Minute

// seenWhole is an organization, and its last complete run.
type seenWhole struct {
	login, which string
	last         *history.Run
}

// look finds the last complete run of each organization: of those that are named, or of all.
func (s *switchCheck) look(runs []history.Run, named []string) {
	var all []*seenWhole
	known := map[string]*seenWhole{}
	for i := range runs {
		r := &runs[i]
		which := records.Which(&r.Organization)
		o := known[which]
		if o == nil {
			o = &seenWhole{which: which}
			known[which] = o
			all = append(all, o)
		}
		o.login = r.Organization.Login // as the newest has it
		if r.Complete && r.Changed == nil && !s.damaged[r.Number] &&
			(o.last == nil || !collected(r).Before(collected(o.last))) {
			o.last = r
		}
	}
	if len(named) == 0 {
		for _, o := range all {
			s.add(o.login, o)
		}
		return
	}
	for _, login := range named {
		found := false
		for _, o := range all {
			if strings.EqualFold(o.login, login) {
				s.add(login, o)
				found = true
			}
		}
		if !found {
			s.add(login, &seenWhole{})
		}
	}
}

// collected is when a run's evidence was collected: judged later, it is as old as it is.
func collected(r *history.Run) time.Time {
	if r.CollectedAt.IsZero() || r.AsOf.Before(r.CollectedAt) {
		return r.AsOf
	}
	return r.CollectedAt
}

func (s *switchCheck) add(login string, o *seenWhole) {
	state, words := "ok  ", "no complete run"
	if o.last == nil {
		state = "LATE"
		s.late++
	} else {
		at := collected(o.last)
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
	s.lines = append(s.lines, state+"  "+safe.Terminal(login)+": "+words)
}

func (s *switchCheck) tell(u *ui.UI) error {
	if err := ui.WriteStdout(u.Out, func(w io.Writer) error {
		for _, line := range slices.Concat(s.lines, s.problems, s.skipped) {
			if _, err := fmt.Fprintln(w, line); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		return ui.Printed(err)
	}
	if len(s.lines) == 0 {
		u.Errorf("the history is empty: no run was ever saved")
	}
	if s.late > 0 {
		u.Errorf("%d of %s: no complete run within %s", s.late,
			ui.Plural(len(s.lines), "organization"), s.quietly)
	}
	if s.ahead > 0 {
		u.Errorf("%d of %s: the last complete run is in the future", s.ahead,
			ui.Plural(len(s.lines), "organization"))
	}
	if len(s.skipped) > 0 {
		u.Notef("%s not judged again", ui.Plural(len(s.skipped), "run"))
	}
	if len(s.problems) > 0 {
		return ui.Failed(fmt.Errorf("the history is not as it was saved: %s",
			ui.Plural(len(s.problems), "problem")))
	}
	if len(s.lines) > 0 && s.late+s.ahead == 0 {
		return nil
	}
	return ui.Exit(ui.ExitIncomplete)
}
