// SPDX-License-Identifier: Apache-2.0

// Package verify holds a report against the evidence that it was made of.
package verify

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/json"
	"github.com/complytime/pataudit/report/view"
)

// Verification holds a report against the snapshots that it was made of: one, or one for each of
// its organizations.
type Verification struct {
	Path      string
	Snapshots []string
	Place     ui.Place

	judgedBy   flags.Policy
	memory     memoryFlags
	allowEmpty bool
	isGiven    func(flag string) bool
}

// Register registers the flags for what a report was judged by, and with.
func (v *Verification) Register(set *pflag.FlagSet) {
	v.registerJudging(set)
	v.memory.register(set)
}

func (v *Verification) registerJudging(set *pflag.FlagSet) {
	v.isGiven = set.Changed
	v.judgedBy.Register(set)
	v.judgedBy.RegisterVerdict(set)
	set.BoolVar(&v.allowEmpty, "allow-empty", false,
		"an organization without tokens is clean, as it was for the audit")
}

// Run verifies a report, and writes what differs.
func (v *Verification) Run(ctx context.Context, u *ui.UI) error {
	saved, err := v.read(u)
	if err != nil {
		return err
	}
	verified := map[*json.Part]bool{}
	for _, path := range v.Snapshots {
		part, err := v.verify(ctx, u, saved, path)
		if err != nil {
			return err
		}
		verified[part] = true
	}
	return v.all(saved, verified)
}

// read reads a report that can be verified.
func (v *Verification) read(u *ui.UI) (*json.Saved, error) {
	saved, err := flags.ReadReport(v.Path, u.In)
	if err != nil {
		return nil, ui.Usage(err)
	}
	if saved.Pseudonymised() {
		return nil, ui.Usagef(
			"%s is pseudonymised: only the report that it was made of can be verified", v.Path)
	}
	if saved.Unknown != "" {
		return nil, ui.Failed(unknownKey(v.Path, saved, u.Tool.Version))
	}
	return saved, nil
}

// all refuses a report of which a part was not verified.
func (v *Verification) all(saved *json.Saved, verified map[*json.Part]bool) error {
	for _, part := range saved.Parts {
		if !verified[part] {
			return ui.Failed(fmt.Errorf("not verified: the part of %s, whose evidence is %s: name its "+
				"snapshot, too", part.Organization, part.Digest))
		}
	}
	return nil
}

// unknownKey returns the error that a report has a key that this version does not know, and so
// cannot verify.
func unknownKey(path string, saved *json.Saved, version string) error {
	tool := view.Tool{Name: "a pataudit of which nothing is said"}
	if len(saved.Parts) > 0 {
		tool = saved.Parts[0].Tool()
	}
	return fmt.Errorf("not verified: %s was written by %s: this one, %s, knows no key %s: if that "+
		"is the newer, update; else pataudit did not write it", path,
		strings.TrimSpace(tool.Name+" "+tool.Version), version, saved.Unknown)
}

// verify holds one part of the report, and its total, against a snapshot.
func (v *Verification) verify(
	ctx context.Context, u *ui.UI, saved *json.Saved, path string,
) (*json.Part, error) {
	part, evidence, err := v.find(u, saved, path)
	if err != nil {
		return nil, err
	}
	all, err := v.judgings(ctx, u, saved, part, evidence)
	if err != nil {
		return nil, err
	}
	var nearest []json.Difference
	var best *judging
	for _, j := range all {
		run, differences, err := j.differences(saved, part, evidence)
		if err != nil {
			return nil, ui.Failed(err)
		}
		if len(differences) == 0 {
			if !run.AsOf.Equal(run.CollectedAt) {
				u.Notef("the report was not judged as of when its evidence was collected, which is %s",
					run.CollectedAt.Format(time.RFC3339Nano))
			}
			return part, v.printVerified(u, run)
		}
		if nearest == nil || len(differences) < len(nearest) {
			nearest, best = differences, j
		}
	}
	best.explain(u, part)
	return nil, v.differs(u, nearest, path)
}

// find reads a snapshot, and finds the part of the report that was made of it. Where there is
// none, it prints what the parts were made of: nothing else can be compared.
func (v *Verification) find(
	u *ui.UI, saved *json.Saved, path string,
) (*json.Part, *audit.Evidence, error) {
	evidence, err := flags.ReadFile(path, flags.SnapshotFile, flags.OpenSnapshot(u.Now()))
	if err != nil {
		return nil, nil, ui.Usage(err)
	}
	if part := saved.Find(evidence.Digest); part != nil {
		return part, evidence, nil
	}
	var lines []string
	for _, part := range saved.Parts {
		lines = append(lines, part.Organization+": judged by the evidence "+part.Digest)
	}
	if err := u.PrintLines(lines...); err != nil {
		return nil, nil, err
	}
	return nil, nil, ui.Failed(fmt.Errorf("%s was not made of %s, which is %s", v.Path, path,
		evidence.Digest))
}

// printVerified writes what agrees, and by what it was judged.
func (v *Verification) printVerified(u *ui.UI, run *audit.Run) error {
	return u.PrintLines(
		fmt.Sprintf("verified: %d tokens, %d findings, verdict %s", run.Summary.Tokens,
			run.Summary.Findings[audit.Fail], run.Outcome()),
		fmt.Sprintf("judged by %s %s, failing on %s, as of %s", v.named(run.Policy),
			run.Policy.Digest, run.Policy.FailOn, run.AsOf.Format(time.RFC3339Nano)),
		"that the report agrees with its evidence does not say who wrote them")
}

// differs writes the differences, and ends with 1.
func (v *Verification) differs(u *ui.UI, differences []json.Difference, path string) error {
	enough, more := 20, "and %d more"
	if v.Place.Public { // they name tokens and people
		enough, more = 0, "%d places, which may hold names: --allow-public shows them"
	}
	var lines []string
	for _, d := range differences[:min(len(differences), enough)] {
		lines = append(lines, d.String())
	}
	if n := len(differences) - enough; n > 0 {
		lines = append(lines, fmt.Sprintf(more, n))
	}
	if err := u.PrintLines(lines...); err != nil {
		return err
	}
	return ui.Failed(fmt.Errorf("%s is not what %s says; places that differ: %d", v.Path, path,
		len(differences)))
}
