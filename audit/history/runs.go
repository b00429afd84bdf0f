// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/complytime/pataudit/audit"
)

// Run is what the store knows of a run without its documents.
type Run struct {
	Number       int64
	Organization audit.Organization // login as it was then, ID and Host; nothing else

	AsOf, CollectedAt, SavedAt time.Time // collected: see [audit.Run.Collected]

	Verdict    string // of [audit.Outcome]
	Complete   bool
	Incomplete audit.Gaps // why it is not complete
	Coverage   []audit.Coverage
	Skipped    audit.Facts       // what it did without by choice
	Asked      map[string]string // by rule, a digest of what was asked

	Policy         audit.PolicyName // Name, Digest and FailOn; nothing else
	EvidenceDigest string           // of the snapshot as it was judged
	SnapshotDigest string           // of the snapshot as it is kept
	Compares       int64            // the run that it is compared with; 0: none
	Criteria       string           // digest of all that it was judged by
	Tool, Batch    string

	Point                    audit.Point
	Active, People, Requests int
	Contradicted             int // settings that are not as the policy claims

	// Rewritten reports whether a person was taken out of what is kept: see [Store.Forget].
	Rewritten bool

	// Changed is what is not as it was saved; nil if all is. Nothing else of such a run is to be
	// believed.
	Changed []string

	judgement, reportDigest, memoryDigest string
	texts                                 [4]string // keys of [audit.Criteria.Texts]
	flags                                 flagsRow
	head                                  []byte // the beginning of its report; nil if there is none
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

// Runs lists the runs that a query chooses, oldest first; also those that are not as they were
// saved: see [Intact].
func (s *Store) Runs(ctx context.Context, q Query) ([]Run, error) {
	to, limit := int64(math.MaxInt64), int64(math.MaxInt64)
	if !q.To.IsZero() {
		to = micros(q.To)
	}
	if q.Limit > 0 {
		limit = int64(q.Limit)
	}
	runs, err := s.runs(ctx, `
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
	runs, err := s.runs(ctx, `
		WHERE (r.evidence_digest = $1 OR r.snapshot_digest = $1) AND r.as_of = $2
		ORDER BY r.number DESC`, text(digest), micros(asOf))
	if err == nil {
		err = Intact(runs)
	}
	return runs, s.failed("looking for a run", err)
}

// runs lists the runs that a condition chooses.
func (s *Store) runs(ctx context.Context, condition string, args ...any) (runs []Run, err error) {
	err = s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		runs, err = readRuns(ctx, tx, condition, args...)
		return err
	})
	return runs, err
}

// Run returns one run. It is an error if it is not as it was saved.
func (s *Store) Run(ctx context.Context, number int64) (run *Run, err error) {
	err = s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		run, err = readRun(ctx, tx, number)
		return err
	})
	return run, s.failed(fmt.Sprintf("run %d", number), err)
}

func readRun(ctx context.Context, q querier, number int64) (*Run, error) {
	runs, err := readRuns(ctx, q, `WHERE r.number = $1`, number)
	if err == nil && len(runs) == 0 {
		err = ErrNotFound
	}
	if err == nil {
		err = runs[0].intact()
	}
	if err != nil {
		return nil, err
	}
	return &runs[0], nil
}

// digested are the columns that are read, in their order. The digest of a row is that of all of
// them: of each that [saver.values] writes, and of what shows whose run it is.
var digested = "r.number, o.identity, o.host, o.id, r." +
	strings.Join(strings.Fields(runColumns), ", r.")

// readRuns reads the runs that a condition chooses, and notes of each what is not as it was saved.
func readRuns(
	ctx context.Context, q querier, condition string, args ...any,
) (runs []Run, err error) {
	err = each(ctx, q, func(rows *sql.Rows) error {
		run, err := scanRun(rows)
		runs = append(runs, run)
		return err
	}, runsWith("substr(d.report, 1, "+strconv.Itoa(headBytes)+")")+condition, args...)
	if err != nil {
		return nil, err
	}
	for i := range runs {
		if err := runs[i].compareHead(ctx, q); err != nil {
			return nil, err
		}
	}
	return runs, nil
}

// runsWith asks for the columns of runs, and for the head of their reports. An organization that
// is gone takes no run with it.
func runsWith(head string) string {
	return `SELECT ` + digested + `, r.row_digest, ` + head + ` FROM pataudit_runs r
		LEFT JOIN pataudit_organizations o ON o.number = r.organization
		LEFT JOIN pataudit_documents d ON d.run = r.number `
}

func scanRun(rows *sql.Rows) (r Run, err error) {
	row := newReading()
	var said string
	if err := rows.Scan(append(row.columns(&r), &said, &r.head)...); err != nil {
		return r, err
	}
	if said != row.digest() {
		row.changed = append(row.changed, "its columns are not those of their digest")
	}
	r.Changed, r.Point.AsOf = row.changed, r.AsOf
	return r, nil
}
