// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/policy"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// defaultDebt is how long a debt counts unless --until says otherwise.
const defaultDebt = 180 * 24 * time.Hour

func baselineCommand(u *ui.UI) *cobra.Command {
	command := &cobra.Command{
		Use:   "baseline",
		Short: "Accept today's findings as debt, with a date",
		Long: `A baseline is the list of findings that were there when an organization began to audit.
With audit --baseline they are reported but do not fail the run; what is new or worse does, and
so does a token that reaches other repositories than it did.`,
		Example: `  pataudit baseline create -o baseline.yaml --from evidence.json --until 2027-06-30
  pataudit audit complytime --baseline baseline.yaml
  pataudit baseline prune baseline.yaml --from evidence.json`,
	}
	command.AddCommand(baselineCreate(u), baselinePrune(u))
	return command
}

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
	set.SortFlags = false
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
	p, old, err := loadBaseline(u, &c.judged, c.path, c.accept)
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
		tellGrowth(u, &growth, c.accept)
	}
	if len(baseline.Debts) == 0 && len(refused) > 0 {
		return ui.Usage(notAcceptable(refused))
	}
	if len(refused) > 0 {
		u.Warnf("%v", notAcceptable(refused))
	}
	if err := writeBaseline(ctx, u, c.path, baseline, p); err != nil {
		return err
	}
	u.Notef("%s: %s%s", c.path, ui.Plural(len(baseline.Debts), "finding"),
		untilDays(baseline.Debts))
	return nil
}

// tellGrowth says what became of a baseline that grew.
func tellGrowth(u *ui.UI, growth *policy.Growth, reason string) {
	u.Notef("%s added%s: %s", ui.Plural(len(growth.Added), "finding"), untilDays(growth.Added),
		reason)
	if n := len(growth.Dropped); n > 0 {
		u.Notef("%s dropped: accepted for fewer repositories than the token reaches now, and not "+
			"failing", ui.Plural(n, "finding"))
	}
}

// notAcceptable says why findings cannot be accepted, and what would help.
func notAcceptable(refused []audit.Debt) error {
	return fmt.Errorf("%s cannot be accepted, such as %s of the grant %d: it rests on repositories, "+
		"and which ones the token reaches is not known: %s", ui.Plural(len(refused), "finding"),
		refused[0].Rule, refused[0].GrantID, howToReach)
}

// howToReach says how to learn which repositories a token reaches.
const howToReach = "take evidence that was collected with --repositories all"

// untilDays says until when debts count: those that were in a baseline keep their own last days.
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

// loadBaseline reads the policy, and the baseline if there is one: it may grow only with a reason.
func loadBaseline(
	u *ui.UI, judged *flags.Policy, path, accept string,
) (*audit.Policy, *audit.Baseline, error) {
	p, err := judged.Load(u.Now())
	if err != nil {
		return nil, nil, err
	}
	text, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && accept != "":
		return nil, nil, fmt.Errorf("--accept adds to a baseline, but there is no %s", path)
	case errors.Is(err, fs.ErrNotExist):
		return p, nil, nil
	case err != nil:
		return nil, nil, fmt.Errorf("reading the baseline: %w", err)
	case strings.TrimSpace(accept) == "":
		return nil, nil, fmt.Errorf("%s exists: a baseline does not grow by itself. "+
			"`pataudit baseline prune` drops what is paid; --accept REASON adds what is new", path)
	}
	old, err := policy.ParseBaseline(path, text, p)
	return p, old, err
}

func baselinePrune(u *ui.UI) *cobra.Command {
	f := flags.Evidence{More: audit.FactSelection | audit.FactRepositories}
	var judged flags.Policy
	command := &cobra.Command{
		Use:   "prune FILE",
		Short: "Drop the debt that is paid; it cannot come back unseen",
		Args:  ui.Exactly("FILE"),
		RunE: func(command *cobra.Command, args []string) error {
			judged.Baseline = args[0]
			p, err := judged.Load(u.Now())
			if err != nil {
				return ui.Usage(err)
			}
			run, err := f.Run(command.Context(), u, p)
			if err != nil {
				return err
			}
			if err := flags.CheckBaseline(args[0], p.Baseline, run.Organization); err != nil {
				return ui.Usage(err)
			}
			pruned := policy.Prune(p.Baseline, run)
			if err := writeBaseline(command.Context(), u, args[0], pruned.Kept, p); err != nil {
				return err
			}
			waived := ""
			if n := run.Debt.Waived; n > 0 {
				waived = fmt.Sprintf(" (%d of them waived by a decision)", n)
			}
			u.Notef("%s: %d dropped%s, %d left%s", args[0], len(pruned.Dropped), waived,
				len(pruned.Kept.Debts), unjudged(pruned.Unjudged, run))
			return nil
		},
	}
	set := command.Flags()
	set.SortFlags = false
	judged.Register(set)
	f.RegisterHistory(set)
	f.Register(set)
	f.Extras.Register(set)
	return command
}

// unjudged says how many debts a run could not tell of, and which of their rules it did not ask
// for want of a flag.
func unjudged(debts []audit.Debt, run *audit.Run) string {
	if len(debts) == 0 {
		return ""
	}
	var wants []string
	for i := range run.Rules {
		rule := &run.Rules[i]
		if rule.Asked || !slices.ContainsFunc(debts, func(d audit.Debt) bool {
			return d.Rule == rule.Rule.ID
		}) {
			continue
		}
		switch needs := rule.Rule.Needs; {
		case needs.Has(audit.FactHistory):
			wants = append(wants, rule.Rule.ID+" needs --history")
		case needs.Has(audit.FactApproval):
			wants = append(wants, rule.Rule.ID+" needs --audit-log")
		default:
			wants = append(wants, rule.Rule.ID+" is not asked")
		}
	}
	text := fmt.Sprintf(", %d of them not judged", len(debts))
	if len(wants) > 0 {
		text += " (" + strings.Join(wants, ", ") + ")"
	}
	return text
}

// writeBaseline writes a baseline that can be read again: what is too large, or cannot be said in
// one, is an error before it takes the place of the last one.
func writeBaseline(
	ctx context.Context, u *ui.UI, path string, b *audit.Baseline, p *audit.Policy,
) error {
	text := policy.FormatBaseline(b)
	if _, err := policy.ParseBaseline(path, text, p); err != nil {
		return ui.Failed(fmt.Errorf("the baseline cannot be written: %w", err))
	}
	return writeFile(ctx, u, path, text)
}

// writeFile writes one file as all outputs are written: whole, or not at all.
func writeFile(ctx context.Context, u *ui.UI, path string, text []byte) error {
	files := &u.Files
	defer files.Discard()
	if err := files.Open([]string{path}); err != nil {
		return ui.Failed(err)
	}
	if err := files.Write(0, bytesWriter(text)); err != nil {
		return ui.Failed(err)
	}
	if err := files.Commit(ctx); err != nil {
		return ui.Failed(err)
	}
	return nil
}
