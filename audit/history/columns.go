// SPDX-License-Identifier: Apache-2.0

package history

import (
	"crypto/sha256"
	"database/sql"
	"fmt"
	"hash"
	"time"

	"github.com/complytime/pataudit/audit"
)

// reading scans the columns of a run, and makes the digest of the row as it is stored.
type reading struct {
	sum     hash.Hash
	changed []string
}

// column is one of them. What it cannot hold is noted, so that the run can be named.
type column struct {
	*reading
	name string
	into any
}

// Scan reads the column.
func (c column) Scan(stored any) error {
	if raw, is := stored.([]byte); is {
		stored = string(raw)
	}
	plain := fmt.Sprint(stored)
	switch v := stored.(type) {
	case bool:
		plain = map[bool]string{false: "0", true: "1"}[v]
	case int64, string:
	default:
		c.wrong("is stored as %T", stored)
	}
	_, _ = fmt.Fprintf(c.sum, "%d:%s,", len(plain), plain) // a hash takes all
	if err := c.assign(stored, plain); err != nil {
		c.wrong("cannot be read: %v", err)
	}
	return nil
}

func (c column) wrong(format string, args ...any) {
	c.changed = append(c.changed, c.name+" "+fmt.Sprintf(format, args...))
}

func (c column) assign(stored any, plain string) error {
	switch into := c.into.(type) {
	case sql.Scanner:
		return into.Scan(stored)
	case *string:
		*into = plain
	case *bool:
		if plain != "0" && plain != "1" {
			return fmt.Errorf("%.20q is neither 0 nor 1", plain)
		}
		*into = plain == "1"
	case *int64:
		n, is := stored.(int64)
		if !is {
			return fmt.Errorf("%.20q is no number", plain)
		}
		*into = n
	case *int:
		n, is := stored.(int64)
		if !is {
			return fmt.Errorf("%.20q is no number", plain)
		}
		*into = int(n)
	default:
		return fmt.Errorf("nothing is read into %T", into)
	}
	return nil
}

// digest returns that of what was scanned.
func (r *reading) digest() string { return fmt.Sprintf("sha256:%x", r.sum.Sum(nil)) }

func newReading() *reading { return &reading{sum: sha256.New()} }

// columns returns where each column is scanned into, in the order of digested.
func (row *reading) columns(r *Run) []any {
	var columns []any
	add := func(name string, into any) { columns = append(columns, column{row, name, into}) }
	p, name, other := &r.Point, &r.Policy, new(string)
	add("number", &r.Number)
	add("identity", other)
	add("host", (*text)(&r.Organization.Host))
	add("id", &r.Organization.ID)
	for _, into := range []struct {
		name string
		into any
	}{
		{"organization", new(int64)},
		{"login", (*text)(&r.Organization.Login)},
		{"folded", other},
		{"as_of", instantColumn{&r.AsOf}},
		{"collected_at", instantColumn{&r.CollectedAt}},
		{"saved_at", instantColumn{&r.SavedAt}},
		{"verdict", &r.Verdict},
		{"complete", &r.Complete},
		{"incomplete", asJSON[audit.Gaps]{&r.Incomplete}},
		{"coverage", coverageColumn{&r.Coverage}},
		{"skipped", factsColumn{&r.Skipped}},
		{"asked", asJSON[map[string]string]{&r.Asked}},
		{"evidence_digest", (*text)(&r.EvidenceDigest)},
		{"snapshot_digest", &r.SnapshotDigest},
		{"report_digest", &r.reportDigest},
		{"memory_digest", &r.memoryDigest},
		{"compares", &r.Compares},
		{"judgement", &r.judgement},
		{"policy_digest", (*text)(&name.Digest)},
		{"policy_name", (*text)(&name.Name)},
		{"fail_on", severityColumn{&name.FailOn}},
		{"tool", (*text)(&r.Tool)},
		{"criteria", &r.Criteria},
		{"policy", &r.texts[0]},
		{"decisions", &r.texts[1]},
		{"baseline", &r.texts[2]},
		{"registry", &r.texts[3]},
		{"flags", asJSON[flagsRow]{&r.flags}},
		{"rewritten", &r.Rewritten},
		{"batch", (*text)(&r.Batch)},
		{"tokens", &p.Tokens},
		{"active", &r.Active},
		{"people", &r.People},
		{"violating", &p.Violating},
		{"overdue", &p.Overdue},
		{"requests", &r.Requests},
		{"contradicted", &r.Contradicted},
		{"by_severity", severitiesColumn{p}},
	} {
		add(into.name, into.into)
	}
	return columns
}

