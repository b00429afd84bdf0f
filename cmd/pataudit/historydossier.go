// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/history"
)

// dossierRun is a run that is put into the evidence: what the store knows of it, and what its
// report adds.
type dossierRun struct {
	history.Run
	inPeriod  bool
	snapshot  string // digest of the evidence as it is kept
	compares  int64  // the run with which it compares; 0: none
	decisions []audit.DecisionResult
	debt      *audit.DebtCount
	ratified  *audit.Ratified
	notSeen   []string
	waived    int
}

// folder is where its documents are.
func (r *dossierRun) folder() string { return fmt.Sprintf("runs/%04d/", r.Number) }

// policyPath is where its policy is. A colon is no part of a file's name everywhere.
func policyPath(digest string) string {
	_, sum, found := strings.Cut(digest, ":")
	if !found || strings.Trim(sum, "0123456789abcdef") != "" {
		text := sha256.Sum256([]byte(digest))
		sum = hex.EncodeToString(text[:])
	}
	return "policies/" + sum + ".yaml"
}

// write writes the archive.
func (d *dossier) write(ctx context.Context, store *history.Store, w io.Writer) error {
	a := newArchive(w)
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
	if err := d.addPolicies(ctx, store, a); err != nil {
		return err
	}
	for _, file := range []struct {
		path  string
		write func(io.Writer) error
	}{
		{"runs.csv", d.runSheet().csv},
		{"decisions.csv", d.decisionSheet().csv},
		{"policies.csv", d.policySheet().csv},
		{"STATEMENT.md", d.statement},
	} {
		if err := a.addBy(file.path, d.dated(), file.write); err != nil {
			return err
		}
	}
	return a.close(d.dated())
}

// dated is the date of what is about the whole period: its last run's.
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
	document, err := storedDocument(ctx, store, run.Number)
	if err != nil {
		return err
	}
	told := document.Runs[0]
	sum := sha256.Sum256(evidence)
	part := &dossierRun{
		Run: *run, inPeriod: inPeriod, snapshot: "sha256:" + hex.EncodeToString(sum[:]),
		decisions: told.Decisions, debt: told.Debt, ratified: told.Policy.Ratified,
		notSeen: told.NotSeen, waived: told.Summary.Findings[audit.Waived],
	}
	if told.Since != nil {
		part.compares = told.Since.Run
	}
	d.parts = append(d.parts, part)
	if err := a.add(part.folder()+"report.json", run.AsOf, text); err != nil {
		return err
	}
	return a.add(part.folder()+"snapshot.json", run.AsOf, evidence)
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
func (d *dossier) addPolicies(ctx context.Context, store *history.Store, a *archive) error {
	added := map[string]bool{}
	for _, part := range d.parts {
		digest := part.Policy.Digest
		if added[digest] {
			continue
		}
		added[digest] = true
		text, err := store.Policy(ctx, digest)
		if err == nil {
			err = a.add(policyPath(digest), part.AsOf, text)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// runSheet is the population, and its figures, at each run.
func (d *dossier) runSheet() *sheet {
	s := &sheet{columns: []string{
		"run", "in_period", "as_of", "collected_at", "saved_at", "verdict", "complete", "incomplete",
		"tool", "policy", "policy_digest", "fail_on", "evidence_digest", "snapshot_sha256",
		"compares_with_run", "tokens", "active", "people", "pending_requests", "violating", "critical",
		"high", "medium", "low", "info", "overdue", "findings_waived", "batch", "verify",
	}}
	for _, r := range d.parts {
		p, compares := wireFiguresOf(&r.Run), ""
		if r.compares != 0 {
			compares = fmt.Sprint(r.compares)
		}
		s.add(r.Number, yesNo(r.inPeriod), exact(r.AsOf), exact(r.CollectedAt), exact(r.SavedAt),
			r.Verdict, yesNo(r.Complete), strings.Join(r.Incomplete, "; "), r.Tool, r.Policy.Name,
			r.Policy.Digest, r.Policy.FailOn, r.EvidenceDigest, r.snapshot, compares, p.Tokens, p.Active,
			p.People, p.Requests, p.Violating, p.Critical, p.High, p.Medium, p.Low, p.Info, p.Overdue,
			r.waived, r.Batch, d.verify(r))
	}
	return s
}

// decisionSheet is each decision as it stood at each run, and what became of it.
func (d *dossier) decisionSheet() *sheet {
	s := &sheet{columns: []string{
		"run", "as_of", "kind", "rule", "token_id", "owner_id", "by", "by_owner", "on", "until",
		"reason", "ticket", "purpose", "consumer", "state", "detail",
	}}
	for _, r := range d.parts {
		for _, result := range r.decisions {
			c := result.Decision
			s.add(r.Number, exact(r.AsOf), c.Kind, c.Rule, c.TokenID, c.OwnerID, c.By,
				yesNo(result.ByOwner), day(c.On), day(c.Until), c.Reason, c.Ticket, c.Purpose, c.Consumer,
				string(result.State), result.Detail)
		}
	}
	return s
}

// policySheet is each policy from the run on that was judged by it first, or again.
func (d *dossier) policySheet() *sheet {
	s := &sheet{columns: []string{
		"from_run", "as_of", "policy", "digest", "before", "fail_on", "ratified_by", "ratified_on",
		"file",
	}}
	before := ""
	for _, r := range d.parts {
		if r.Policy.Digest == before {
			continue
		}
		by, on := "", ""
		if r.ratified != nil {
			by, on = r.ratified.By, day(r.ratified.On)
		}
		s.add(r.Number, exact(r.AsOf), r.Policy.Name, r.Policy.Digest, before, r.Policy.FailOn, by, on,
			policyPath(r.Policy.Digest))
		before = r.Policy.Digest
	}
	return s
}

// exact writes an instant for programs; "" for none.
func exact(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339Nano)
}

// day writes the day of an instant; "" for none.
func day(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.DateOnly)
}

// verify is the command that judges a run again from what the archive holds.
func (d *dossier) verify(r *dossierRun) string {
	words := []string{
		"pataudit report", r.folder() + "report.json", "--verify", r.folder() + "snapshot.json",
		"--policy", policyPath(r.Policy.Digest), "--without-history",
	}
	if before := d.part(r.compares); before != nil {
		words = append(words, "--last", before.folder()+"snapshot.json")
	}
	if len(r.decisions) > 0 {
		words = append(words, "--decisions", "DECISIONS")
	}
	if r.debt != nil {
		words = append(words, "--baseline", "BASELINE")
	}
	if r.Point.Tokens == 0 && r.Complete {
		words = append(words, "--allow-empty")
	}
	return strings.Join(words, " ")
}
