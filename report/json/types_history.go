// SPDX-License-Identifier: Apache-2.0

package json

import (
	"slices"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/encode"
	"github.com/complytime/pataudit/report/view"
)

// What a history adds to the wire format. A report that was made without one has none of these
// keys.

type (
	// sinceObject sums up what changed since the last complete run.
	sinceObject struct {
		Run           int64   `json:"run"`
		AsOf          *string `json:"as_of"`
		New           int     `json:"new"`
		Gone          int     `json:"gone"`
		Widened       int     `json:"widened"`
		Narrowed      int     `json:"narrowed"`
		Renewed       int     `json:"renewed"`
		OwnersChanged int     `json:"owners_changed"`
		Opened        int     `json:"opened"`
		Fixed         int     `json:"fixed"`
		Waived        int     `json:"waived"`
		Indebted      int     `json:"indebted"` // accepted by the baseline now

		// What the last run said, by what, and why this one says something else.
		Verdict      string     `json:"verdict"`
		PolicyDigest string     `json:"policy_digest"`
		Tool         toolObject `json:"tool"`
		ChangedBy    []string   `json:"changed_by"` // tokens, policy, acceptances, tool

		// What the last run was judged by, and this one has nothing in place of.
		NotUsed []usedObject `json:"not_used,omitzero"`

		GoneTokens []goneObject `json:"gone_tokens,omitzero"` // the first ten
	}

	usedObject struct {
		Kind   string `json:"kind"` // decisions, baseline
		Digest string `json:"digest"`
	}

	// goneObject is a token as it was.
	goneObject struct {
		ID      int64  `json:"id"`
		TokenID *int64 `json:"token_id"`
		Name    string `json:"name"`
		Owner   *Owner `json:"owner"`
	}

	// pointObject is an earlier complete run.
	pointObject struct {
		AsOf             *string          `json:"as_of"`
		Tokens           int              `json:"tokens"`
		TokensViolating  int              `json:"tokens_violating"`
		TokensBySeverity severitiesObject `json:"tokens_by_severity"`
		ViolatingBy      severitiesObject `json:"tokens_violating_by_severity"`
		IndebtedBy       severitiesObject `json:"tokens_indebted_by_severity"`
		Overdue          int              `json:"overdue"`
	}

	// termsObject are days, by severity; one that is not there has none.
	termsObject struct {
		Critical int `json:"critical,omitzero"`
		High     int `json:"high,omitzero"`
		Medium   int `json:"medium,omitzero"`
		Low      int `json:"low,omitzero"`
		Info     int `json:"info,omitzero"`
	}
)

func sinceObjectOf(s *audit.Since) *sinceObject {
	if s == nil {
		return nil
	}
	w := &sinceObject{
		Run: s.Run, AsOf: encode.Instant(s.AsOf), New: s.New, Gone: s.Gone, Widened: s.Widened,
		Narrowed: s.Narrowed, Renewed: s.Renewed, OwnersChanged: s.Roles, Opened: s.Opened,
		Fixed: s.Fixed, Waived: s.Waived, Indebted: s.Indebted,
		Verdict: s.Outcome.String(), PolicyDigest: s.PolicyDigest, Tool: toolObject(s.Tool),
	}
	for _, cause := range s.ChangedBy {
		w.ChangedBy = append(w.ChangedBy, string(cause))
	}
	for _, used := range s.NotUsed {
		w.NotUsed = append(w.NotUsed, usedObject{string(used.Kind), used.Digest})
	}
	for _, t := range s.GoneTokens {
		w.GoneTokens = append(w.GoneTokens, goneObject{
			ID: t.ID, TokenID: encode.OrNull(t.TokenID), Name: t.Name, Owner: OwnerOf(t),
		})
	}
	return w
}

func trendObjectOf(points []audit.Point) []pointObject {
	if points == nil {
		return nil
	}
	wire := make([]pointObject, len(points))
	for i := range points {
		p := &points[i]
		wire[i] = pointObject{
			encode.Instant(p.AsOf), p.Tokens, p.Violating, severitiesObjectOf(&p.ByWorst),
			severitiesObjectOf(&p.ViolatingBy), severitiesObjectOf(&p.IndebtedBy), p.Overdue,
		}
	}
	return wire
}

