// SPDX-License-Identifier: Apache-2.0

package json

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/encode"
	"github.com/complytime/pataudit/report/view"
)

// maxReport bounds a JSON report, in bytes: one of a million tokens fits.
const maxReport = 4 << 30

// Saved is a report that [Format] wrote, read back.
type Saved struct {
	Parts []*Part // one per organization that was audited

	// Unknown is the place of the first key that this version does not know: "/tokens/0/colour";
	// "" if it knows all. What such a key says is in nothing that is made of the report.
	Unknown string

	several *reportsObject // nil if it is the report of one organization
}

// Several reports whether it is a report of several organizations, even if only one has a part.
func (s *Saved) Several() bool { return s.several != nil }

// Pseudonymised reports whether names and ids are stand-ins.
func (s *Saved) Pseudonymised() bool {
	return s.several != nil && s.several.Pseudonymised ||
		len(s.Parts) > 0 && s.Parts[0].wire.Pseudonymised
}

// Part is what a saved report says of one organization, and how that was judged.
type Part struct {
	Organization string // its login
	Digest       string // of the evidence; "" if unknown
	AsOf         time.Time
	Policy       audit.PolicyName
	View         view.View   // only Only and Filter: what was left out of its lists
	Skipped      audit.Facts // what the run did without by choice, so that rules were not asked
	Decided      bool        // there were decisions
	Indebted     bool        // there was a baseline
	Registry     string      // digest of the registry; "" without one

	wire     *reportObject
	tokens   []*resultObject // of its lists
	requests []*requestObject
}

// Tool names the program that judged the part.
func (p *Part) Tool() view.Tool { return view.Tool(p.wire.Tool) }

// Read reads a report that [Format] wrote; name is the file's, for errors. It reads what it
// knows and holds it to the format: a key that is missing, twice, or of another type is an error
// with its line, and so is a newer version. Version 1 may gain keys: those that are not known are
// left out, unless one differs from one that is known in case alone.
func Read(r io.Reader, name string) (*Saved, error) { return newPieces(r).whole(name) }

// whole reads the report to its end.
func (p *pieces) whole(name string) (*Saved, error) {
	saved, err := p.saved()
	switch {
	case err == nil:
		return saved, nil
	case p.lines.err != nil:
		return nil, fmt.Errorf("reading %s: %w", name, p.lines.err)
	case p.lines.read > maxReport:
		return nil, fmt.Errorf("reading %s: it is larger than %d GiB", name, maxReport>>30)
	}
	return nil, p.misread(name, err)
}

// saved reads the whole. What is wrong with its syntax, and with its version, is told before all
// else.
func (p *pieces) saved() (*Saved, error) {
	whole, err := p.object("")
	if err == nil {
		err = p.end()
	}
	if err != nil {
		return nil, err
	}
	var kind struct {
		Version *int        `json:"version"`
		Audits  *[]struct{} `json:"audits"`
	}
	err = json.Unmarshal(whole.text, &kind)
	switch {
	case err != nil:
		return nil, whole.wrong(err)
	case kind.Version == nil:
		return nil, &lackingError{"/version", "is missing"}
	case *kind.Version > encode.Version:
		return nil, newerError(*kind.Version)
	case *kind.Version != encode.Version:
		return nil, &lackingError{"/version", "is none that there ever was"}
	}
	saved, audits := &Saved{}, []*rest{whole}
	if kind.Audits != nil {
		saved.several = &reportsObject{}
		p.read(&whole.piece, saved.several)
		audits = whole.audits
	}
	for _, audit := range audits {
		wire := &reportObject{}
		p.read(&audit.piece, wire)
		if p.err != nil {
			return nil, p.err
		}
		part, err := newPart(wire)
		if err != nil {
			return nil, err
		}
		part.hold(audit.tokens, audit.requests)
		saved.Parts = append(saved.Parts, part)
	}
	saved.Unknown = p.unknown
	return saved, p.err
}

