// SPDX-License-Identifier: Apache-2.0

package dossier

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/cmd/pataudit/records"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

// statementPage writes the statement: prose of our own, and texts of others made safe.
type statementPage struct{ text bytes.Buffer }

func (p *statementPage) say(format string, args ...any) {
	for i, arg := range args {
		if text, ok := arg.(string); ok {
			if args[i] = safe.Markdown(text); strings.HasPrefix(format, "|") {
				args[i] = safe.InTable(safe.Markdown(text))
			}
		}
	}
	fmt.Fprintf(&p.text, format+"\n", args...)
}

// statement writes the page that an auditor reads first.
func (d *dossier) statement(w io.Writer) error {
	p := &statementPage{}
	p.say("# Statement: fine-grained personal access tokens of %s\n", d.login)
	p.say("**Confidential: personal data.** Period: from %s until before %s (UTC).\n",
		code(d.from.Format(time.RFC3339)), code(d.to.Format(time.RFC3339)))
	if !d.future.IsZero() {
		p.say("It was asked for until %s: that is not over, and the period ends when this was "+
			"written.\n", minuteOf(d.future))
	}
	d.writeExamined(p)
	d.writePopulation(p)
	d.writePolicies(p)
	d.writeSettings(p)
	d.gaps(p)
	d.writeExceptions(p)
	d.writeNotCovered(p)
	d.writeHowToVerify(p)
	writeSignOff(p)
	_, err := w.Write(p.text.Bytes())
	return err
}

// writeExamined writes who and what was examined, when and by what.
func (d *dossier) writeExamined(p *statementPage) {
	p.say("## What was examined\n")
	p.say("- **Who:** the organization %s (id %d) on %s.", d.login, d.id, verbatim(d.host))
	p.say("- **What:** every fine-grained personal access token that it approved, as GitHub listed " +
		"them to a GitHub App: what each may do, on which repositories, until when, whose it is, and " +
		"when it was last used; and the requests that waited. Each question to GitHub, with the hash " +
		"of its answer, is in the evidence (`manifest` in snapshot.json).")
	if len(d.runs) == 0 {
		p.say("- **When:** never: **the history has no run of the period.**\n")
		return
	}
	by := d.collectedRuns()
	p.say("- **When:** %s, %d complete. The evidence was collected from %s to %s, and judged as of "+
		"%s to %s.", safe.Plural(len(d.runs), "run"), d.complete(), minuteOf(by[0].CollectedAt),
		minuteOf(by[len(by)-1].CollectedAt), minuteOf(d.runs[0].AsOf),
		minuteOf(d.runs[len(d.runs)-1].AsOf))
	if d.complete() == 0 {
		p.say("- **No run of the period is complete:** of none can it be said that all was seen.")
	}
	p.say("- **By what:** %s. Whether the App may see everything is checked in each run "+
		"(`installation` in its coverage).\n",
		strings.Join(d.distinct(func(r *dossierRun) []string { return []string{r.Tool} }), ", "))
}

// distinct lists the values of the period's runs, each once.
func (d *dossier) distinct(values func(*dossierRun) []string) (all []string) {
	for _, r := range d.periodParts() {
		for _, value := range values(r) {
			if !slices.Contains(all, value) {
				all = append(all, value)
			}
		}
	}
	return all
}

// mostStated is how many rows of a table a page has room for.
const mostStated = 15

// writePopulation writes what there was at each run.
func (d *dossier) writePopulation(p *statementPage) {
	if len(d.runs) == 0 {
		return
	}
	p.say("## Population and result at each run\n")
	p.say("| run | collected | judged as of | verdict | complete | tokens | active | people | " +
		"requests | against the policy | overdue |")
	p.say("| ---: | --- | --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |")
	for _, r := range d.shownRuns() {
		f := records.FiguresOf(r)
		against := fmt.Sprint(f.Violating)
		if f.Contradicted > 0 {
			against += " and " + safe.Plural(f.Contradicted, "setting")
		}
		p.say("| %d | %s | %s | %s | %s | %d | %d | %d | %d | %s | %d |", r.Number,
			minuteOf(r.CollectedAt), minuteOf(r.AsOf), r.Verdict, records.YesNo(r.Complete),
			f.Tokens, f.Active, f.People, f.Requests, against, f.Overdue)
	}
	if more := len(d.runs) - mostStated; more > 0 {
		p.say("\n%d more stand in between: runs.csv has all of them.", more)
	}
	p.say("")
}

// shownRuns returns the first and the last runs, if there is no room for all.
func (d *dossier) shownRuns() (runs []*history.Run) {
	const first = 3
	for i := range d.runs {
		if len(d.runs) <= mostStated || i < first || i >= len(d.runs)-mostStated+first {
			runs = append(runs, &d.runs[i])
		}
	}
	return runs
}

