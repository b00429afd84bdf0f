// SPDX-License-Identifier: Apache-2.0

package junit

import (
	"fmt"
	"iter"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// What a document is as test cases.

type caseStatus uint8

const (
	passed caseStatus = iota
	failed
	errored
	skipped
)

// testCase is one test case. Its texts are not sanitized.
type testCase struct {
	class, name string
	status      caseStatus
	kind        string // of what is wrong: a severity, or a word
	message     string
	out         string // of a pass: sanitized

	result  *audit.Result // with the finding; nil for a case about the whole
	finding *audit.Finding
}

// suitesOf returns a suite for each organization, those too that have no run; never none.
func suitesOf(d *view.Document) []testSuite {
	var suites []testSuite
	for _, run := range d.Runs {
		part := d.Part(run)
		s := testSuite{
			name: run.Organization.Login, cases: casesIn(part), properties: propertiesOf(part),
		}
		if !run.AsOf.IsZero() {
			s.timestamp = run.AsOf.UTC().Format("2006-01-02T15:04:05")
		}
		suites = append(suites, s)
	}
	unseen := func(name, reason string) {
		c := evidenceCase("not audited", reason)
		suites = append(suites, testSuite{name: name, cases: func(yield func(testCase) bool) {
			yield(c)
		}})
	}
	for _, f := range d.Failed {
		unseen(f.Organization, f.Reason.String())
	}
	if len(suites) == 0 {
		unseen("pataudit", "no organization was audited")
	}
	return suites
}

// evidenceCase is the case about the evidence; a reason makes it an error.
func evidenceCase(kind, reason string) testCase {
	c := testCase{class: "audit", name: "the evidence is complete"}
	if reason != "" {
		c.status, c.kind, c.message = errored, kind, reason
	}
	return c
}

// policyCase is the case about the policy. It passes only if everything was seen.
func policyCase(run *audit.Run, headline string) testCase {
	c := testCase{class: "audit", name: "nothing breaks the policy"}
	switch o := run.Outcome(); o {
	case audit.Clean:
		c.out = headline
	case audit.Incomplete:
		c.status, c.kind, c.message = skipped, o.String(), "cannot say clean: "+headline
	default:
		c.status, c.kind, c.message = failed, audit.Violations.String(), headline
	}
	return c
}

// settingCase returns the case about a claim of the policy. It passes only if a person attests it.
func settingCase(run *audit.Run, s *audit.SettingResult) testCase {
	c := testCase{class: "organization-settings", name: s.Claim()}
	switch text := words.ClaimOutcome(run, s); s.State {
	case audit.SettingContradicted:
		c.status, c.kind, c.message = failed, words.ClaimState(s), text
	case audit.SettingAttested:
		c.out = safe.JUnitText(text)
	default:
		c.status, c.kind, c.message = skipped, words.ClaimState(s), text
	}
	return c
}

// propertiesOf returns what a suite's verdict rests on.
func propertiesOf(part *view.Part) [][2]string {
	d, run := part.Doc, part.Run
	p := [][2]string{
		{"classification", "confidential: personal data"},
		{"tool", d.Tool.Name + " " + d.Tool.Version},
		{"organization", run.Organization.Login},
		{"host", run.Organization.Host},
		{"verdict", run.Outcome().String()},
		{"complete", fmt.Sprint(run.Complete)},
		{"policy", run.Policy.Name},
		{"policy_digest", run.Policy.Digest},
		{"fail_on", run.Policy.FailOn.String()},
		{"evidence_digest", run.Digest},
	}
	if d.Tool.ProjectFile != "" {
		p = append(p, [2]string{"project_file", d.Tool.ProjectFile},
			[2]string{"project_digest", d.Tool.ProjectDigest})
	}
	for _, c := range run.Coverage {
		text := fmt.Sprintf("%s: %s%s", c.Status, safe.Plural(c.Items, "item"),
			safe.Around("; ", c.Reason.String(), ""))
		p = append(p, [2]string{"source_" + c.Source, text})
	}
	for _, l := range words.Head(part, false) {
		if l.Topic != words.TopicSetting { // has a case of its own
			p = append(p, [2]string{string(l.Topic), l.Text})
		}
	}
	return p
}

// casesIn ranges over an organization's cases: on the whole, token by token, and what they leave
// out.
func casesIn(part *view.Part) iter.Seq[testCase] {
	d, run := part.Doc, part.Run
	policy := policyCase(run, view.Headline(run, part.Figures))
	return func(yield func(testCase) bool) {
		if !yield(evidenceCase("incomplete", run.Incomplete.String())) || !yield(policy) {
			return
		}
		for i := range run.Settings {
			if !yield(settingCase(run, &run.Settings[i])) {
				return
			}
		}
		for r := range view.Both(run) {
			findings, shown := d.View.Choose(r)
			if !shown || len(findings) == 0 {
				continue
			}
			name := caseName(r)
			for _, f := range findings {
				if !yield(caseOf(run, r, f, name)) {
					return
				}
			}
		}
		if d.View.Filter.Active() {
			return
		}
		for i := range run.Rules {
			c, some := casesOfOthers(&d.View, &run.Rules[i])
			if some && !yield(c) {
				return
			}
		}
	}
}

// casesOfOthers returns the case of a rule for the answers that have none of their own; some:
// there are any.
func casesOfOthers(v *view.View, rule *audit.RuleCount) (c testCase, some bool) {
	c = testCase{class: rule.Rule.ID, name: "other tokens"}
	passed, idle := rule.Counts[audit.Pass], rule.Counts[audit.NotApplicable]
	switch {
	case !rule.Asked:
		c.name, c.status, c.kind, c.message = "every token", skipped, "not asked", "not asked"
		return c, true
	case v.Only == view.OnlyAll || passed+idle == 0:
		return c, false
	}
	said := fmt.Sprintf("%s %s; it does not apply to %d", safe.Plural(passed, "token"),
		safe.Form(passed, "passes", "pass"), idle)
	if c.out = said; passed == 0 {
		c.status, c.kind, c.message, c.out = skipped, "not applicable", said, ""
	}
	return c, true
}

// caseOf returns a finding as a case of this name.
func caseOf(run *audit.Run, r *audit.Result, f *audit.Finding, name string) testCase {
	c := testCase{
		class: f.Rule.Rule.ID, name: name, message: f.Message, result: r, finding: f,
		kind: f.Severity.String(),
	}
	counts := r.Request == nil || run.Policy.FailOnRequests
	skip := func(kind, why string) {
		c.status, c.kind, c.message = skipped, kind, strings.TrimSuffix(why+": "+f.Message, ": ")
	}
	switch w := view.Weigh(run, f); w {
	case view.WeightPass:
		c.finding = nil
	case view.WeightIdle:
		skip("not applicable", "does not apply")
	case view.WeightWaived:
		skip("waived", "waived")
	case view.WeightDebt:
		skip(c.kind, w.String())
	case view.WeightBelow:
		skip(c.kind, view.BelowThreshold(run, f))
	case view.WeightOpen:
		c.status, c.kind = errored, "indeterminate"
		if !counts || !f.Rule.Required {
			skip("indeterminate", "not required")
		}
	default:
		if c.status = failed; !counts {
			skip(c.kind, "a pending request, which does not count")
		}
	}
	return c
}

// caseName is the same in each run, and names one token alone, as long as its owner does not
// rename it: "token 98716, grant 25381: ci-publish (bob)". A token may have two grants.
func caseName(r *audit.Result) string {
	const most = 80 // columns
	t := r.Token
	id := fmt.Sprintf("grant %d", t.ID)
	if r.Request != nil {
		id = fmt.Sprintf("request %d", t.ID)
	}
	if t.TokenID > 0 {
		id = fmt.Sprintf("token %d, %s", t.TokenID, id)
	}
	return fmt.Sprintf("%s: %s (%s)", id, safe.Truncate(safe.Terminal(t.Name), most),
		safe.Truncate(words.OwnerLogin(t), most))
}