// hold adds the lists of the part.
func (p *Part) hold(tokens []*resultObject, requests []*requestObject) {
	p.tokens, p.requests = tokens, requests
	p.wire.Tokens = elements[resultObject](slices.Values(tokens))
	p.wire.Requests = elements[requestObject](slices.Values(requests))
}

// newPart reads the words of a part that a judgement goes by.
func newPart(wire *reportObject) (*Part, error) {
	p := &Part{
		Organization: wire.Organization.Login,
		Decided:      len(wire.Decisions) > 0,
		Indebted:     wire.Debt != nil,
		Registry:     registryDigest(wire),
		Policy: audit.PolicyName{
			Name: wire.Policy.Name, Digest: wire.Policy.Digest,
			FailOnRequests: wire.Policy.FailOnRequests, FailOnOverdue: wire.Policy.FailOnOverdue,
			SLA: wire.Policy.SLA.restored(), HistoryRequired: wire.Policy.HistoryRequired,
		},
		wire: wire,
	}
	if wire.EvidenceDigest != nil {
		p.Digest = *wire.EvidenceDigest
	}
	for i := range wire.Settings {
		p.Decided = p.Decided || wire.Settings[i].Attestation != nil
	}
	for _, gap := range wire.WhatNotSeen {
		facts, unknown := audit.ParseFacts(gap.Skipped)
		if unknown != "" {
			return nil, &lackingError{"/not_seen_codes", fmt.Sprintf("names no fact: %q", unknown)}
		}
		p.Skipped |= facts
	}
	var err error
	if p.Policy.FailOn, err = audit.ParseSeverity(wire.Policy.FailOn); err != nil {
		return nil, &lackingError{"/policy/fail_on", err.Error()}
	}
	if wire.AsOf == nil {
		return nil, &lackingError{"/as_of", "cannot be null"}
	}
	if p.AsOf, err = time.Parse(time.RFC3339Nano, *wire.AsOf); err != nil {
		return nil, &lackingError{"/as_of", "is no time"}
	}
	if wire.InHistory != nil && *wire.InHistory {
		return nil, &lackingError{"/in_history", "cannot be true: nothing proves it"}
	}
	if v := wire.View; v != nil {
		p.View.Filter = view.Filter{Rules: v.Rules, Owners: v.Owners, Repositories: v.Repositories}
		if v.Only != nil {
			p.View.Only = *v.Only
		}
		if v.Severity != nil {
			if p.View.Filter.Severity, err = audit.ParseSeverity(*v.Severity); err != nil {
				return nil, &lackingError{"/view/severity", err.Error()}
			}
		}
	}
	return p, nil
}

// lackingError is a value that JSON allows and the format does not.
type lackingError struct{ place, reason string }

func (e *lackingError) Error() string { return e.place[1:] + " " + e.reason }

// newerError is the version of a report from the future.
type newerError int

func (v newerError) Error() string {
	return fmt.Sprintf("version %d was written by a newer pataudit: update to read it", int(v))
}

// misread says of a report where it cannot be read, and what to make of that.
func (p *pieces) misread(name string, err error) error {
	var newer newerError
	if errors.As(err, &newer) {
		return fmt.Errorf("%s: %w", name, newer)
	}
	place, reason := name, err.Error()
	var syntactic *jsontext.SyntacticError
	var line *lineError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		reason = "the file ends too early"
	case errors.As(err, &syntactic):
		place = fmt.Sprintf("%s:%d", name, p.lines.at(syntactic.ByteOffset))
		reason = syntactic.Err.Error()
		if errors.Is(err, jsontext.ErrDuplicateName) {
			reason = string(syntactic.JSONPointer) + " is there twice"
		}
	case errors.As(err, &line):
		place = fmt.Sprintf("%s:%d", name, line.line)
	}
	return fmt.Errorf("%s: %s; this is not a JSON report that pataudit wrote", place, short(reason))
}

func registryDigest(w *reportObject) string {
	if w.Registry == nil {
		return ""
	}
	return w.Registry.Digest
}
