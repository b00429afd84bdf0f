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
	for _, f := range d.Failed {
		public.Failed = append(
			public.Failed,
			view.Failure{Organization: f.Organization, Reason: Impersonal(f.Reason)},
		)
	}
	for _, run := range d.Runs {
		public.Runs = append(public.Runs, ImpersonalRun(run))
	}
	return public
}

// ImpersonalRun returns the run with texts on the whole of it that name nobody. Its results are as
// they were.
func ImpersonalRun(run *audit.Run) *audit.Run {
	nameless := *run
	nameless.Coverage = slices.Clone(run.Coverage)
	for i := range nameless.Coverage {
		nameless.Coverage[i].Reason = Impersonal(nameless.Coverage[i].Reason)
	}
	nameless.Incomplete = impersonalGaps(run.Incomplete)
	nameless.NotSeen = impersonalGaps(run.NotSeen)
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

// impersonalGaps returns the gaps with quotations that name nobody.
func impersonalGaps(gaps audit.Gaps) audit.Gaps {
	gaps = slices.Clone(gaps)
	for i := range gaps {
		gaps[i].Quoted = Impersonal(gaps[i].Quoted)
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