// writePolicies writes by which policies was judged.
func (d *dossier) writePolicies(p *statementPage) {
	p.say("## Against what\n")
	seen := map[string]bool{}
	for _, r := range d.periodParts() {
		if seen[r.Policy.Digest] {
			continue
		}
		seen[r.Policy.Digest] = true
		ratified := "nobody is on record as having put it into force"
		if r.ratified != nil {
			ratified = "put into force by " + r.ratified.By + " on " + view.DayOf(r.ratified.On)
		}
		p.say("- %s, %s, from run %d on: violations are findings of severity %s or worse; %s. Its "+
			"text: `%s`", r.Policy.Name, verbatim(r.Policy.Digest), r.Number,
			r.Policy.FailOn.String(), ratified, code(r.policyPath()))
	}
	d.writeChanges(p)
	p.say("\nEach rule names the controls that it supports (ISO/IEC 27001:2022 A.5.15 to A.5.18, " +
		"SOC 2 CC6, NIST SP 800-53): controls.csv. To sample findings, take them from findings.csv, " +
		"which each run has.\n")
}

// writeChanges writes what changed in the policy, within the period or since the run before it.
func (d *dossier) writeChanges(p *statementPage) {
	const most = 40 // lines
	for _, change := range d.policyChanges() {
		p.say("\nThe policy changed from run %d to run %d (%s):\n", change.before.Number,
			change.after.Number, minuteOf(change.after.AsOf))
		for _, line := range change.lines[:min(len(change.lines), most)] {
			p.say("    %s", code(line))
		}
		if more := len(change.lines) - most; more > 0 {
			p.say("\n%d more lines are in policies.diff.", more)
		}
	}
}

// code is a text of our own, which is no cell.
type code string

// digestOrHost matches a digest, and the name of a host.
var digestOrHost = regexp.MustCompile(
	`^(?:sha256:[0-9a-f]{64}|[A-Za-z0-9][A-Za-z0-9.-]{0,252})$`)

// verbatim returns a digest or a host in code, if it is one.
func verbatim(text string) any {
	if !digestOrHost.MatchString(text) {
		return text
	}
	return code("`" + text + "`")
}

// writeExceptions writes what people accepted.
func (d *dossier) writeExceptions(p *statementPage) {
	p.say("## Exceptions\n")
	parts := d.periodParts()
	if len(parts) == 0 {
		p.say("None is known: there was no run.\n")
		return
	}
	last := parts[len(parts)-1]
	states := map[audit.DecisionState]int{}
	waivers := 0
	for _, result := range last.decisions {
		states[result.State]++
		if result.Decision.Kind == audit.Waive {
			waivers++
		}
	}
	p.say("As of the last run (%d): %s, among them %s; %s so accepted. decisions.csv "+
		"has each with its reason, who decided, until when, and what became of it at each run.\n",
		last.Number, safe.Plural(len(last.decisions), "decision"), safe.Plural(waivers, "waiver"),
		safe.Plural(last.waived, "finding"))
	for _, state := range []audit.DecisionState{
		audit.DecisionUsed, audit.DecisionDone, audit.DecisionExpired, audit.DecisionOverdue,
		audit.DecisionExceeded, audit.DecisionUnused,
	} {
		if n := states[state]; n > 0 {
			p.say("- %s: %d", string(state), n)
		}
	}
	if debt := last.debt; debt != nil {
		p.say("- A baseline accepts %s until %s as accepted debt: %d are left, %d have become "+
			"worse, %d are past their last day.", safe.Plural(debt.Accepted, "finding"),
			view.DayOf(debt.Until),
			debt.Left, debt.Worse, debt.Ended)
	}
	p.say("")
}

// writeNotCovered writes what no run speaks of.
func (d *dossier) writeNotCovered(p *statementPage) {
	p.say("## What is not covered\n")
	all := d.distinct(func(r *dossierRun) []string { return r.notSeen })
	for _, text := range all[:min(len(all), mostStated)] {
		p.say("- %s", text)
	}
	p.say("- Tokens that were approved and gone again between two runs; what a token was used for.")
	p.say("- Runs that were not saved into this history, or pruned before this file was made.")
	if d.missing != nil {
		p.say("- **Missing from the history:** %s: saved, of this organization or another, and not "+
			"pruned.", code(missingWords(d.missing)))
	}
	for _, r := range d.parts {
		switch {
		case r.forgetful():
			p.say("- The evidence of run %d is not kept as it was judged (%s): a person was taken out "+
				"of it.", r.Number, verbatim(r.EvidenceDigest))
		case r.rewritten():
			p.say("- The evidence of run %d was read from a file (%s) that is laid out otherwise than "+
				"snapshot.json, which was written anew from it: to judge the run again takes that file.",
				r.Number, verbatim(r.EvidenceDigest))
		}
	}
	p.say("")
}
