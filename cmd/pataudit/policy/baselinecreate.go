// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/policy"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/safe"
)

// defaultDebt is how long a debt counts unless --until says otherwise.
const defaultDebt = 180 * 24 * time.Hour

func baselineCreate(u *ui.UI) *cobra.Command {
	c := creation{evidence: flags.Evidence{More: audit.FactSelection | audit.FactRepositories}}
	command := &cobra.Command{
		Use:   "create -o FILE",
		Short: "Write today's failing findings as debt; an existing file grows only with --accept",
		Args:  ui.NoMoreThan(0),
		RunE: func(command *cobra.Command, _ []string) error {
			return c.run(command.Context(), u)
		},
	}
	set := command.Flags()
	set.StringVarP(&c.path, "output", "o", "", "`file` to write the baseline to")
	set.StringVar(&c.until, "until", "",
		"last `day` on which the debt counts (default: in 180 days)")
	set.StringVar(&c.accept, "accept", "", "`reason` for adding to a baseline that exists")
	c.judged.Register(set)
	c.evidence.RegisterHistory(set)
	c.evidence.Register(set)
	c.evidence.Extras.Register(set)
	return command
}

// creation is the job of the command.
type creation struct {
	evidence            flags.Evidence
	judged              flags.Policy
	path, until, accept string
}

// run writes what fails today as debt, or adds it to what is there.
func (c *creation) run(ctx context.Context, u *ui.UI) error {
	if c.path == "" {
		return ui.Usage(errors.New("no file for the baseline: -o FILE"))
	}
	p, err := c.judged.Load(u.Now())
	if err != nil {
		return ui.Usage(err)
	}
	text, old, err := oldBaseline(c.path, c.accept, p)
	if err != nil {
		return ui.Usage(err)
	}
	last, err := ui.ParseTime(c.until)
	if err != nil {
		return ui.Usagef("--until: %w", err)
	}
	run, err := c.evidence.Run(ctx, u, p)
	if err != nil {
		return err
	}
	switch {
	case last.IsZero():
		last = run.AsOf.Add(defaultDebt).Truncate(24 * time.Hour)
	case last.Before(run.AsOf.Truncate(24 * time.Hour)):
		return ui.Usagef("--until %s is past", last.Format(time.DateOnly))
	}
	if err := flags.CheckBaseline(c.path, old, run.Organization); err != nil {
		return ui.Usage(err)
	}
	if !run.Complete {
		u.Warnf("the evidence is incomplete: what was not seen is not in the baseline")
	}
	baseline, refused := policy.NewBaseline(run, last)
	if old != nil {
		var growth policy.Growth
		baseline, growth = policy.Grow(old, run, last, c.accept)
		refused = growth.Refused
		noteGrowth(u, &growth, c.accept)
	}
	if len(baseline.Debts) == 0 && len(refused) > 0 {
		return ui.Usage(notAcceptable(refused))
	}
	if len(refused) > 0 {
		u.Warnf("%v", notAcceptable(refused))
	}
	if err := writeBaseline(ctx, u, c.path, text, baseline, p); err != nil {
		return err
	}
	u.Notef("%s: %s%s", c.path, safe.Plural(len(baseline.Debts), "finding"),
		untilDays(baseline.Debts))
	return nil
}

// noteGrowth prints what became of a baseline that grew.
func noteGrowth(u *ui.UI, growth *policy.Growth, reason string) {
	u.Notef("%s added%s: %s", safe.Plural(len(growth.Added), "finding"), untilDays(growth.Added),
		reason)
	if n := len(growth.Dropped); n > 0 {
		u.Notef("%s dropped: accepted for fewer repositories than the token reaches now, and not "+
			"failing", safe.Plural(n, "finding"))
	}
}

// notAcceptable returns the error of findings that cannot be accepted, with what would help.
func notAcceptable(refused []audit.Debt) error {
	return fmt.Errorf("%s cannot be accepted, such as %s of %s %d: it rests on repositories, "+
		"and which ones the token reaches is not known: %s", safe.Plural(len(refused), "finding"),
		refused[0].Rule, refused[0].Kind, refused[0].ID, howToReach)
}

// howToReach is how to learn which repositories a token reaches.
const howToReach = "take evidence that was collected with --repositories all"

// untilDays returns until when debts count: those that were in a baseline keep their own last
// days.
func untilDays(debts []audit.Debt) string {
	if len(debts) == 0 {
		return ""
	}
	byUntil := func(a, b audit.Debt) int { return a.Until.Compare(b.Until) }
	first, last := slices.MinFunc(debts, byUntil).Until, slices.MaxFunc(debts, byUntil).Until
	if first.Equal(last) {
		return ", until " + last.Format(time.DateOnly)
	}
	return fmt.Sprintf(", the first until %s, the last until %s", first.Format(time.DateOnly),
		last.Format(time.DateOnly))
}
