// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/complytime/pataudit/audit"
)

// Run is what the store knows of a run without its documents.
type Run struct {
	Number       int64
	Organization audit.Organization // login as it was then, ID and Host; nothing else

	AsOf, CollectedAt, SavedAt time.Time

	Verdict    string // of [audit.Outcome]
	Complete   bool
	Incomplete []string // why it is not complete
	Coverage   []audit.Coverage
	Skipped    audit.Facts // what it did without by choice
	Asked      []string    // rules, by their names

	Policy         audit.PolicyName // Name, Digest and FailOn; nothing else
	EvidenceDigest string           // of the snapshot as it was judged
	SnapshotDigest string           // of the snapshot as it is kept
	Compares       int64            // the run that it tells changes since; 0: none
	Criteria       string           // digest of all that it was judged by
	Tool, Batch    string

	Point                    audit.Point
	Active, People, Requests int
}

// Query chooses runs. The zero value is all of them.
type Query struct {
	// Organization is a login, in any case: runs that were made under it, and those of the
	// organization that has it now. Host is that of its GitHub.
	Organization, Host string

	From, To     time.Time // as of; To is not within
	CompleteOnly bool
	Batch        string
	Limit        int // no more than the newest ones of this number; 0: all
}

// Runs lists the runs that a query chooses, oldest first.
func (s *Store) Runs(ctx context.Context, q Query) ([]Run, error) {
	to, limit := int64(math.MaxInt64), int64(math.MaxInt64)
	if !q.To.IsZero() {
		to = micros(q.To)
	}
	if q.Limit > 0 {
		limit = int64(q.Limit)
	}
	runs, err := readRuns(ctx, single{s}, `
		WHERE ($1 = '' OR r.folded = $1 OR o.folded = $1) AND ($2 = '' OR o.host = $2)
			AND r.as_of >= $3 AND r.as_of < $4 AND (r.complete OR NOT $5)
			AND ($6 = '' OR r.batch = $6)
		ORDER BY r.as_of DESC, r.number DESC LIMIT $7`,
		folded(q.Organization), folded(q.Host), micros(q.From), to, q.CompleteOnly, text(q.Batch),
		limit)
	slices.Reverse(runs)
	return runs, s.failed("listing runs", err)
}

// Judged lists the runs that were judged from evidence with a digest, as it was then or as it is
// kept, as of an instant; newest first.
func (s *Store) Judged(ctx context.Context, digest string, asOf time.Time) ([]Run, error) {
	runs, err := readRuns(ctx, single{s}, `
		WHERE (r.evidence_digest = $1 OR r.snapshot_digest = $1) AND r.as_of = $2
		ORDER BY r.number DESC`, text(digest), micros(asOf))
	return runs, s.failed("looking for a run", err)
}

// Run gives one run.
func (s *Store) Run(ctx context.Context, number int64) (*Run, error) {
	runs, err := readRuns(ctx, single{s}, `WHERE r.number = $1`, number)
	if err == nil && len(runs) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return nil, s.failed(fmt.Sprintf("run %d", number), err)
	}
	return &runs[0], nil
}

// readRuns reads the runs that a condition chooses.
func readRuns(
	ctx context.Context, q querier, condition string, args ...any,
) (runs []Run, err error) {
	err = each(ctx, q, func(rows *sql.Rows) error {
		run, err := scanRun(rows)
		runs = append(runs, run)
		return err
	}, `SELECT r.number, r.login, o.id, o.host, r.as_of, r.collected_at, r.saved_at,
			r.verdict, r.complete, r.incomplete, r.coverage, r.skipped, r.asked,
			r.evidence_digest, r.snapshot_digest, r.compares, r.policy_digest, r.policy_name,
			r.fail_on, r.criteria, r.tool, r.batch,
			r.tokens, r.active, r.people, r.violating, r.overdue, r.requests, r.by_severity
		FROM pataudit_runs r JOIN pataudit_organizations o ON o.number = r.organization `+
		condition, args...)
	return runs, err
}

func scanRun(rows *sql.Rows) (r Run, err error) {
	var asOf, collectedAt, savedAt int64
	var skipped []string
	var asked map[string]string
	var coverage []coverageRow
	var severities severitiesRow
	var failOn string
	p, name := &r.Point, &r.Policy
	if err := rows.Scan(&r.Number, (*text)(&r.Organization.Login), &r.Organization.ID,
		(*text)(&r.Organization.Host), &asOf, &collectedAt, &savedAt,
		&r.Verdict, &r.Complete, asJSON[[]string]{&r.Incomplete},
		asJSON[[]coverageRow]{&coverage}, asJSON[[]string]{&skipped}, asJSON[map[string]string]{&asked},
		(*text)(&r.EvidenceDigest), &r.SnapshotDigest, &r.Compares, (*text)(&name.Digest),
		(*text)(&name.Name), &failOn,
		&r.Criteria, (*text)(&r.Tool), (*text)(&r.Batch),
		&p.Tokens, &r.Active, &r.People, &p.Violating, &p.Overdue, &r.Requests,
		asJSON[severitiesRow]{&severities}); err != nil {
		return r, err
	}
	r.AsOf, r.CollectedAt, r.SavedAt = instant(asOf), instant(collectedAt), instant(savedAt)
	p.AsOf, r.Coverage = r.AsOf, coverageOf(coverage)
	r.Asked = slices.Sorted(maps.Keys(asked))
	severities.fill(p)
	if failOn != audit.NoSeverity.String() {
		if r.Policy.FailOn, err = audit.ParseSeverity(failOn); err != nil {
			return r, err
		}
	}
	var unknown string
	if r.Skipped, unknown = audit.ParseFacts(skipped); unknown != "" {
		err = fmt.Errorf("run %d did without a fact that we do not know: %q", r.Number, unknown)
	}
	return r, err
}

// coverageRow is how well a source was seen, as it is stored.
type coverageRow struct {
	Source   string `json:"source"`
	Status   string `json:"status"`
	Items    int    `json:"items"`
	Requests int    `json:"requests"`
	Reason   string `json:"reason,omitempty"`
}

func coverageRows(coverage []audit.Coverage) []coverageRow {
	rows := make([]coverageRow, 0, len(coverage))
	for _, c := range coverage {
		rows = append(rows, coverageRow{c.Source, string(c.Status), c.Items, c.Requests, c.Reason})
	}
	return rows
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

// fill is the inverse.
func (r *severitiesRow) fill(p *audit.Point) {
	for i := range p.ByWorst {
		name := audit.Severity(i).String()
		p.ByWorst[i] = r.Worst[name]
		p.ViolatingBy[i], p.IndebtedBy[i] = r.Violating[name], r.Indebted[name]
	}
}
