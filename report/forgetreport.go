// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"

	"github.com/complytime/pataudit/report/encode"
	"github.com/complytime/pataudit/report/privacy"
)

// Forget takes the people out of a report of one organization, as [Forgotten.Evidence] does, and
// returns what writes it then; nil if it does not name them. The digests are those of the evidence
// and of the policy as they are kept now: "" for the one that the report has.
func Forget(
	f *privacy.Forgotten, text io.Reader, evidence, policy string,
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

func forgetInReport(f *privacy.Forgotten, w *wireReport) {
	reasons := make([]*string, len(w.Coverage))
	for i := range w.Coverage {
		reasons[i] = &w.Coverage[i].Reason
	}
	f.Quotes(reasons, w.Incomplete, w.NotSeen)
	if w.Policy.Ratified != nil {
		w.Policy.Ratified.By = f.Replace(w.Policy.Ratified.By)
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

func forgetInResult(f *privacy.Forgotten, w *wireResult) {
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
func forgetOwner(f *privacy.Forgotten, o *wireOwner, name *string) {
	if o == nil {
		return
	}
	if number := f.Number(o.ID, o.Login); number != 0 {
		o.ID, o.Login = privacy.StandInID(number), privacy.StandInLogin(number)
		if *name != "" {
			*name = o.Login
		}
	}
}

// finding leaves alone what the rule says: it names no people.
func forgetInFinding(f *privacy.Forgotten, w *wireFinding) {
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

func forgetInRequest(f *privacy.Forgotten, w *wireRequest) {
	theirs := w.Owner != nil && f.Is(w.Owner.ID, w.Owner.Login)
	forgetInResult(f, &w.wireResult)
	if theirs && w.Reason != "" {
		w.Reason = w.Owner.Login
	}
	w.Reason = f.Replace(w.Reason)
}

func forgetInDecision(f *privacy.Forgotten, w *wireDecision) {
	if number := f.IDs[w.OwnerID]; number != 0 {
		w.OwnerID = privacy.StandInID(number)
	}
	for _, text := range []*string{
		&w.By, &w.Reason, &w.Ticket, &w.Purpose, &w.Consumer,
	} {
		*text = f.Replace(*text)
	}
}

func forgetInClassic(f *privacy.Forgotten, w *wireClassic) {
	if w.Login == nil || f.Number(0, *w.Login) == 0 {
		return
	}
	login := f.Login(*w.Login)
	w.Login, w.LastEight = &login, nil
	if w.Note != nil {
		w.Note = &login
	}
}
