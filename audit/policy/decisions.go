// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"maps"
	"slices"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/complytime/pataudit/audit"
)

const (
	keyDecisions = "decisions"
	keyHeld      = "held"
)

// ParseDecisions reads a decisions file: what people decided of tokens, one record for each
// decision.
//
//	version: 1
//	decisions:
//	  # org-ai-access of octocat
//	  - token: 98716
//	    owner: 1
//	    kind: waive
//	    rule: all-repositories
//	    basis: ["all repositories", "all repositories: read"]
//	    severity: medium
//	    reach: all
//	    reason: "moves to an App in May"
//	    by: alice
//	    on: 2026-11-22
//	    until: 2027-05-01
//
// Token and owner are ids. Every record needs them, kind, by, on and until, the last day. To waive
// also needs rule, basis, severity, reach and reason, and lasts no longer than the policy lets it;
// to keep, purpose; to reduce, basis (what has to go, see [audit.Reductions]), held (the
// permissions that the token had), reach and reason; to revoke, reason. To attest is about a
// setting of an organization: it needs organization, setting, value and reason in place of a token
// and an owner, and lasts at most 366 days. A ticket, a reason and a
// note may always be there, and the consumer of what is kept. A reach is all, none, a list of
// repository ids, or unknown: that covers nothing that rests on repositories.
//
// Name is the file's, for errors; all that is wrong is reported at once, as by [Parse]. The policy
// says which rules there are and how long waivers last; nil [audit.Policy.Waivers] are 30 days for
// critical, 90 for high, 180 for medium and 365 for milder ones. That no decision is dated in the
// future is for the caller to see: this package has no clock.
func ParseDecisions(name string, data []byte, p *audit.Policy) ([]*audit.Decision, error) {
	file, err := parseDecisions(name, data, p)
	if err != nil {
		return nil, err
	}
	return file.decisions, nil
}

func parseDecisions(name string, data []byte, p *audit.Policy) (*decisionsFile, error) {
	file := &decisionsFile{parser: parser{file: name, policy: p}, seen: map[string]int{}}
	file.root = file.records(maxRecords, data, someDecisions, targets{
		keyDecisions: file.each(keyDecisions, file.decision),
	}, keyDecisions)
	return file, file.err()
}

type decisionsFile struct {
	parser
	root      *yaml.Node
	decisions []*audit.Decision
	seen      map[string]int // the line of each record, by what it says
}

// decision reads one record.
func (f *decisionsFile) decision(n *yaml.Node) {
	d := &audit.Decision{}
	setting := ""
	values := f.record(n, "a decision", targets{
		keyOrganization: &d.Organization,
		keySetting:      f.word(keySetting, audit.SettingNames(), &setting),
		keyValue:        &d.Value,
		"token":         &d.TokenID, "owner": &d.OwnerID,
		"kind": f.word("kind", slices.Sorted(maps.Keys(needed)), &d.Kind),
		"rule": f.word("rule", ruleIDs(f.policy), &d.Rule), "basis": &d.Basis,
		keyHeld: f.texts(
			keyHeld,
			&d.Held,
		), keySeverity: &d.Severity, keyReach: &d.Reach, "purpose": &d.Purpose, "consumer": &d.Consumer,
		"reason": &d.Reason, keyBy: &d.By, "ticket": &d.Ticket, keyOn: &d.On,
		keyUntil: &d.Until, "note": new(string),
	})
	d.Setting = audit.Setting(setting)
	f.renewable(n, d, values)
	f.fits(n, d.Kind, values)
	switch {
	case d.Kind == audit.Reduce:
		f.reduces(d, values)
	case d.Kind == audit.Attest:
		f.attestation(d, values)
	case d.Kind == audit.Keep && (values[keyHeld] == nil) != (values[keyReach] == nil):
		f.fail(n, "a decision to keep says both what the token held and its reach, or neither")
	case d.Kind == audit.Keep && values[keyHeld] != nil && d.Held == nil:
		d.Held = []string{}
	}
	if until := values[keyUntil]; until != nil && !d.On.IsZero() && !d.Until.IsZero() {
		f.lasts(until, d)
	}
	text := string(formatDecision(d, ""))
	if line, again := f.seen[text]; again {
		f.fail(n, "the same decision is there twice; first in line %d", line)
		return
	}
	f.seen[text] = n.Line
	f.decisions = append(f.decisions, d)
}

