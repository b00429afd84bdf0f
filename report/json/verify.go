// SPDX-License-Identifier: Apache-2.0

package json

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/view"
)

// Find returns the part of the report that was judged by the evidence with a digest; nil if there
// is none.
func (s *Saved) Find(digest string) *Part {
	for _, p := range s.Parts {
		if p.Digest == digest {
			return p
		}
	}
	return nil
}

// Differences compares a part with a run of the same evidence by the same policy: everything that
// a judgement determines, on what the part shows, and the policy's name. Only the tool may be
// another one, and that a history could not save the run is the report's own word.
func (p *Part) Differences(run *audit.Run) ([]Difference, error) {
	var written bytes.Buffer
	judged := *run
	judged.Unsaved = p.wire.InHistory != nil
	document := &view.Document{
		Runs: []*audit.Run{&judged}, View: p.View, Tool: view.Tool(p.wire.Tool),
	}
	if err := Format.Write(&written, document); err != nil {
		return nil, err
	}
	again := &reportObject{}
	if err := json.Unmarshal(written.Bytes(), again); err != nil {
		return nil, fmt.Errorf("judging again: %w", err)
	}
	return compareWire(p.wire, again)
}

// TotalDifferences compares what a report of several organizations says of them all with what its
// parts say; a report of one has no total.
func (s *Saved) TotalDifferences() ([]Difference, error) {
	if s.several == nil {
		return nil, nil
	}
	saved := *s.several
	saved.Audits = nil
	document := &view.Document{Several: true}
	for _, failure := range saved.Failed {
		document.Failed = append(document.Failed, view.Failure(failure))
	}
	for _, p := range s.Parts {
		document.Runs = append(document.Runs, p.wire.figures())
	}
	judged := saved
	o := document.Outcome()
	judged.Verdict, judged.Complete = o.String(), o == audit.Clean || o == audit.Violations
	judged.Summary = summaryObjectOf(view.Total(document.Runs), document.Contradicted())
	return compareWire(&saved, &judged)
}

// totalAgrees refuses a total that is not that of its parts: one of them was cut out, or edited.
func (s *Saved) totalAgrees() error {
	differences, err := s.TotalDifferences()
	if err != nil || len(differences) == 0 {
		return err
	}
	d := &differences[0]
	return fmt.Errorf("%s is %s, and its audits say %s", strings.TrimPrefix(d.Place, "/"),
		cmp.Or(d.Saved, "missing"), cmp.Or(d.Judged, "nothing"))
}

func compareWire(saved, judged any) ([]Difference, error) {
	a, err := json.Marshal(saved)
	if err != nil {
		return nil, err
	}
	b, err := json.Marshal(judged)
	if err != nil {
		return nil, err
	}
	return comparing{}.compare(a, b)
}

// Remembered reports whether the part says what only a history of earlier runs can tell: what
// changed since, or since when something stands. To judge it again needs that history.
func (p *Part) Remembered() bool {
	if p.wire.Since != nil || p.wire.Trend != nil {
		return true
	}
	for i := range p.wire.Tokens {
		w := p.wire.Tokens[i]
		if w.FirstSeen != nil || w.LastExpiry != nil || len(w.Gained) > 0 {
			return true
		}
		for j := range w.Findings {
			if w.Findings[j].FirstSeen != nil {
				return true
			}
		}
	}
	return false
}
