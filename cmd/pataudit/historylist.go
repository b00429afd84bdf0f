// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/cmd/pataudit/records"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/encode"
	"github.com/complytime/pataudit/report/safe"
)

// changedVerdict stands in place of the verdict of a run that is no longer as it was saved.
const changedVerdict = "changed"

// mostListed is how many runs are listed unless --limit says otherwise.
const mostListed = 50

func historyList(u *ui.UI) *cobra.Command {
	var f records.ReadFlags
	var format string
	var limit int
	command := &cobra.Command{
		Use:   "list [ORG]",
		Short: "List the stored runs, newest last",
		Long: `List shows each run with its verdict and its figures. Nobody is named: it may be shown
anywhere. Violating counts tokens, overdue counts findings, as the run's report does. The table is
for 80 columns; json and csv have the policy, the batch and all figures as well. A run that is no
longer as it was saved has no verdict and no figures here: its verdict is "changed", and the exit
code 1.`,
		Example: `  pataudit history list
  pataudit history list complytime --limit 5
  pataudit history list --format json`,
		Args: ui.NoMoreThan(1),
		RunE: func(command *cobra.Command, args []string) error {
			if err := checkFormat(format); err != nil {
				return err
			}
			if limit < 0 {
				return ui.Usagef("--limit %d is below zero; 0 is all", limit)
			}
			query := history.Query{Limit: limit}
			if len(args) > 0 {
				query.Organization = args[0]
			}
			return f.With(command.Context(), u, func(store *history.Store) error {
				runs, err := store.Runs(command.Context(), query)
				if err != nil {
					return ui.Failed(err)
				}
				if err := records.WarnMissing(command.Context(), u, store); err != nil {
					return ui.Failed(err)
				}
				if len(runs) == 0 && len(args) > 0 {
					u.Warnf("the history has no run of %s", query.Organization)
				}
				if len(runs) == limit && limit > 0 {
					u.Notef("the newest %d are shown; --limit 0 shows all", limit)
				}
				if err := ui.WriteStdout(u.Out, func(w io.Writer) error {
					return writeRuns(w, runs, format)
				}); err != nil {
					return ui.Printed(err)
				}
				if err := history.Intact(runs); err != nil {
					return ui.Failed(err)
				}
				return nil
			})
		},
	}
	set := command.Flags()
	set.SortFlags = false
	f.Register(set)
	set.IntVar(&limit, "limit", mostListed, "show the newest `n` only; 0 shows all")
	set.StringVar(&format, "format", asTable, "table, json or csv")
	return command
}

// wireRun is a run in JSON.
type wireRun struct {
	Number       int64       `json:"number"`
	Organization string      `json:"organization"`
	ID           int64       `json:"organization_id"`
	Host         string      `json:"host"`
	AsOf         time.Time   `json:"as_of"`
	SavedAt      time.Time   `json:"saved_at"`
	Verdict      string      `json:"verdict"`
	Complete     bool        `json:"complete"`
	Figures      wireFigures `json:"figures"`
	Skipped      []string    `json:"skipped"`
	Policy       string      `json:"policy_digest"`
	Evidence     string      `json:"evidence_digest"`
	Tool         string      `json:"tool"`
	Batch        string      `json:"batch"`
	Changed      []string    `json:"changed,omitempty"` // what is not as it was saved
}

// wireFigures are a run's, in JSON. By severity are tokens, by their worst failing finding.
type wireFigures struct {
	Tokens    int `json:"tokens"`
	Active    int `json:"active"`
	People    int `json:"people"`
	Violating int `json:"violating"`
	Critical  int `json:"critical"`
	High      int `json:"high"`
	Medium    int `json:"medium"`
	Low       int `json:"low"`
	Info      int `json:"info"`
	Debt      int `json:"debt"` // tokens that fail by accepted debt alone
	Overdue   int `json:"overdue"`
	Requests  int `json:"requests"`
}

