// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/audit/github"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/encode"
	"github.com/complytime/pataudit/report/view"
)

// Doctor returns the command that looks at what an audit rests on.
func Doctor(u *ui.UI) *cobra.Command {
	var source flags.Source
	var format, output string
	var probing bool
	command := &cobra.Command{
		Use:   "doctor [ORG]",
		Short: "Credentials, permissions, quota: will an audit be complete?",
		Long: `Doctor looks at what an audit rests on, with about 15 requests: the way to GitHub and its
clock, the App and its installation, each permission and what is lost without it, the repositories
that it sees, one page of each list, the quota, and what an audit will take of it. What other pages
hold it cannot tell. Without ORG it looks at the credentials alone. Exit codes: 0 an audit can be
complete, 1 it could not begin, 2 usage (no credentials), 4 it would be incomplete.

With --probe it asks instead what GitHub does not document, and what no test can learn: whether
the App sees second factors, what the filters of the list of tokens mean, whether a second reading
is answered by 304, and the like. That takes at most 30 requests, all to read. It prints yes, no or
cannot say, with counts; nothing of the organization is in it, so that it may be shown to others.
No verdict rests on it. Exit codes: 0, 1 if nothing could be asked, 2.`,
		Example: `  pataudit doctor complytime
  pataudit doctor complytime --format json
  pataudit doctor                             which organizations the App is installed in
  pataudit doctor complytime --probe -o probe.json`,
		Args: ui.NoMoreThan(1),
		RunE: func(command *cobra.Command, args []string) error {
			organization := ""
			if len(args) > 0 {
				if err := flags.CheckLogin(args[0]); err != nil {
					return ui.Usage(err)
				}
				organization = args[0]
			}
			if probing {
				p := &probe{login: organization, format: format, output: output}
				if err := p.check(); err != nil {
					return err
				}
				return p.run(command.Context(), u, &source)
			}
			if output != "" {
				return ui.Usagef("--output is for --probe: --format json writes to standard output")
			}
			next := flags.Invoked(u, command).Line(append([]string{"audit"}, args...))
			return examine(command.Context(), u, &source, organization, format,
				view.Hint{Words: next})
		},
	}
	set := command.Flags()
	ui.Choice(set, &format, "format", "table", []string{"table", "json"}, "table or json")
	set.BoolVar(&probing, "probe", false, "ask what GitHub does not document, and nothing else")
	set.StringVarP(&output, "output", "o", "", "of --probe: write the answers to a `file`, in JSON")
	source.Register(set)
	return command
}

// examine looks at what an audit rests on, and prints it with what to type next.
func examine(
	ctx context.Context, u *ui.UI, source *flags.Source, organization, format string, next view.Hint,
) error {
	u.Quiet = true // what would be warned of is a check here
	client, err := source.Client(u)
	if err != nil {
		return ui.Usage(err)
	}
	d := client.Examine(ctx, organization)
	if err := ctx.Err(); err != nil {
		return ui.Failed(err)
	}
	d.Checks = slices.Insert(d.Checks, 0, checkOf(source.Origin))
	return printDiagnosis(u, d, organization, format, next)
}

// checkOf returns where the credentials came from.
func checkOf(o flags.Origin) github.Check {
	check := github.Check{ID: "credentials", Status: github.CheckOK, Detail: "from " + o.From}
	if o.Warning != "" {
		check.Status, check.Remedy = github.CheckWarning, o.Warning
	}
	return check
}

// printDiagnosis prints what was found, and ends with the exit code for it.
func printDiagnosis(
	u *ui.UI, d *github.Diagnosis, organization, format string, next view.Hint,
) error {
	if u.Nameless {
		for i := range d.Checks {
			d.Checks[i].Detail = ui.Impersonal(d.Checks[i].Detail)
			d.Checks[i].Remedy = ui.Impersonal(d.Checks[i].Remedy)
		}
	}
	verdict, code := "ready", ui.ExitClean
	switch {
	case d.Stopped:
		verdict, code = "failed", ui.ExitFailed
	case !d.Ready():
		verdict, code = "incomplete", ui.ExitIncomplete
	}
	var err error
	if format == "json" {
		err = u.Print(func(w io.Writer) error {
			return encode.Value(w, wireDiagnosisOf(d, organization, verdict))
		})
	} else {
		lines := diagnosis(d, conclusion(organization, verdict, next), u.Width())
		err = u.PrintLines(lines...)
	}
	if err != nil || code == ui.ExitClean {
		return err
	}
	return ui.Exit(code)
}
