// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/complytime/pataudit/audit"
)

const (
	keyUntil    = "until"
	keyAccepted = "accepted"
	keyDebts    = "debts"
)

// ParseBaseline reads a baseline file: findings that an organization accepted as debt.
//
//	version: 1
//	organization: complytime
//	organization_id: 652551
//	created: 2026-11-22
//	until: 2027-05-21
//	accepted:
//	  - {on: 2026-12-01, reason: "the agents team joined", added: 1}
//	reach:
//	  - repositories: [101, 102]
//	    tokens:
//	      - 98716
//	debts:
//	  - {token: 98716, rule: unused, severity: high, first_seen: 2026-11-22,
//	     until: 2027-05-21, basis: ["over 90 days"]}
//
// A debt is about a token, by the id that reports and GitHub's settings show; about a grant, if
// the token's id is not known, or is another grant's; or about a pending request. It ends with the
// baseline or before, and holds for the repositories that were reached then, which stand under
// reach. Name is the file's, for errors; all that is wrong is reported at once, as by [Parse]. The
// policy says which rules there are.
func ParseBaseline(name string, data []byte, p *audit.Policy) (*audit.Baseline, error) {
	file := &baselineFile{
		parser:  parser{file: name, policy: p},
		seen:    map[debtKey]int{},
		reaches: map[debtKey]audit.Reach{},
	}
	b := &file.baseline
	var reaches, debts *yaml.Node // debts come last, for they rest on the baseline's last day
	root := file.records(maxRecords, data, aBaseline, targets{
		"organization": &b.Organization, "organization_id": &b.OrganizationID,
		"created": &b.Created, keyUntil: &b.Until,
		keyAccepted: file.each(keyAccepted, file.acceptance),
		keyReach:    func(n *yaml.Node) { reaches = n; file.each(keyReach, file.grants)(n) },
		keyDebts:    func(n *yaml.Node) { debts = n },
	}, "organization", "created", keyUntil, keyDebts)
	if debts != nil {
		if reaches == nil && len(debts.Content) > 0 {
			file.fail(
				root,
				"reach: it does not say which repositories the tokens reached: remove the "+
					"file, and `pataudit baseline create -o %s` accepts anew what fails",
				name,
			)
			return nil, file.err()
		}
		file.each(keyDebts, file.debt)(debts)
	}
	if err := file.err(); err != nil {
		return nil, err
	}
	slices.SortFunc(b.Debts, byKey)
	return b, nil
}

// debtKey identifies the finding that a debt is about.
type debtKey struct {
	kind string
	id   int64
	rule string
}

func keyOf(d *audit.Debt) debtKey { return debtKey{d.Kind, d.ID, d.Rule} }

// byKey orders debts as a baseline has them: tokens first.
func byKey(a, b audit.Debt) int {
	return cmp.Or(
		-cmp.Compare(a.Kind, b.Kind),
		cmp.Compare(a.ID, b.ID),
		cmp.Compare(a.Rule, b.Rule),
	)
}

type baselineFile struct {
	parser
	baseline audit.Baseline
	seen     map[debtKey]int         // the line of each debt
	reaches  map[debtKey]audit.Reach // of each token or request
}

func (f *baselineFile) acceptance(n *yaml.Node) {
	a := audit.Acceptance{}
	f.record(n, "an acceptance", targets{
		keyOn: &a.On, keyBy: &a.By, "reason": &a.Reason, "added": &a.Added,
	})
	f.needs(n, "an acceptance", keyOn, "reason", "added")
	f.baseline.Accepted = append(f.baseline.Accepted, a)
}

func (f *baselineFile) debt(n *yaml.Node) {
	d := audit.Debt{}
	var token, grant, request int64
	values := f.record(n, "a debt", targets{
		audit.KindToken: &token, audit.KindGrant: &grant, audit.KindRequest: &request,
		"rule": f.word("rule", ruleIDs(f.policy), &d.Rule), keySeverity: &d.Severity,
		"first_seen": &d.FirstSeen, keyUntil: &d.Until, "basis": &d.Basis,
	})
	f.needs(n, "a debt", "rule", keySeverity, "first_seen", keyUntil, "basis")
	if n.Kind != yaml.MappingNode {
		return
	}
	about := 0
	for kind, id := range map[string]int64{
		audit.KindToken: token, audit.KindGrant: grant, audit.KindRequest: request,
	} {
		if values[kind] != nil {
			d.Kind, d.ID = kind, id
			about++
		}
	}
	if about != 1 {
		f.fail(n, "a debt is about a token, a grant or a request: write one of them")
		return
	}
	if until := values[keyUntil]; until != nil && !d.Until.IsZero() {
		switch {
		case d.Until.Before(d.FirstSeen):
			f.fail(until, "until: is before first_seen")
		case d.Until.After(f.baseline.Until) && !f.baseline.Until.IsZero():
			f.fail(until, "until: is after %s, the last day of the baseline",
				f.baseline.Until.Format(time.DateOnly))
		}
	}
	if line, again := f.seen[keyOf(&d)]; again {
		f.fail(n, "the debt of %s %d for %s is there twice; first in line %d",
			d.Kind, d.ID, d.Rule, line)
		return
	}
	f.seen[keyOf(&d)] = n.Line
	f.reachOf(n, &d)
	f.baseline.Debts = append(f.baseline.Debts, d)
}

const baselineHeader = `# Findings that were accepted as debt: known, dated, and to be paid.
# Each line under debts is one. No person and no repository is named: there are ids alone. It
# grows only with a reason: see pataudit baseline.
`

// FormatBaseline writes a baseline as [ParseBaseline] reads it: the same bytes for the same debts,
// in the order of tokens, requests, grants, ids and rules.
func FormatBaseline(b *audit.Baseline) []byte {
	var text bytes.Buffer
	text.WriteString(baselineHeader)
	fmt.Fprintf(&text, "version: %s\norganization: %s\n", version, plainWord(b.Organization))
	if b.OrganizationID != 0 {
		fmt.Fprintf(&text, "organization_id: %d\n", b.OrganizationID)
	}
	fmt.Fprintf(&text, "created: %s\nuntil: %s\n", b.Created.Format(time.DateOnly),
		b.Until.Format(time.DateOnly))
	if len(b.Accepted) > 0 {
		text.WriteString("accepted:\n")
	}
	for _, a := range b.Accepted {
		fmt.Fprintf(&text, "  - {on: %s, ", a.On.Format(time.DateOnly))
		if a.By != "" {
			fmt.Fprintf(&text, "by: %s, ", plainWord(a.By))
		}
		fmt.Fprintf(&text, "reason: %s, added: %d}\n", quote(a.Reason), a.Added)
	}
	if len(b.Debts) == 0 {
		text.WriteString("debts: []\n")
		return text.Bytes()
	}
	writeReach(&text, b.Debts)
	text.WriteString("debts:\n")
	for _, d := range slices.SortedFunc(slices.Values(b.Debts), byKey) {
		fmt.Fprintf(&text, "  - {%s: %d, rule: %s, severity: %s, first_seen: %s, until: %s, ",
			d.Kind, d.ID, plainWord(d.Rule), d.Severity,
			d.FirstSeen.Format(time.DateOnly), d.Until.Format(time.DateOnly))
		fmt.Fprintf(&text, "basis: %s}\n", quoted(d.Basis))
	}
	return text.Bytes()
}
