// SPDX-License-Identifier: Apache-2.0

package json

import (
	"bytes"
	"errors"
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/complytime/pataudit/report/encode"
	"github.com/complytime/pataudit/report/privacy"
)

// Digests are of what a report was made of, where a person was taken out of that: "" for the one
// that the report has.
type Digests struct{ Evidence, Policy, Registry string }

// Forget takes the people out of a report of one organization, as [Forgotten.Evidence] does, and
// returns what writes it then; nil if it does not name them. The digests are of what is kept now.
// The report is read anew each time, token by token: it is as somebody wrote it who had it
// checked.
func Forget(
	f *privacy.Forgotten, open func() (io.Reader, error), digests Digests,
) (write func(io.Writer) error, err error) {
	text, err := open()
	if err != nil {
		return nil, err
	}
	p, named := newPieces(text), false
	p.each = func(list string, text []byte) error {
		if named {
			return nil
		}
		element, err := p.forgetInElement(f, list, text)
		named = element != nil
		return err
	}
	saved, err := p.whole("the report")
	if err != nil {
		return nil, err
	}
	if saved.Several() {
		return nil, errors.New("it is of several organizations")
	}
	wire := saved.Parts[0].wire
	before, err := json.Marshal(wire)
	if err != nil {
		return nil, err
	}
	forgetInReport(f, wire)
	if digests.Evidence != "" {
		wire.EvidenceDigest = &digests.Evidence
	}
	if digests.Policy != "" {
		wire.Policy.Digest = digests.Policy
	}
	if digests.Registry != "" && wire.Registry != nil {
		wire.Registry.Digest = digests.Registry
	}
	after, err := json.Marshal(wire)
	if err != nil || !named && bytes.Equal(before, after) {
		return nil, err
	}
	return func(w io.Writer) error { return forgetIn(w, f, open, after) }, nil
}

// forgetIn writes a report without the people: beside its lists it says what rest does, which has
// none of their elements.
func forgetIn(
	w io.Writer, f *privacy.Forgotten, open func() (io.Reader, error), rest jsontext.Value,
) error {
	var members map[string]jsontext.Value
	if err := json.Unmarshal(rest, &members); err != nil {
		return err
	}
	text, err := open()
	if err != nil {
		return err
	}
	p, out := newPieces(text), encode.New(w)
	if _, err := p.dec.ReadToken(); err != nil {
		return err
	}
	out.Token(jsontext.BeginObject)
	for p.dec.PeekKind() == jsontext.KindString && out.Err == nil {
		token, err := p.dec.ReadToken()
		if err != nil {
			return err
		}
		switch key := token.String(); key {
		case keyTokens, keyRequests:
			out.Token(jsontext.String(key))
			err = p.forgetInList(out, f, key)
		default:
			if member, known := members[key]; known {
				out.Key(key, member)
			}
			err = p.dec.SkipValue()
		}
		if err != nil {
			return err
		}
	}
	out.Token(jsontext.EndObject)
	return out.Err
}

// forgetInList writes a list without the people. Most of its elements do not name them, and stay
// as they are.
func (p *pieces) forgetInList(out *encode.Writer, f *privacy.Forgotten, list string) error {
	if _, err := p.dec.ReadToken(); err != nil {
		return err
	}
	out.Token(jsontext.BeginArray)
	for p.dec.PeekKind() != jsontext.KindEndArray && out.Err == nil {
		text, err := p.dec.ReadValue()
		if err != nil {
			return err
		}
		p.lines.pass(p.dec.InputOffset())
		element, err := p.forgetInElement(f, list, text)
		if err != nil {
			return err
		}
		if element == nil {
			element = text
		}
		out.Value(element)
	}
	out.Token(jsontext.EndArray)
	if out.Err != nil {
		return out.Err
	}
	_, err := p.dec.ReadToken()
	return err
}

// forgetInElement returns an element of a list without the people; nil if it does not name them.
func (p *pieces) forgetInElement(
	f *privacy.Forgotten, list string, text jsontext.Value,
) (jsontext.Value, error) {
	if !f.MayBeIn(text) {
		return nil, nil
	}
	var request requestObject
	var wire any = &request
	forget := func() { forgetInRequest(f, &request) }
	if list == keyTokens {
		wire, forget = &request.resultObject, func() { forgetInResult(f, &request.resultObject) }
	}
	if err := json.Unmarshal(text, wire, p.same); err != nil {
		return nil, err
	}
	before, err := json.Marshal(wire)
	if err != nil {
		return nil, err
	}
	forget()
	after, err := json.Marshal(wire)
	if err != nil || bytes.Equal(before, after) {
		return nil, err
	}
	return after, nil
}

