// SPDX-License-Identifier: Apache-2.0

package dossier

import (
	"archive/zip"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/cmd/pataudit/records"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/csv"
)

// dossierRun is a run that is put into the evidence: what the store knows of it, and what its
// report adds.
type dossierRun struct {
	history.Run
	inPeriod  bool
	criteria  *audit.Criteria
	snapshot  string // digest of the evidence as it is kept
	compares  int64  // the run with which it compares; 0: none
	judged    string // digest of the evidence, as its report has it
	decisions []audit.DecisionResult
	debt      *audit.DebtCount
	ratified  *audit.Ratified
	rules     []audit.RuleCount
	notSeen   []string
	settings  []claimed
	waived    int
}

// forgetful reports whether a person was taken out of the evidence after it was judged.
func (r *dossierRun) forgetful() bool {
	return r.snapshot != r.EvidenceDigest && r.judged == r.snapshot
}

// rewritten reports whether the evidence was read from a file that was laid out otherwise than the
// one that is kept.
func (r *dossierRun) rewritten() bool {
	return r.snapshot != r.EvidenceDigest && r.judged != r.snapshot
}

// folder returns where its documents are.
func (r *dossierRun) folder() string { return fmt.Sprintf("runs/%04d/", r.Number) }

// policyPath returns where its policy is: runs that were judged by the same one share it.
func (r *dossierRun) policyPath() string {
	sum := sha256.Sum256(r.criteria.Policy)
	return "policies/" + hex.EncodeToString(sum[:]) + ".yaml"
}

// ownTexts lists what it was judged by beside the policy.
func (r *dossierRun) ownTexts() []audit.CriteriaText {
	return slices.DeleteFunc(r.criteria.Texts()[1:], func(t audit.CriteriaText) bool {
		return *t.Text == nil
	})
}

// textPath returns where a text is that it alone has.
func (r *dossierRun) textPath(t audit.CriteriaText) string { return r.folder() + t.Name + ".yaml" }

// write writes the archive.
func (d *dossier) write(ctx context.Context, store *history.Store, w io.Writer) error {
	a := &archive{zip: zip.NewWriter(w)}
	for i := range d.runs {
		if err := d.add(ctx, store, a, &d.runs[i], true); err != nil {
			return err
		}
	}
	if err := d.addCompared(ctx, store, a); err != nil {
		return err
	}
	slices.SortFunc(d.parts, func(a, b *dossierRun) int {
		return cmp.Or(a.AsOf.Compare(b.AsOf), cmp.Compare(a.Number, b.Number))
	})
	d.addPolicies(a)
	for _, file := range []struct {
		path  string
		write func(io.Writer) error
	}{
		{"runs.csv", d.runSheet().Csv},
		{"decisions.csv", d.decisionSheet().Csv},
		{"policies.csv", d.policySheet().Csv},
		{"policies.diff", d.policyDiff},
		{"controls.csv", d.controlSheet().Csv},
		{"STATEMENT.md", d.statement},
	} {
		a.add(file.path, d.dated(), file.write)
	}
	return a.close(d.dated())
}

// dated returns the date of what is about the whole period: its last run's.
func (d *dossier) dated() time.Time {
	if len(d.runs) == 0 {
		return d.from
	}
	return d.runs[len(d.runs)-1].AsOf
}

// add puts in a run's documents, and notes what its report says.
func (d *dossier) add(
	ctx context.Context, store *history.Store, a *archive, run *history.Run, inPeriod bool,
) error {
	text, err := store.Report(ctx, run.Number)
	if err != nil {
		return err
	}
	evidence, err := store.Snapshot(ctx, run.Number)
	if err != nil {
		return err
	}
	document, err := records.Document(ctx, store, run.Number)
	if err != nil {
		return err
	}
	judged := document.Runs[0]
	criteria, err := records.Criteria(ctx, store, run.Number, judged)
	if err != nil {
		return err
	}
	part := &dossierRun{
		Run: *run, inPeriod: inPeriod, criteria: criteria,
		snapshot: evidence.Digest(),
		judged:   judged.Digest, decisions: judged.Decisions, debt: judged.Debt,
		ratified: judged.Policy.Ratified, rules: judged.Rules, notSeen: judged.NotSeen.Texts(),
		settings: settingsOf(judged),
		waived:   judged.Summary.Findings[audit.Waived],
	}
	if judged.Since != nil {
		part.compares = judged.Since.Run
	}
	d.parts = append(d.parts, part)
	a.addDocument(part.folder()+"report.json", run.AsOf, text)
	a.addDocument(part.folder()+"snapshot.json", run.AsOf, evidence)
	for _, t := range part.ownTexts() {
		a.add(part.textPath(t), run.AsOf, ui.Bytes(*t.Text))
	}
	a.add(part.folder()+"findings.csv", run.AsOf, func(w io.Writer) error {
		return csv.Format.Write(w, document)
	})
	return a.err
}

// addCompared puts in the runs before the period with which those of the period compare, unless
// they were pruned.
func (d *dossier) addCompared(ctx context.Context, store *history.Store, a *archive) error {
	var wanted []int64
	for _, part := range d.parts {
		if part.compares != 0 && d.part(part.compares) == nil {
			wanted = append(wanted, part.compares)
		}
	}
	slices.Sort(wanted)
	for _, number := range slices.Compact(wanted) {
		run, err := store.Run(ctx, number)
		if errors.Is(err, history.ErrNotFound) {
			continue // the statement says so
		}
		if err == nil {
			err = d.add(ctx, store, a, run, false)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// part finds a run among those that are written; nil if it is not there.
func (d *dossier) part(number int64) *dossierRun {
	for _, part := range d.parts {
		if part.Number == number {
			return part
		}
	}
	return nil
}

// addPolicies puts in each policy once, dated by the first run that was judged by it.
func (d *dossier) addPolicies(a *archive) {
	added := map[string]bool{}
	for _, part := range d.parts {
		if path := part.policyPath(); !added[path] {
			added[path] = true
			a.add(path, part.AsOf, ui.Bytes(part.criteria.Policy))
		}
	}
}
