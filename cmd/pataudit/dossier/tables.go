// SPDX-License-Identifier: Apache-2.0

package dossier

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/cmd/pataudit/records"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

// runSheet returns the population, and its figures, at each run.
func (d *dossier) runSheet() *records.Sheet {
	s := &records.Sheet{Columns: []string{
		"run", "in_period", "as_of", "collected_at", "saved_at", "verdict", "complete", "incomplete",
		"tool", "policy", "policy_digest", "fail_on", "evidence_digest", "snapshot_sha256",
		"compares_with_run", "tokens", "active", "people", "pending_requests", "violating", "critical",
		"high", "medium", "low", "info", "overdue", "findings_waived", "batch", "verify",
		"settings_contradicted",
	}}
	for _, r := range d.parts {
		p, compares := records.FiguresOf(&r.Run), ""
		if r.compares != 0 {
			compares = fmt.Sprint(r.compares)
		}
		s.Add(r.Number, records.YesNo(r.inPeriod), exact(r.AsOf), exact(r.CollectedAt), exact(r.SavedAt),
			r.Verdict, records.YesNo(r.Complete), r.Incomplete.String(), r.Tool, r.Policy.Name,
			r.Policy.Digest, r.Policy.FailOn, r.EvidenceDigest, r.snapshot, compares, p.Tokens, p.Active,
			p.People, p.Requests, p.Violating, p.Critical, p.High, p.Medium, p.Low, p.Info, p.Overdue,
			r.waived, r.Batch, d.verify(r), p.Contradicted)
	}
	return s
}

// decisionSheet returns each decision as it stood at each run, and what became of it.
func (d *dossier) decisionSheet() *records.Sheet {
	s := &records.Sheet{Columns: []string{
		"run", "as_of", "kind", "rule", "token_id", "owner_id", "by", "by_owner", "on", "until",
		"reason", "ticket", "purpose", "consumer", "state", "detail",
	}}
	for _, r := range d.parts {
		for _, result := range r.decisions {
			c := result.Decision
			s.Add(r.Number, exact(r.AsOf), c.Kind, c.Rule, c.TokenID, c.OwnerID, c.By,
				records.YesNo(result.ByOwner), view.DayOf(c.On), view.DayOf(c.Until), c.Reason, c.Ticket,
				c.Purpose, c.Consumer, string(result.State), result.Detail)
		}
	}
	return s
}

// policySheet returns each policy from the run on that was judged by it first, or again.
func (d *dossier) policySheet() *records.Sheet {
	s := &records.Sheet{Columns: []string{
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
			by, on = r.ratified.By, view.DayOf(r.ratified.On)
		}
		s.Add(r.Number, exact(r.AsOf), r.Policy.Name, r.Policy.Digest, before, r.Policy.FailOn, by, on,
			r.policyPath())
		before = r.Policy.Digest
	}
	return s
}

// controlSheet ties each rule to the controls that it supports.
func (d *dossier) controlSheet() *records.Sheet {
	s := &records.Sheet{Columns: []string{
		"rule", "title", "framework", "version", "control", "relation", "asked_in_runs",
	}}
	askedIn := map[string][]string{}
	var all []*audit.Rule
	for _, r := range d.parts {
		for i := range r.rules {
			rule := r.rules[i].Rule
			if _, known := askedIn[rule.ID]; !known {
				all, askedIn[rule.ID] = append(all, rule), nil
			}
			if r.rules[i].Asked && r.inPeriod {
				askedIn[rule.ID] = append(askedIn[rule.ID], fmt.Sprint(r.Number))
			}
		}
	}
	for _, rule := range all {
		for _, c := range rule.References {
			s.Add(rule.ID, rule.Title, c.Framework, c.Version, c.ID, c.Relation,
				strings.Join(askedIn[rule.ID], " "))
		}
	}
	return s
}

// policyDiff writes what changed from each policy to the next one.
func (d *dossier) policyDiff(w io.Writer) error {
	var b strings.Builder
	for _, change := range d.policyChanges() {
		fmt.Fprintf(&b, "--- %s (run %d)\n+++ %s (run %d)\n",
			change.before.policyPath(), change.before.Number,
			change.after.policyPath(), change.after.Number)
		for _, line := range change.lines {
			b.WriteString(line + "\n")
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// policyChange is where a run was judged by another policy than the one before it.
type policyChange struct {
	before, after *dossierRun
	lines         []string // of the difference, sanitized
}

func (d *dossier) policyChanges() (changes []policyChange) {
	for i := 1; i < len(d.parts); i++ {
		before, after := d.parts[i-1], d.parts[i]
		if before.Policy.Digest == after.Policy.Digest {
			continue
		}
		changes = append(changes, policyChange{before, after, differing(
			before.criteria.Policy, after.criteria.Policy)})
	}
	return changes
}

// exact writes an instant for programs; "" for none.
func exact(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339Nano)
}

// verify returns the command that judges a run again from what the archive holds; "" if that
// cannot be.
func (d *dossier) verify(r *dossierRun) string {
	if r.rewritten() || r.compares != 0 && d.part(r.compares) == nil {
		return ""
	}
	words := []string{
		"pataudit report", r.folder() + "report.json", "--verify", r.folder() + "snapshot.json",
		"--policy", r.policyPath(), "--last",
	}
	if before := d.part(r.compares); before != nil {
		words = append(words, before.folder()+"snapshot.json")
	} else {
		words = append(words, "none")
	}
	for _, t := range r.ownTexts() {
		words = append(words, "--"+t.Name, r.textPath(t))
	}
	if r.criteria.AllowEmpty {
		words = append(words, "--allow-empty")
	}
	return strings.Join(words, " ")
}

// differing lists the lines of a unified difference between two texts, sanitized.
func differing(before, after []byte) (lines []string) {
	const header = 3 // lines with names of files
	text := strings.TrimSuffix(string(diff.Diff("", before, "", after)), "\n")
	if text == "" {
		return nil
	}
	for _, line := range strings.Split(text, "\n")[header:] {
		lines = append(lines, line[:1]+safe.Terminal(line[1:])) // the first is the mark
	}
	return lines
}