// forgetInReport takes the people out of what a report says beside its lists of tokens and
// requests.
func forgetInReport(f *privacy.Forgotten, w *reportObject) {
	for i := range w.Coverage {
		c := &w.Coverage[i]
		c.ReasonCodes = c.ReasonCodes.Changed(f.Replace)
		c.Reason = c.ReasonCodes.String()
	}
	f.Gaps(w.WhyIncomplete)
	f.Gaps(w.WhatNotSeen)
	w.Incomplete, w.NotSeen = w.WhyIncomplete.Texts(), w.WhatNotSeen.Texts()
	if w.Policy.Ratified != nil {
		w.Policy.Ratified.By = f.Replace(w.Policy.Ratified.By)
	}
	if w.Registry != nil {
		for i, login := range w.Registry.OtherIDs {
			w.Registry.OtherIDs[i] = f.Login(login)
		}
	}
	for i := range w.Settings {
		if a := w.Settings[i].Attestation; a != nil {
			a.By, a.Reason, a.Ticket = f.Replace(a.By), f.Replace(a.Reason), f.Replace(a.Ticket)
		}
	}
	if w.View != nil {
		for i := range w.View.Owners {
			w.View.Owners[i] = f.Login(w.View.Owners[i])
		}
	}
	if w.Since != nil {
		for i := range w.Since.GoneTokens {
			gone := &w.Since.GoneTokens[i]
			forgetOwner(f, gone.Owner, &gone.Name)
		}
	}
	for i := range w.Decisions {
		forgetInDecision(f, &w.Decisions[i])
	}
	if w.Classic != nil {
		for i := range *w.Classic {
			forgetInClassic(f, &(*w.Classic)[i])
		}
	}
}

func forgetInResult(f *privacy.Forgotten, w *resultObject) {
	if w.ApprovedBy != nil {
		by := f.Login(*w.ApprovedBy)
		w.ApprovedBy = &by
	}
	forgetOwner(f, w.Owner, &w.Name)
	for i := range w.Findings {
		forgetInFinding(f, &w.Findings[i])
	}
}

// owned takes out the owner of a token, and what they called it.
func forgetOwner(f *privacy.Forgotten, o *Owner, name *string) {
	if o == nil {
		return
	}
	for _, text := range []*string{&o.Team, &o.Contact, &o.Service} {
		*text = f.Replace(*text)
	}
	if number := f.Number(o.ID, o.Login); number != 0 {
		o.ID, o.Login = privacy.StandInID(number), privacy.StandInLogin(number)
		if *name != "" {
			*name = o.Login
		}
	}
}

// finding leaves alone what the rule says: it names no people.
func forgetInFinding(f *privacy.Forgotten, w *findingObject) {
	if w.Waiver != nil {
		w.Waiver.By, w.Waiver.Reason = f.Replace(w.Waiver.By), f.Replace(w.Waiver.Reason)
		w.Waiver.Ticket = f.Replace(w.Waiver.Ticket)
	}
	if w.Exceeded != nil {
		w.Exceeded.By = f.Replace(w.Exceeded.By)
	}
	if w.Override != nil {
		override := f.Replace(*w.Override)
		w.Override = &override
	}
}

func forgetInRequest(f *privacy.Forgotten, w *requestObject) {
	theirs := w.Owner != nil && f.Is(w.Owner.ID, w.Owner.Login)
	forgetInResult(f, &w.resultObject)
	if theirs && w.Reason != "" {
		w.Reason = w.Owner.Login
	}
	w.Reason = f.Replace(w.Reason)
}

func forgetInDecision(f *privacy.Forgotten, w *decisionObject) {
	if number := f.IDs[w.OwnerID]; number != 0 {
		w.OwnerID = privacy.StandInID(number)
	}
	for _, text := range []*string{
		&w.By, &w.Reason, &w.Ticket, &w.Purpose, &w.Consumer,
	} {
		*text = f.Replace(*text)
	}
}

func forgetInClassic(f *privacy.Forgotten, w *classicObject) {
	if w.Login == nil || f.Number(0, *w.Login) == 0 {
		return
	}
	login := f.Login(*w.Login)
	w.Login, w.LastEight = &login, nil
	if w.Note != nil {
		w.Note = &login
	}
}
