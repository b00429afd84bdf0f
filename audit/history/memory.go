// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/complytime/pataudit/audit"
)

// memoryRow stores what a run was judged with from the history. It is stored because later runs
// and pruning change what the tables say of that time. The past of each token follows it.
type memoryRow struct {
	LastRun int64     `json:"last_run"`
	Earlier bool      `json:"earlier"`
	SeenBy  int64     `json:"seen_by"` // what was seen is in the states until this run
	Trend   []pastRun `json:"trend"`

	Approvals map[int64]pastApproval `json:"approvals,omitempty"` // by grant
	Runs      []int64                `json:"runs,omitempty"`      // if a token's owner approved it
}

// pastRun is a run of the trend.
type pastRun struct {
	AsOf       int64         `json:"as_of"`
	Tokens     int           `json:"tokens"`
	Violating  int           `json:"violating"`
	Overdue    int           `json:"overdue"`
	BySeverity severitiesRow `json:"by_severity"`
}

// pastRow is the past of a token.
type pastRow struct {
	Grant     int64            `json:"grant"`
	TokenID   int64            `json:"token_id"`
	FirstSeen int64            `json:"first_seen"`
	ExpiresAt int64            `json:"expires_at"`
	Expiries  []pastExpiry     `json:"expiries"`
	Failing   map[string]int64 `json:"failing"`
}

// pastExpiry is a stretch of runs that saw the same expiry.
type pastExpiry struct {
	At      int64 `json:"at"`
	Expired bool  `json:"expired,omitzero"`
	First   int64 `json:"first"`
	Last    int64 `json:"last"`
}

// encodeMemory writes a memory that a run was judged with; nothing for none.
func encodeMemory(w io.Writer, m *audit.Memory, run *audit.Run) error {
	if m == nil {
		return nil
	}
	row := memoryRow{LastRun: m.LastRun, Earlier: m.Earlier, SeenBy: m.SeenBy}
	encodeApprovals(&row, m, run)
	for i := range m.Trend {
		p := &m.Trend[i]
		row.Trend = append(row.Trend, pastRun{
			micros(p.AsOf), p.Tokens, p.Violating, p.Overdue, severitiesRowOf(*p),
		})
	}
	encoder := json.NewEncoder(w)
	if err := encoder.Encode(row); err != nil {
		return err
	}
	for _, grant := range slices.Sorted(maps.Keys(m.Tokens)) {
		if past := m.Tokens[grant]; past != nil {
			if err := encoder.Encode(pastRowOf(grant, past)); err != nil {
				return err
			}
		}
	}
	return nil
}

func pastRowOf(grant int64, past *audit.Past) pastRow {
	row := pastRow{
		Grant: grant, TokenID: past.TokenID, FirstSeen: micros(past.FirstSeen),
		ExpiresAt: micros(past.ExpiresAt), Failing: map[string]int64{},
	}
	for _, e := range past.Expiries {
		row.Expiries = append(row.Expiries, pastExpiry{
			micros(e.At), e.Expired, micros(e.First), micros(e.Last),
		})
	}
	for rule, first := range past.Failing {
		row.Failing[rule] = micros(first)
	}
	return row
}

// decodeMemory is the inverse. Last is for the caller to fill.
func decodeMemory(r io.Reader) (*audit.Memory, error) {
	decoder := json.NewDecoder(r)
	var row memoryRow
	if err := decoder.Decode(&row); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, nil //nolint:nilnil // no memory is no error
		}
		return nil, err
	}
	m := &audit.Memory{
		LastRun: row.LastRun, Earlier: row.Earlier, SeenBy: row.SeenBy,
		Tokens: map[int64]*audit.Past{},
	}
	for _, p := range row.Trend {
		point := audit.Point{
			AsOf: instant(p.AsOf), Tokens: p.Tokens, Violating: p.Violating, Overdue: p.Overdue,
		}
		p.BySeverity.fill(&point)
		m.Trend = append(m.Trend, point)
	}
	decodeApprovals(m, &row)
	for {
		var t pastRow
		switch err := decoder.Decode(&t); {
		case errors.Is(err, io.EOF):
			return m, nil
		case err != nil:
			return nil, err
		}
		m.Tokens[t.Grant] = t.past()
	}
}

// past is the inverse of pastRowOf.
func (t *pastRow) past() *audit.Past {
	past := &audit.Past{
		TokenID: t.TokenID, FirstSeen: instant(t.FirstSeen), ExpiresAt: instant(t.ExpiresAt),
		Failing: map[string]time.Time{},
	}
	for _, e := range t.Expiries {
		past.Expiries = append(past.Expiries, audit.Expiry{
			At: instant(e.At), Expired: e.Expired, First: instant(e.First), Last: instant(e.Last),
		})
	}
	for rule, first := range t.Failing {
		past.Failing[rule] = instant(first)
	}
	return past
}

// Memory returns what was remembered when a run was judged; nil if it was judged without a memory.
// Memory.Last is for the caller to fill, from the documents of Memory.LastRun.
func (s *Store) Memory(ctx context.Context, number int64) (m *audit.Memory, err error) {
	err = s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		run, err := readRun(ctx, tx, number)
		if err != nil {
			return err
		}
		document, err := readMemory(ctx, tx, run)
		if err != nil {
			return err
		}
		r, err := document.Reader()
		if err != nil {
			return err
		}
		if m, err = decodeMemory(r); err != nil || m == nil {
			return err
		}
		return recallSights(ctx, tx, run, m)
	})
	return m, s.failed(fmt.Sprintf("what was remembered of run %d", number), err)
}

// recallSights adds to what was remembered of a run what had been seen until then.
func recallSights(ctx context.Context, q querier, run *Run, m *audit.Memory) error {
	if err := identityIntact(ctx, q, identity(&run.Organization), intoStates(),
		intoContents()); err != nil {
		return err
	}
	sights, _, err := recallStates(ctx, q, identity(&run.Organization), micros(run.CollectedAt),
		m.SeenBy)
	if err != nil {
		return err
	}
	byToken := map[int64][]audit.Sight{}
	for _, grant := range slices.Sorted(maps.Keys(sights)) {
		if past := m.Tokens[grant]; past != nil && past.TokenID != 0 {
			byToken[past.TokenID] = joined(byToken[past.TokenID], sights[grant])
		}
	}
	for grant, past := range m.Tokens {
		if past.Sights = sights[grant]; past.TokenID != 0 {
			past.Sights = byToken[past.TokenID]
		}
	}
	return nil
}
