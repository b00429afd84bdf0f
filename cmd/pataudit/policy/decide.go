// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/policy"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/view"
)

// decideFlags are what a person says about one token, or about those of a workbook.
type decideFlags struct {
	evidence flags.Evidence
	judged   flags.Policy
	path     string // of the decisions file

	token audit.Identity // that is decided, if not the tokens of a workbook

	workbookEvidence string // a snapshot, if evidence.from is a workbook

	basis []string

	rule, reason, by, ticket, purpose, consumer, until, setting string
}

// Decide returns the command that appends decisions to their file.
func Decide(u *ui.UI) *cobra.Command {
	f := new(decideFlags)
	f.evidence.More = audit.FactSelection | audit.FactRepositories // to bind a decision to them
	command := &cobra.Command{
		Use:   "decide ID waive|keep|reduce|revoke|attest --decisions FILE",
		Short: "Append a decision to the decisions file",
		Long: `Decide appends one well-formed record to the decisions file: who decided what of a token,
why, and until when. It is bound to the token's id and its owner's id, and a waiver to what the
finding rests on and the repositories that the token reaches today. A decision to reduce names
what has to go. Nothing is written at GitHub.

ID is the token's, as reports and GitHub's settings show it: a number is never anything else.
grant:ID is its grant, and name:TEXT its name, if only one token has it. pataudit show prints the
whole command for a token, and workbooks and pages hold it, too.

Attest is about an organization in place of a token: decide ORG attest records that one of its own
settings, which GitHub does not tell, is as the policy claims, for at most 366 days. It needs no
evidence; evidence that contradicts the claim weighs more.

The evidence is that of --from, of a run of the history (--run), or asked of GitHub. With --from a
workbook whose Decision columns a reviewer filled, it appends what the rows say; the evidence then
comes from --evidence or --run. Rows with which something is wrong are told all at once, each
by its number, and the exit code is 2; the others are recorded all the same. What is in the file
already and still holds, or is of the day that the row names, is not appended again: the same
workbook can be read as often as need be, and accepts nothing new then.`,
		Example: `  pataudit decide 98716 keep --by alice --purpose "publishes releases" \
      --decisions decisions.yaml --from evidence.json
  pataudit decide 98716 waive --rule long-expiration --by alice --reason "moves to an App in May" \
      --decisions decisions.yaml --from evidence.json
  pataudit decide complytime attest --setting approval --by alice --reason "seen on the page" \
      --decisions decisions.yaml --policy policy.yaml
  pataudit decide --from audit.xlsx --evidence evidence.json --decisions decisions.yaml`,
		Args: ui.NoMoreThan(2),
		ValidArgsFunction: func(_ *cobra.Command, args []string, typed string) (
			[]cobra.Completion, cobra.ShellCompDirective,
		) {
			switch len(args) {
			case 0:
				return f.evidence.CompleteTokens(u, typed)
			case 1:
				if _, err := audit.ParseIdentity(args[0]); err != nil { // an organization
					return []string{audit.Attest}, cobra.ShellCompDirectiveNoFileComp
				}
				return kinds, cobra.ShellCompDirectiveNoFileComp
			}
			return nil, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(command *cobra.Command, args []string) error {
			return f.run(u, command, args)
		},
	}
	f.register(command.Flags())
	return command
}

func (f *decideFlags) register(set *pflag.FlagSet) {
	set.StringVar(&f.path, "decisions", "", "`file` to append to; made if it is not there")
	set.StringVar(&f.by, "by", "", "who decides: a `login`")
	set.StringVar(&f.reason, "reason", "", "why, in a `sentence`")
	set.StringVar(&f.until, "until", "", "last `day` on which it holds, or by which it is done "+
		"(default: as long as a waiver may, a year to keep, 180 days to attest, 30 otherwise)")
	set.StringVar(&f.setting, "setting", "", "to attest: the organization's `setting`: "+
		strings.Join(audit.SettingNames(), ", "))
	set.StringVar(&f.rule, "rule", "", "of a waiver: the `rule` whose finding is accepted; of a "+
		"reduce: whose finding has to go")
	set.StringArrayVar(&f.basis, "basis", nil, "of a reduce: `what` has to go, such as "+
		"repository:issues:write (default: what fails rests on); repeatable")
	set.StringVar(&f.purpose, "purpose", "", "of a keep: what the token is `for`")
	set.StringVar(&f.consumer, "consumer", "", "of a keep: `who` or what uses it")
	set.StringVar(&f.ticket, "ticket", "", "`reference` to where it was discussed")
	set.StringVar(&f.judged.Path, "policy", "", "`file` with the organization's policy")
	set.StringArrayVar(&f.judged.Set, "set", nil, flags.SetUsage)
	set.StringVar(&f.workbookEvidence, "evidence", "", "with a workbook: a snapshot `file`")
	f.evidence.RegisterHistory(set)
	f.evidence.RegisterRun(set)
	f.evidence.Register(set)
	f.evidence.Extras.Register(set)
}

// again returns the command that judges the evidence of an organization by what was decided. It
// names the organization if a project file may say something else for another one, and if no file
// has the evidence.
func (f *decideFlags) again(u *ui.UI, command *cobra.Command, login string) view.Hint {
	i := flags.Invoked(u, command)
	i.Without("rule") // of an audit, it chooses rows
	words := []string{"audit"}
	switch {
	case f.evidence.Organization != "":
		words = append(words, f.evidence.Organization)
	case (u.Tool.ProjectFile != "" || f.evidence.From == "") && flags.LoginForm.MatchString(login):
		words = append(words, login)
	}
	if f.evidence.From != "" {
		i.FromFile(f.evidence.From)
		words = append(words, i.Evidence...)
	}
	return view.Hint{Words: i.Line(words)}
}

// filled refuses what stands in a line to paste where a person's own words belong.
func (f *decideFlags) filled() error {
	for _, said := range []struct{ flag, value, stands, want string }{
		{"by", f.by, view.Who, "your login"},
		{"reason", f.reason, view.Why, "why"},
		{"purpose", f.purpose, view.Purpose, "what the token is for"},
	} {
		if said.value == said.stands {
			return fmt.Errorf("--%s %s: write %s in its place", said.flag, said.stands, said.want)
		}
	}
	return nil
}

func (f *decideFlags) run(u *ui.UI, command *cobra.Command, args []string) error {
	ctx := command.Context()
	if f.path == "" {
		return ui.Usage(errors.New("no decisions file: --decisions FILE"))
	}
	if err := f.filled(); err != nil {
		return ui.Usage(err)
	}
	if len(args) == 2 && args[1] == audit.Attest {
		return f.attest(ctx, u, args[0])
	}
	if f.setting != "" {
		return ui.Usagef("--setting is for `decide ORG attest`: leave it out")
	}
	rows, err := f.rows(args)
	if err != nil {
		return ui.Usage(err)
	}
	p, text, err := f.files(u.Now())
	if err != nil {
		return offerIDs(ctx, u, &f.evidence, false, err)
	}
	if ids := flags.RuleIDs(p); f.rule != "" && !slices.Contains(ids, f.rule) {
		return ui.Usagef("--rule: %w", flags.NoRule(f.rule, ids))
	}
	run, err := f.evidence.Run(ctx, u, p)
	if err != nil {
		return err
	}
	r := &recording{decideFlags: f, now: u.Now(), run: run, policy: p}
	for _, row := range rows {
		r.record(row)
	}
	if err := r.save(ctx, u, text); err != nil {
		return err
	}
	if len(r.added)+r.there > 0 {
		u.Notef("audit again: %s", f.again(u, command, run.Organization.Login))
	}
	return r.wrong()
}

// files reads the policy and the decisions file, which may not be there yet.
func (f *decideFlags) files(now time.Time) (p *audit.Policy, decisions []byte, err error) {
	if p, err = f.judged.Load(now); err != nil {
		return nil, nil, err
	}
	decisions, err = flags.ReadText(f.path, "decisions")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, nil, ui.Usage(err)
	}
	if len(decisions) > 0 {
		if p.Decisions, err = policy.ParseDecisions(f.path, decisions, p); err != nil {
			return nil, nil, ui.Usage(err)
		}
	}
	return p, decisions, nil
}

// save appends what is to be recorded to the file, whose text was read before, and says so.
func (r *recording) save(ctx context.Context, u *ui.UI, text []byte) error {
	if len(r.added) > 0 {
		appended, err := policy.AppendDecisions(r.path, text, r.added, r.policy)
		if err != nil {
			return ui.Usage(err)
		}
		u.Files.Read = slices.DeleteFunc(u.Files.Read, func(read string) bool {
			return read == r.path
		})
		if err := saveAnew(ctx, u, r.path, text, appended); err != nil {
			return err
		}
	}
	if len(r.added)+r.there > 0 {
		u.Notef("%s: %s", r.path, r)
	}
	return nil
}
