// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/complytime/pataudit/audit"
)

// The evidence of the evidence: what was asked, what came of it, and what was left out. It has to
// balance: every token that was listed is judged, or dropped for a reason.

type droppedRow struct {
	ID     int64            `json:"id"`
	Reason audit.DropReason `json:"reason"`
}

type exchangeRow struct {
	Source    string    `json:"source"`
	Route     string    `json:"route"`
	Page      int       `json:"page,omitzero"`
	Pass      int       `json:"pass,omitzero"`
	Accepted  bool      `json:"accepted,omitzero"`
	Status    int       `json:"status,omitzero"`
	Attempts  int       `json:"attempts,omitzero"`
	RequestID string    `json:"request_id,omitzero"`
	Date      time.Time `json:"date,omitzero"`
	Rows      int       `json:"rows,omitzero"`
	Hash      string    `json:"hash,omitzero"`
	Cached    bool      `json:"cached,omitzero"`
}

// check refuses what was dropped without a reason or out of order. An id is there twice only if
// it was listed twice; before is the row before it.
func (d *droppedRow) check(before droppedRow) error {
	twice := d.Reason == audit.DroppedTwice || before.Reason == audit.DroppedTwice
	switch {
	case d.Reason == "":
		return errors.New("reason: a token is dropped for one")
	case d.Reason != audit.DroppedTwice && d.Reason != audit.DroppedRevoked:
		return fmt.Errorf("reason: %.40q is none for which this version drops a token", d.Reason)
	case twice && d.ID == before.ID && d.ID > 0:
		return nil
	}
	return follows(before.ID, d.ID)
}

// digestForm is how hashes of bodies are written.
var digestForm = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)

// check refuses an exchange that cannot have been, or is not in the order of the sources; before
// is the source of the row before it, "" if it is the first.
func (x *exchangeRow) check(before string) error {
	position := slices.Index(audit.Sources, x.Source)
	switch {
	case position < 0:
		return fmt.Errorf("source: %.40q is unknown", x.Source)
	case position < slices.Index(audit.Sources, before):
		return fmt.Errorf("source: %q stands after %q", x.Source, before)
	case x.Route == "":
		return errors.New("route: there is none")
	case min(x.Page, x.Pass, x.Status, x.Attempts, x.Rows) < 0:
		return errors.New("page, pass, status, attempts and rows are counts")
	case x.Hash != "" && !digestForm.MatchString(x.Hash):
		return fmt.Errorf("hash: %.80q is no digest", x.Hash)
	}
	return nil
}

// answered reports whether GitHub gave what was asked for.
func answered(x *audit.Exchange) bool {
	const ok, notModified = 200, 304
	return x.Status/100 == ok/100 || x.Status == notModified
}

// checkManifest holds the complete sources against the exchanges that there are. Evidence from
// files has none, and then nothing shows that a source is complete.
func checkManifest(e *audit.Evidence) error {
	if err := checkDropped(e); err != nil {
		return err
	}
	if len(e.Manifest) == 0 {
		for _, c := range e.Coverage {
			if c.Status == audit.Complete {
				return fmt.Errorf("%s: complete, but there is no manifest of what was asked", c.Source)
			}
		}
		return nil
	}
	manifest := readingsOf(e.Manifest)
	for _, c := range e.Coverage {
		if c.Status != audit.Complete {
			continue
		}
		if err := manifest.checkSource(c); err != nil {
			return err
		}
	}
	if e.CoverageOf(audit.SourceTokens).Status == audit.Complete {
		if err := manifest.checkTokens(e); err != nil {
			return err
		}
	}
	return manifest.checkLists(e)
}

// checkDropped refuses a token that is both judged and dropped, and one that is neither though it
// was listed twice.
func checkDropped(e *audit.Evidence) error {
	judged := func(id int64) bool {
		_, found := slices.BinarySearchFunc(e.Tokens, id, func(t *audit.Token, id int64) int {
			return cmp.Compare(t.ID, id)
		})
		return found
	}
	gone := map[int64]bool{}
	for _, d := range e.Dropped {
		if d.Reason == audit.DroppedTwice {
			continue
		}
		if gone[d.ID] = true; judged(d.ID) {
			return fmt.Errorf("dropped: %d is among the tokens, too", d.ID)
		}
	}
	for _, d := range e.Dropped {
		if !judged(d.ID) && !gone[d.ID] {
			return fmt.Errorf("dropped: %d was listed twice, and is not there once", d.ID)
		}
	}
	return nil
}

func saveDropped(s *writer, e *audit.Evidence) {
	before := droppedRow{}
	rows(s, keyDropped, e.Dropped, func(d audit.Dropped) (any, error) {
		row := droppedRow(d)
		err := row.check(before)
		before = row
		return row, err
	})
}

func saveManifest(s *writer, e *audit.Evidence) {
	before := ""
	rows(s, keyManifest, e.Manifest, func(x audit.Exchange) (any, error) {
		row := exchangeRow(x)
		row.Date = x.Date.UTC()
		err := row.check(before)
		before = row.Source
		return row, err
	})
}

func (o *opener) dropped(e *audit.Evidence) (err error) {
	before := droppedRow{}
	e.Dropped, err = list(o.reader, func(row *droppedRow) (audit.Dropped, error) {
		err := row.check(before)
		before = *row
		return audit.Dropped(*row), err
	})
	return err
}

func (o *opener) manifest(e *audit.Evidence) (err error) {
	before := ""
	e.Manifest, err = list(o.reader, func(row *exchangeRow) (audit.Exchange, error) {
		err := cmp.Or(row.check(before), inUTC("date", row.Date))
		before = row.Source
		row.Date = row.Date.UTC()
		return audit.Exchange(*row), err
	})
	return err
}
