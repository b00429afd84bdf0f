// SPDX-License-Identifier: Apache-2.0

package history

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/cmd/pataudit/records"
	"github.com/complytime/pataudit/report/encode"
	"github.com/complytime/pataudit/report/safe"
)

// changedVerdict stands in place of the verdict of a run that is no longer as it was saved.
const changedVerdict = "changed"

// wireRun is a run in JSON.
type wireRun struct {
	Number       int64           `json:"number"`
	Organization string          `json:"organization"`
	ID           int64           `json:"organization_id"`
	Host         string          `json:"host"`
	AsOf         time.Time       `json:"as_of"`
	SavedAt      time.Time       `json:"saved_at"`
	Verdict      string          `json:"verdict"`
	Complete     bool            `json:"complete"`
	Figures      records.Figures `json:"figures"`
	Skipped      []string        `json:"skipped"`
	Policy       string          `json:"policy_digest"`
	Evidence     string          `json:"evidence_digest"`
	Tool         string          `json:"tool"`
	Batch        string          `json:"batch"`
	Changed      []string        `json:"changed,omitempty"` // what is not as it was saved
}

func wireRunOf(run *history.Run) wireRun {
	o := &run.Organization
	wire := wireRun{
		Number: run.Number, Organization: o.Login, ID: o.ID, Host: o.Host, AsOf: run.AsOf,
		SavedAt: run.SavedAt, Verdict: changedVerdict, Skipped: []string{}, Changed: run.Changed,
	}
	if run.Changed == nil {
		wire.Verdict, wire.Complete, wire.Figures = run.Verdict, run.Complete, records.FiguresOf(run)
		wire.Skipped, wire.Policy = skippedNames(run), run.Policy.Digest
		wire.Evidence, wire.Tool, wire.Batch = run.EvidenceDigest, run.Tool, run.Batch
	}
	return wire
}

// writeRuns writes the list in one of the formats.
func writeRuns(w io.Writer, runs []history.Run, format string) error {
	if format == records.AsJSON {
		list := struct {
			Version int       `json:"version"`
			Runs    []wireRun `json:"runs"`
		}{Version: 1, Runs: []wireRun{}}
		for i := range runs {
			list.Runs = append(list.Runs, wireRunOf(&runs[i]))
		}
		return encode.Value(w, list)
	}
	if format == records.AsCSV {
		return runsCSV(w, runs)
	}
	if len(runs) == 0 {
		_, err := fmt.Fprintln(w, "no runs")
		return err
	}
	const widest = 15 // a name, so that all fits
	s := &records.Sheet{Columns: []string{
		"run", "", "organization", "as_of", "verdict", "tokens", "violating", "overdue",
	}}
	marks := marksOf(runs)
	for i := range runs {
		r := &runs[i]
		if r.Changed != nil {
			s.Add(r.Number, marks[i], shortened(safe.Terminal(r.Organization.Login), widest),
				r.AsOf.Format(time.DateOnly), changedVerdict, "-", "-", "-")
			continue
		}
		verdict, _, _ := strings.Cut(r.Verdict, "_") // that it is incomplete too is a mark
		s.Add(r.Number, marks[i], shortened(safe.Terminal(r.Organization.Login), widest),
			r.AsOf.Format(time.DateOnly), verdict, r.Point.Tokens, r.Point.Violating, r.Point.Overdue)
	}
	if err := s.Text(w); err != nil {
		return err
	}
	_, err := io.WriteString(w, legend(marks))
	return err
}

func runsCSV(w io.Writer, runs []history.Run) error {
	s := &records.Sheet{Columns: []string{
		"run", "organization", "as_of", "verdict", "complete", "tokens", "violating", "overdue",
		"policy", "batch", "skipped", "settings_contradicted",
	}}
	for i := range runs {
		r := &runs[i]
		if r.Changed != nil {
			s.Add(r.Number, r.Organization.Login, r.AsOf.Format(time.RFC3339Nano), changedVerdict, "no",
				"", "", "", "", "", "", "")
			continue
		}
		s.Add(r.Number, r.Organization.Login, r.AsOf.Format(time.RFC3339Nano), r.Verdict,
			records.YesNo(r.Complete), r.Point.Tokens, r.Point.Violating, r.Point.Overdue, r.Policy.Digest,
			r.Batch, strings.Join(r.Skipped.Names(), " "), r.Contradicted)
	}
	return s.Csv(w)
}