// renewable refuses a record that does not say for which repositories it was decided, and names
// the command that makes one which does.
func (f *decisionsFile) renewable(n *yaml.Node, d *audit.Decision, values map[string]*yaml.Node) {
	if n.Kind != yaml.MappingNode || values[keyReach] != nil ||
		!slices.Contains(needed[d.Kind], keyReach) {
		return
	}
	rule := ""
	if d.Rule != "" {
		rule = " --rule " + d.Rule
	}
	f.fail(
		n,
		"reach: it does not say for which repositories it was decided: remove the record, and "+
			"`pataudit decide %d %s%s --decisions %s --by LOGIN --reason WHY` makes it anew",
		d.TokenID,
		d.Kind,
		rule,
		f.file,
	)
}

// reduces refuses a decision to reduce that can never be seen to be done.
func (f *decisionsFile) reduces(d *audit.Decision, values map[string]*yaml.Node) {
	if reach := values[keyReach]; reach != nil && reach.Kind == yaml.ScalarNode &&
		!d.Reach.Known() {
		f.fail(reach, "reach: what a token reached has to be known to reduce it")
	}
	if basis := values["basis"]; basis != nil {
		for _, element := range basis.Content {
			if err := audit.CheckReduction(element.Value, ruleIDs(f.policy)); err != nil {
				f.fail(element, "basis: %w", err)
			}
		}
	}
}

// aToken are the keys by which a decision is bound to a token.
var aToken = []string{"token", "owner"}

// needed are the keys that a kind of decision needs beside those that all do; no other kind may
// have them, but for the reason, and what two of them share.
var needed = map[string][]string{
	audit.Waive:  {"rule", "basis", keySeverity, keyReach, "reason"},
	audit.Keep:   {"purpose"},
	audit.Reduce: {"basis", keyHeld, keyReach, "reason"},
	audit.Revoke: {"reason"},
	audit.Attest: {keyOrganization, keySetting, keyValue, "reason"},
}

// fits refuses a record that lacks what its kind needs, or has what its kind has not: a rule, say,
// for who writes one means to waive.
func (f *decisionsFile) fits(n *yaml.Node, kind string, values map[string]*yaml.Node) {
	what := "a decision"
	if kind != "" {
		what += " to " + kind
	}
	wanted := append([]string{"kind"}, needed[kind]...)
	if kind != audit.Attest {
		wanted = append(aToken, wanted...)
	}
	f.needs(n, what, append(wanted, keyBy, keyOn, keyUntil)...)
	if kind == "" {
		return // what it may have is not known
	}
	for _, key := range []string{
		"rule", "basis", keyHeld, keySeverity, keyReach, "purpose", "consumer",
		keyOrganization, keySetting, keyValue, "token", "owner",
	} {
		has := slices.Contains(needed[kind], key) ||
			kind != audit.Attest && slices.Contains(aToken, key) ||
			kind == audit.Keep && slices.Contains([]string{"consumer", keyHeld, keyReach}, key)
		if value := values[key]; value != nil && !has {
			f.fail(value, "%s: is not for a decision to %s: remove it", key, kind)
		}
	}
}

// lasts refuses a decision that ends before it begins, and a waiver that outlives its limit.
func (f *decisionsFile) lasts(until *yaml.Node, d *audit.Decision) {
	if d.Until.Before(d.On) {
		f.fail(until, "until: is before %s, the day of the decision", d.On.Format(time.DateOnly))
		return
	}
	limits := f.policy.Waivers
	if limits == nil {
		limits = defaultLimits()
	}
	days, limited := limits[d.Severity]
	// Only a waiver has a severity.
	if last := d.On.AddDate(0, 0, days); limited && d.Until.After(last) {
		f.fail(until, "until: a waiver of a finding that is %s lasts %d days, here until %s: "+
			"waive it anew then, or change waivers in the policy",
			d.Severity, days, last.Format(time.DateOnly))
	}
}

func defaultLimits() map[audit.Severity]int {
	return map[audit.Severity]int{
		audit.Critical: 30, audit.High: 90, audit.Medium: 180, audit.Low: 365, audit.Info: 365,
	}
}