func wireFiguresOf(run *history.Run) wireFigures {
	p := &run.Point
	return wireFigures{
		Tokens: p.Tokens, Active: run.Active, People: run.People, Violating: p.Violating,
		Critical: p.ByWorst[audit.Critical], High: p.ByWorst[audit.High],
		Medium: p.ByWorst[audit.Medium], Low: p.ByWorst[audit.Low], Info: p.ByWorst[audit.Info],
		Debt:    indebted(p),
		Overdue: p.Overdue, Requests: run.Requests,
	}
}

// indebted counts the tokens that a baseline keeps from breaking the policy.
func indebted(p *audit.Point) (n int) {
	for _, tokens := range p.IndebtedBy {
		n += tokens
	}
	return n
}

func wireRunOf(run *history.Run) wireRun {
	o := &run.Organization
	if run.Changed != nil {
		return wireRun{
			Number: run.Number, Organization: o.Login, ID: o.ID, Host: o.Host, AsOf: run.AsOf,
			SavedAt: run.SavedAt, Verdict: changedVerdict, Skipped: []string{}, Changed: run.Changed,
		}
	}
	return wireRun{
		Number: run.Number, Organization: o.Login, ID: o.ID, Host: o.Host, AsOf: run.AsOf,
		SavedAt: run.SavedAt, Verdict: run.Verdict, Complete: run.Complete,
		Figures: wireFiguresOf(run), Skipped: skippedNames(run), Policy: run.Policy.Digest,
		Evidence: run.EvidenceDigest, Tool: run.Tool, Batch: run.Batch,
	}
}

// writeRuns writes the list in one of the formats.
func writeRuns(w io.Writer, runs []history.Run, format string) error {
	if format == asJSON {
		list := struct {
			Version int       `json:"version"`
			Runs    []wireRun `json:"runs"`
		}{Version: 1, Runs: []wireRun{}}
		for i := range runs {
			list.Runs = append(list.Runs, wireRunOf(&runs[i]))
		}
		return encode.Value(w, list)
	}
	if format == asCSV {
		return runsCSV(w, runs)
	}
	if len(runs) == 0 {
		_, err := fmt.Fprintln(w, "no runs")
		return err
	}
	const widest = 15 // a name, so that all fits
	s := &sheet{columns: []string{
		"run", "", "organization", "as_of", "verdict", "tokens", "violating", "overdue",
	}}
	marks := marksOf(runs)
	for i := range runs {
		r := &runs[i]
		if r.Changed != nil {
			s.add(r.Number, marks[i], shortened(safe.Terminal(r.Organization.Login), widest),
				r.AsOf.Format(time.DateOnly), changedVerdict, "-", "-", "-")
			continue
		}
		verdict, _, _ := strings.Cut(r.Verdict, "_") // that it is incomplete too is a mark
		s.add(r.Number, marks[i], shortened(safe.Terminal(r.Organization.Login), widest),
			r.AsOf.Format(time.DateOnly), verdict, r.Point.Tokens, r.Point.Violating, r.Point.Overdue)
	}
	if err := s.text(w); err != nil {
		return err
	}
	return legend(w, marks)
}

func runsCSV(w io.Writer, runs []history.Run) error {
	s := &sheet{columns: []string{
		"run", "organization", "as_of", "verdict", "complete", "tokens", "violating", "overdue",
		"policy", "batch", "skipped",
	}}
	for i := range runs {
		r := &runs[i]
		if r.Changed != nil {
			s.add(r.Number, r.Organization.Login, r.AsOf.Format(time.RFC3339Nano), changedVerdict, "no",
				"", "", "", "", "", "")
			continue
		}
		s.add(r.Number, r.Organization.Login, r.AsOf.Format(time.RFC3339Nano), r.Verdict,
			yesNo(r.Complete), r.Point.Tokens, r.Point.Violating, r.Point.Overdue, r.Policy.Digest,
			r.Batch, strings.Join(r.Skipped.Names(), " "))
	}
	return s.csv(w)
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}