// instantColumn is an instant as it is stored.
type instantColumn struct{ time *time.Time }

// Scan reads it back.
func (a instantColumn) Scan(stored any) error {
	micros, is := stored.(int64)
	if !is {
		return fmt.Errorf("an instant is stored as %T", stored)
	}
	*a.time = instant(micros)
	return writable(*a.time)
}

// writable returns an error for an instant that no report can hold: its year has no four digits.
func writable(at time.Time) error {
	if year := at.Year(); year < 0 || year > 9999 {
		return fmt.Errorf("there is no year %d", year)
	}
	return nil
}

// severityColumn is a severity, stored by its name.
type severityColumn struct{ severity *audit.Severity }

// Scan reads it back.
func (s severityColumn) Scan(stored any) (err error) {
	name, _ := stored.(string)
	if name == audit.NoSeverity.String() {
		*s.severity = audit.NoSeverity
		return nil
	}
	*s.severity, err = audit.ParseSeverity(name)
	return err
}

// factsColumn are facts, stored by their names.
type factsColumn struct{ facts *audit.Facts }

// Scan reads them back.
func (f factsColumn) Scan(stored any) error {
	var names []string
	if err := (asJSON[[]string]{&names}).Scan(stored); err != nil {
		return err
	}
	var unknown string
	if *f.facts, unknown = audit.ParseFacts(names); unknown != "" {
		return fmt.Errorf("it names a fact that we do not know: %q", unknown)
	}
	return nil
}

// coverageRow is how well a source was seen, as it is stored.
type coverageRow struct {
	Source   string       `json:"source"`
	Status   string       `json:"status"`
	Items    int          `json:"items"`
	Requests int          `json:"requests"`
	Reason   audit.Reason `json:"reason,omitempty"`
}

func coverageRows(coverage []audit.Coverage) []coverageRow {
	rows := make([]coverageRow, 0, len(coverage))
	for _, c := range coverage {
		rows = append(rows, coverageRow{c.Source, string(c.Status), c.Items, c.Requests, c.Reason})
	}
	return rows
}

// coverageColumn is how well the sources were seen.
type coverageColumn struct{ coverage *[]audit.Coverage }

// Scan reads it back.
func (c coverageColumn) Scan(stored any) error {
	var rows []coverageRow
	err := (asJSON[[]coverageRow]{&rows}).Scan(stored)
	*c.coverage = coverageOf(rows)
	return err
}

func coverageOf(rows []coverageRow) (coverage []audit.Coverage) {
	for _, r := range rows {
		coverage = append(coverage, audit.Coverage{
			Source: r.Source, Status: audit.CoverageStatus(r.Status), Items: r.Items,
			Requests: r.Requests, Reason: r.Reason,
		})
	}
	return coverage
}

// severitiesRow counts tokens by severity, as it is stored.
type severitiesRow struct {
	Worst     map[string]int `json:"worst"`
	Violating map[string]int `json:"violating"`
	Indebted  map[string]int `json:"indebted"`
}

func severitiesRowOf(p audit.Point) severitiesRow {
	named := func(counts []int) map[string]int {
		row := map[string]int{}
		for i, n := range counts {
			row[audit.Severity(i).String()] = n
		}
		return row
	}
	return severitiesRow{named(p.ByWorst[:]), named(p.ViolatingBy[:]), named(p.IndebtedBy[:])}
}

// severitiesColumn are the tokens of a point, by severity.
type severitiesColumn struct{ point *audit.Point }

// Scan reads them back.
func (c severitiesColumn) Scan(stored any) error {
	var row severitiesRow
	err := (asJSON[severitiesRow]{&row}).Scan(stored)
	row.fill(c.point)
	return err
}

// fill is the inverse.
func (r *severitiesRow) fill(p *audit.Point) {
	for i := range p.ByWorst {
		name := audit.Severity(i).String()
		p.ByWorst[i] = r.Worst[name]
		p.ViolatingBy[i], p.IndebtedBy[i] = r.Violating[name], r.Indebted[name]
	}
}
