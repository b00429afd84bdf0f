// SPDX-License-Identifier: Apache-2.0

package privacy

import (
	"slices"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// What may be read by everybody, as the log of a workflow in a public repository is: verdict,
// evidence and figures.

// Nameless returns the document as everybody may read it. Its runs keep their tokens, for figures
// are counted from them: a format that is [view.Format.Nameless] tells of nothing but the whole.
func Nameless(d *view.Document) *view.Document {
	v := &d.View
	public := &view.Document{
		Several: d.Several, Pseudonymised: d.Pseudonymised, Tool: d.Tool, Nameless: true,
		View: view.View{Width: v.Width, Color: v.Color, Verbose: v.Verbose, Exit: v.Exit},
	}
	public.Failed = namelessFailures(d.Failed)
	for _, run := range d.Runs {
		public.Runs = append(public.Runs, ImpersonalRun(run))
	}
	return public
}

// namelessFailures returns the failures for reasons that name nobody.
func namelessFailures(failed []view.Failure) []view.Failure {
	failed = slices.Clone(failed)
	for i := range failed {
		failed[i].Reason = failed[i].Reason.Nameless()
	}
	return failed
}

// ImpersonalRun returns the run with texts on the whole of it that name nobody. Its results are as
// they were.
func ImpersonalRun(run *audit.Run) *audit.Run {
	nameless := *run
	nameless.Coverage = slices.Clone(run.Coverage)
	for i := range nameless.Coverage {
		c := &nameless.Coverage[i]
		if c.Reason = c.Reason.Nameless(); !slices.Contains(audit.Sources, c.Source) {
			c.Source = withheld
		}
	}
	nameless.Incomplete = impersonalGaps(run.Incomplete, nameless.Coverage)
	nameless.NotSeen = impersonalGaps(run.NotSeen, nameless.Coverage)
	nameless.Policy.Name, nameless.Policy.Ratified = ImpersonalPolicy(run.Policy), nil
	if run.Registry != nil {
		nameless.Registry = &audit.Registered{
			Owners: run.Registry.Owners, Absent: run.Registry.Absent,
			OtherIDs: make([]string, len(run.Registry.OtherIDs)),
		}
	}
	nameless.Settings = slices.Clone(run.Settings)
	for i := range nameless.Settings {
		s := &nameless.Settings[i]
		s.Facts = nil
		if s.Attestation != nil {
			attestation := *s.Attestation
			attestation.By, attestation.Reason, attestation.Ticket = "", "", ""
			s.Attestation = &attestation
		}
	}
	if run.Since != nil {
		since := *run.Since
		since.GoneTokens = nil
		nameless.Since = &since
	}
	return &nameless
}

// impersonalGaps returns the gaps as what is left of the coverage says them.
func impersonalGaps(gaps audit.Gaps, coverage []audit.Coverage) audit.Gaps {
	gaps = slices.Clone(gaps)
	for i := range gaps {
		g := &gaps[i]
		switch {
		case g.Source != "":
			c := audit.CoverageOf(coverage, g.Source)
			if g.Quoted != "" {
				g.Quoted = c.Reason.String()
			}
			if g.Status = c.Status; !slices.Contains(audit.Sources, g.Source) {
				g.Source = withheld
			}
		case g.Quoted != "":
			g.Quoted = withheld
		}
	}
	return gaps
}

// guideName is what the policy is called that every copy of this program has.
const guideName = "complytime token guide, as read by pataudit"

// ImpersonalPolicy returns the digest of a policy: its own name is its author's text.
func ImpersonalPolicy(policy audit.PolicyName) string {
	switch {
	case policy.Name == guideName:
		return guideName
	case policy.Digest == "":
		return withheld
	}
	return words.ShortDigest(policy.Digest)
}
