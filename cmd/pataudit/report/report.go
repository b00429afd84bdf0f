// SPDX-License-Identifier: Apache-2.0

// Package report has the commands that read what was judged before: report, diff, show.
package report

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/records"
	"github.com/complytime/pataudit/cmd/pataudit/render"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/cmd/pataudit/verify"
)

// Command returns the command that renders a report, or verifies it. It is longer than a function
// should be, for half of it is its help.
func Command(u *ui.UI) *cobra.Command {
	v, r := verify.Verification{}, render.Rendering{}
	rendering, verifying := flags.Group(), flags.Group()
	command := &cobra.Command{
		Use:   "report REPORT.json",
		Short: "Render a JSON report in other formats, write to owners, or verify it",
		Long: `Report reads a JSON report that audit wrote, and writes it in any other format, as
audit would have: nothing is asked or judged again. - reads standard input. What the report left
out, by --only or a filter, is not in it, and every format says so. With --redact, the names of
all repositories become pseudonyms: a report does not tell which are public.

--owners writes a letter in Markdown for each owner of a token that breaks the policy, or is in
use and expires within 14 days: what is wrong, since when, and what to have instead. That about a
bot of the registry goes to its contact. A file is named by its owner's id, or by the contact's
login; owners.csv lists them. Letters that an earlier run wrote into the folder are replaced, or
removed where there is nothing to write any more. Nothing is sent, and no report is printed unless
--format asks for one. --prefill adds links to GitHub's form for a new token with the settings
filled in, as far as the form takes them and the policy allows them.

--annotations prints workflow commands of GitHub Actions in place of the report: at most ten, of
which a run shows which token breaks which rule, and what to do next. In a public repository they
tell figures and no name.

--verify holds the report against the snapshot that it was made of: it compares the digest of the
evidence, judges the evidence again, by the same and as of the same instant, and tells each
difference: a changed verdict, a finding that was taken out. A report that tells what changed since
earlier runs was judged with their history: --history or ` + records.Variable + ` names it, and
then no report passes that keeps silent about it. The history keeps what each of its runs was
judged by: policy, decisions, baseline, flags, and what was remembered then. What it does not have
is named as it was for the audit: --policy, --set, --decisions, --baseline, --registry. Where the
history is not at hand, as for who got the evidence alone, --last names the evidence of the run
that the report compares with, or none if it compares with none: then the report is taken at its
word for what only the history can tell, which is said, and all else is verified. That the two
agree does not say who wrote them: a signature does.

Exit codes: 0 done, whatever the report's verdict, 1 it could not be written, or it is not what
the evidence says, 2 usage.`,
		Example: `  pataudit report audit.json -o audit.xlsx -o audit.html
  pataudit report audit.json --format markdown --severity high
  pataudit report audit.json --owners letters
  pataudit report audit.json --verify evidence.json --policy policy.yaml`,
		Args: ui.Exactly("REPORT.json"),
		RunE: func(command *cobra.Command, args []string) error {
			if err := oneOf(len(v.Snapshots) > 0, rendering, verifying); err != nil {
				return ui.Usage(err)
			}
			if len(v.Snapshots) == 0 {
				r.Path = args[0]
				r.Invocation = invoked(u, command, r.Path)
				return r.Run(command.Context(), u, rendering.Changed("format"))
			}
			v.Path, v.Place = args[0], ui.PlaceOf(r.AllowPublic)
			u.Public = v.Place.Public
			return v.Run(command.Context(), u)
		},
	}
	r.RegisterOutput(rendering)
	rendering.StringVar(&r.Letters, "owners", "", "write a letter for each owner with something to "+
		"do into `folder`, and print a line about them in place of the report")
	rendering.BoolVar(&r.Prefill, "prefill", false, "with --owners: links to GitHub's form for a "+
		"new token with the settings filled in (github.com and ghe.com)")
	rendering.BoolVar(&r.Annotations, "annotations", false, "print workflow commands of GitHub "+
		"Actions, the worst tokens first, in place of the report")
	r.RegisterView(rendering)
	set := command.Flags()
	set.AddFlagSet(rendering)
	set.StringArrayVar(&v.Snapshots, "verify", nil,
		"`snapshot` that the report was made of; repeatable, one for each organization")
	v.Register(verifying)
	set.AddFlagSet(verifying)
	return command
}

// invoked returns how a report that was read from a file is shown again. One that was piped is
// gone.
func invoked(u *ui.UI, command *cobra.Command, path string) *flags.Invocation {
	i := flags.Invoked(u, command)
	i.ReadBack = true
	if path != "-" {
		i.Command = []string{"report", ui.Operand(path)}
	}
	return i
}

// oneOf refuses flags that would do nothing.
func oneOf(verifies bool, rendering, verifying *pflag.FlagSet) error {
	useless, why := flags.Given(verifying), "is for --verify: a report that was judged is not "+
		"judged again; pataudit audit --from SNAPSHOT does that"
	if verifies {
		useless, why = flags.Given(rendering, "allow-public"),
			"is for writing a report, and --verify writes none"
	}
	if verifying.Changed("last") && verifying.Changed("history") {
		return errors.New("--last is for where the history is not at hand, which --history names")
	}
	if len(useless) > 0 {
		return fmt.Errorf("--%s %s", useless[0], why)
	}
	return nil
}
