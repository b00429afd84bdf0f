// SPDX-License-Identifier: Apache-2.0

package json

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

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
	judged := *run
	judged.Unsaved = p.wire.InHistory != nil
	document := &view.Document{View: p.View, Tool: p.Tool()}
	return compareObjects(p.wire, reportObjectOf(document, &judged))
}

// TotalDifferences compares what a report of several organizations says of them all with what its
// parts say; a report of one has no total.
func (s *Saved) TotalDifferences() ([]Difference, error) {
	if s.several == nil {
		return nil, nil
	}
	document := &view.Document{Several: true, Pseudonymised: s.several.Pseudonymised}
	var err error
	if document.Failed, err = s.several.failures(); err != nil {
		return nil, err
	}
	for _, p := range s.Parts {
		document.Runs = append(document.Runs, p.wire.figures())
	}
	judged := reportsObjectOf(document)
	judged.Audits = nil
	return compareObjects(s.several, judged)
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

func compareObjects(saved, judged any) ([]Difference, error) {
	a, err := json.Marshal(saved)
	if err != nil {
		return nil, err
	}
	b, err := json.Marshal(judged, jsontext.AllowInvalidUTF8(true)) // as it is written
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
	for _, w := range p.tokens {
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

// failures returns the organizations that could not be audited.
func (w *reportsObject) failures() (failed []view.Failure, err error) {
	for i, f := range w.Failed {
		if !f.ReasonCodes.Known() || f.ReasonCodes.String() != f.Reason {
			return nil, fmt.Errorf("failed/%d/reason_codes does not say what reason does", i)
		}
		failed = append(failed, view.Failure{Organization: f.Organization, Reason: f.ReasonCodes})
	}
	return failed, nil
}