func termsObjectOf(sla map[audit.Severity]int) termsObject {
	return termsObject{
		Critical: sla[audit.Critical], High: sla[audit.High], Medium: sla[audit.Medium],
		Low: sla[audit.Low], Info: sla[audit.Info],
	}
}

// history adds what earlier runs knew of a token.
func (w *resultObject) history(r *audit.Result) {
	w.Gained, w.Lapsed = r.Gained, r.Lapsed
	if r.Past != nil {
		w.FirstSeen, w.LastExpiry = encode.Instant(r.Past.FirstSeen), encode.Instant(r.Past.ExpiresAt)
	}
}

// history adds since when a finding stands.
func (w *findingObject) history(f *audit.Finding) {
	w.FirstSeen, w.Due, w.Overdue = encode.Instant(f.FirstSeen), encode.Instant(f.Due), f.Overdue
}

func (r *restorer) since() *audit.Since {
	w := r.wire.Since
	if w == nil {
		return nil
	}
	since := &audit.Since{
		Run: w.Run, AsOf: r.instant("since/as_of", w.AsOf), New: w.New, Gone: w.Gone,
		Widened: w.Widened, Narrowed: w.Narrowed, Renewed: w.Renewed, Roles: w.OwnersChanged,
		Opened: w.Opened, Fixed: w.Fixed, Waived: w.Waived, Indebted: w.Indebted,
		Outcome: r.outcome("since/verdict", w.Verdict), PolicyDigest: w.PolicyDigest,
		Tool: audit.Tool(w.Tool),
	}
	for _, cause := range w.ChangedBy {
		if !slices.Contains(audit.Causes, audit.Cause(cause)) {
			r.fail("since/changed_by", "is no cause: %q", cause)
		}
		since.ChangedBy = append(since.ChangedBy, audit.Cause(cause))
	}
	for _, used := range w.NotUsed {
		since.NotUsed = append(since.NotUsed, audit.Used{
			Kind: audit.UsedKind(used.Kind), Digest: used.Digest,
		})
	}
	for _, gone := range w.GoneTokens {
		since.GoneTokens = append(since.GoneTokens, gone.restored(r))
	}
	return since
}

func (w *goneObject) restored(r *restorer) *audit.Token {
	t := &audit.Token{ID: w.ID, TokenID: orZero(w.TokenID), Name: w.Name}
	if w.Owner != nil {
		t.Known = audit.FactOwner
		if w.Owner.Role != nil {
			t.Known |= audit.FactMembership
		}
	}
	t.Owner = r.owner(w.Owner, t.Known)
	return t
}

func (r *restorer) trend() []audit.Point {
	if r.wire.Trend == nil {
		return nil
	}
	points := make([]audit.Point, 0, len(r.wire.Trend))
	for _, w := range r.wire.Trend {
		points = append(points, audit.Point{
			AsOf: r.instant("trend/as_of", w.AsOf), Tokens: w.Tokens, Violating: w.TokensViolating,
			ByWorst: w.TokensBySeverity.restored(), Overdue: w.Overdue,
			ViolatingBy: w.ViolatingBy.restored(), IndebtedBy: w.IndebtedBy.restored(),
		})
		p := &points[len(points)-1]
		p.ByWorst[audit.NoSeverity] = p.Tokens - view.Sum(p.ByWorst)
	}
	return points
}

// terms gives the days by severity; nil if there are none.
func (w *termsObject) restored() map[audit.Severity]int {
	sla := map[audit.Severity]int{}
	for severity, days := range map[audit.Severity]int{
		audit.Critical: w.Critical, audit.High: w.High, audit.Medium: w.Medium, audit.Low: w.Low,
		audit.Info: w.Info,
	} {
		if days > 0 {
			sla[severity] = days
		}
	}
	if len(sla) == 0 {
		return nil
	}
	return sla
}

func (r *restorer) past(place string, w *resultObject) *audit.Past {
	if w.FirstSeen == nil && w.LastExpiry == nil {
		return nil
	}
	return &audit.Past{
		FirstSeen: r.instant(place+"first_seen", w.FirstSeen),
		ExpiresAt: r.instant(place+"last_expires_at", w.LastExpiry),
	}
}
