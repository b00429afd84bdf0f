// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"

	"github.com/complytime/pataudit/report/encode"
)

// Forget takes the people out of a report of one organization, as [Forgotten.Evidence] does, and
// returns what writes it then; nil if it does not name them. The digests are those of the evidence
// and of the policy as they are kept now: "" for the one that the report has.
func Forget(
	f *Forgotten, text io.Reader, evidence, policy string,
) (write func(io.Writer) error, err error) {
	saved, err := ReadJSON(text, "the report")
	if err != nil {
		return nil, err
	}
	if saved.Several() {
		return nil, errors.New("it is of several organizations")
	}
	wire := saved.Parts[0].wire
	before, after := sha256.New(), sha256.New()
	if err := encode.Value(before, wire); err != nil {
		return nil, err
	}
	forgetInReport(f, wire)
	if evidence != "" {
		wire.EvidenceDigest = &evidence
	}
	if policy != "" {
		wire.Policy.Digest = policy
	}
	if err := encode.Value(after, wire); err != nil {
		return nil, err
	}
	if bytes.Equal(before.Sum(nil), after.Sum(nil)) {
		return nil, nil
	}
	return func(w io.Writer) error { return encode.Value(w, wire) }, nil
}

func forgetInReport(f *Forgotten, w *wireReport) {
	reasons := make([]*string, len(w.Coverage))
	for i := range w.Coverage {
		reasons[i] = &w.Coverage[i].Reason
	}
	f.Quotes(reasons, w.Incomplete, w.NotSeen)
	if w.Policy.Ratified != nil {
		w.Policy.Ratified.By = f.text(w.Policy.Ratified.By)
	}
	if w.View != nil {
		for i := range w.View.Owners {
			w.View.Owners[i] = f.login(w.View.Owners[i])
		}
	}
	if w.Since != nil {
		for i := range w.Since.GoneTokens {
			gone := &w.Since.GoneTokens[i]
			forgetOwner(f, gone.Owner, &gone.Name)
		}
	}
	for i := range w.Tokens {
		forgetInResult(f, w.Tokens[i])
	}
	for i := range w.Requests {
		forgetInRequest(f, w.Requests[i])
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

func forgetInResult(f *Forgotten, w *wireResult) {
	if w.ApprovedBy != nil {
		by := f.login(*w.ApprovedBy)
		w.ApprovedBy = &by
	}
	forgetOwner(f, w.Owner, &w.Name)
	for i := range w.Findings {
		forgetInFinding(f, &w.Findings[i])
	}
}

// owned takes out the owner of a token, and what they called it.
func forgetOwner(f *Forgotten, o *wireOwner, name *string) {
	if o == nil {
		return
	}
	if number := f.number(o.ID, o.Login); number != 0 {
		o.ID, o.Login = standInID(number), standInLogin(number)
		if *name != "" {
			*name = o.Login
		}
	}
}

// finding leaves alone what the rule says: it names no people.
func forgetInFinding(f *Forgotten, w *wireFinding) {
	if w.Waiver != nil {
		w.Waiver.By, w.Waiver.Reason = f.text(w.Waiver.By), f.text(w.Waiver.Reason)
		w.Waiver.Ticket = f.text(w.Waiver.Ticket)
	}
	if w.Exceeded != nil {
		w.Exceeded.By = f.text(w.Exceeded.By)
	}
	if w.Override != nil {
		override := f.text(*w.Override)
		w.Override = &override
	}
}

func forgetInRequest(f *Forgotten, w *wireRequest) {
	theirs := w.Owner != nil && f.Is(w.Owner.ID, w.Owner.Login)
	forgetInResult(f, &w.wireResult)
	if theirs && w.Reason != "" {
		w.Reason = w.Owner.Login
	}
	w.Reason = f.text(w.Reason)
}

func forgetInDecision(f *Forgotten, w *wireDecision) {
	if number := f.IDs[w.OwnerID]; number != 0 {
		w.OwnerID = standInID(number)
	}
	for _, text := range []*string{
		&w.By, &w.Reason, &w.Ticket, &w.Purpose, &w.Consumer,
	} {
		*text = f.text(*text)
	}
}

func forgetInClassic(f *Forgotten, w *wireClassic) {
	if w.Login == nil || f.number(0, *w.Login) == 0 {
		return
	}
	login := f.login(*w.Login)
	w.Login, w.LastEight = &login, nil
	if w.Note != nil {
		w.Note = &login
	}
}
