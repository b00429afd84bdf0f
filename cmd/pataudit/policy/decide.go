// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// decideFlags are what a person decides of one token, or of those of a workbook.
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
	ui.Offer(set, "setting", audit.SettingNames())
	set.StringVar(&f.rule, "rule", "", "of a waiver: the `rule` whose finding is accepted; of a "+
		"reduce: whose finding has to go")
	ui.Offer(set, "rule", flags.BuiltIn())
	set.StringArrayVar(&f.basis, "basis", nil, "of a reduce: `what` has to go, such as "+
		"repository:issues:write (default: what fails rests on); repeatable")
	set.StringVar(&f.purpose, "purpose", "", "of a keep: what the token is `for`")
	set.StringVar(&f.consumer, "consumer", "", "of a keep: `who` or what uses it")
	set.StringVar(&f.ticket, "ticket", "", "`reference` to where it was discussed")
	f.judged.RegisterPolicy(set)
	set.StringVar(&f.workbookEvidence, "evidence", "", "with a workbook: a snapshot `file`")
	f.evidence.RegisterHistory(set)
	f.evidence.RegisterRun(set)
	f.evidence.Register(set)
	f.evidence.Extras.Register(set)
}
