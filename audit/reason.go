// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Reason is why a source is not complete, and what else is to be said of how it was seen.
type Reason []Remark

// Remark is one thing that a [Reason] says. What its code does not fill in is zero. It is stored,
// and in the JSON report, as its tags say.
type Remark struct {
	Code   ReasonCode    `json:"code"`
	Status int           `json:"status,omitzero"` // of HTTP; 0 if there was no answer
	Count  int           `json:"count,omitzero"`
	Of     int           `json:"of,omitzero"`
	Needs  []string      `json:"needs,omitzero"` // permissions, as GitHub's API calls them
	Until  time.Time     `json:"until,omitzero"` // when to come back
	For    time.Duration `json:"nanoseconds,omitzero"`
	Cause  *Remark       `json:"cause,omitzero"`

	// Words are what it says beyond the rest, in GitHub's words or in ours: they may be hostile
	// text, and may name people.
	Words string `json:"words,omitzero"`
}

// Because returns the reason that a text alone tells; nil for "".
func Because(words string) Reason {
	if words == "" {
		return nil
	}
	return Reason{{Code: ReasonFailed, Words: words}}
}

// String returns the remarks in one line, which may hold hostile text. Nothing reads it back.
func (all Reason) String() string {
	var text strings.Builder
	for i := range all {
		switch {
		case i == 0:
		case all[i-1].Code == ReasonFailing, all[i-1].Code == ReasonNone:
			text.WriteString(": ")
		default:
			text.WriteString("; ")
		}
		text.WriteString(all[i].String())
	}
	return text.String()
}

// Known reports whether this version knows all codes.
func (all Reason) Known() bool {
	return !slices.ContainsFunc(all, func(r Remark) bool { return !r.known() })
}

// Nameless returns the reason as everybody may read it: without words, which may name people.
func (all Reason) Nameless() Reason {
	nameless := slices.Clone(all)
	for i := range nameless {
		nameless[i] = nameless[i].nameless()
	}
	return nameless
}

// Changed returns the reason with its words changed.
func (all Reason) Changed(change func(words string) string) Reason {
	changed := slices.Clone(all)
	for i := range changed {
		changed[i] = changed[i].changed(change)
	}
	return changed
}

// String returns the remark in one sentence, likewise.
func (r Remark) String() string {
	said, known := sayings[r.Code]
	switch {
	case !known:
		return string(r.Code)
	case r.Code == ReasonFailed && r.Words == "" && r.Cause != nil:
		return r.Cause.String()
	case said.sentence != "":
		return r.filled(said.sentence)
	}
	text := r.Words
	if r.Status != 0 {
		text = strings.TrimSuffix(strconv.Itoa(r.Status)+" "+text, " ")
	}
	if remedy := r.Remedy(); remedy != "" {
		text += " (" + remedy + ")"
	}
	return text
}

// Remedy returns what would help; "" if that is not known.
func (r Remark) Remedy() string {
	remedy := sayings[r.Code].remedy
	if r.Code == ReasonLimited && r.Until.IsZero() {
		return ""
	}
	return r.filled(remedy)
}

// filled returns a sentence with what the remark fills in.
func (r Remark) filled(sentence string) string {
	cause, direction := "", "behind"
	if r.Cause != nil {
		cause = r.Cause.String()
	}
	if r.For > 0 {
		direction = "ahead of"
	}
	return strings.NewReplacer(
		"{count}", strconv.Itoa(r.Count), "{of}", strconv.Itoa(r.Of), "{words}", r.Words,
		"{cause}", cause, "{needs}", r.needs(), "{until}", r.Until.UTC().Format(time.RFC3339),
		"{for}", r.For.String(), "{apart}", apart(r.For.Abs()), "{direction}", direction,
	).Replace(sentence)
}

// needs returns what people call the permissions that it takes.
func (r Remark) needs() string {
	if len(r.Needs) == 0 {
		return "a permission that GitHub does not name"
	}
	labels := make([]string, len(r.Needs))
	for i, name := range r.Needs {
		labels[i] = cmp.Or(PermissionLabel(name), strconv.Quote(name))
	}
	return strings.Join(labels, " and ")
}

func (r Remark) known() bool {
	_, known := sayings[r.Code]
	return known && (r.Cause == nil || r.Cause.known())
}

func (r Remark) nameless() Remark {
	if !r.known() {
		return Remark{Code: ReasonFailed, Words: withheld}
	}
	if r.Cause != nil {
		cause := r.Cause.nameless()
		r.Cause = &cause
	}
	if r.Words != "" {
		r.Words = sayings[r.Code].instead
	}
	if r.Code == ReasonFailed && r.Cause == nil {
		r.Words = withheld
	}
	r.Needs = slices.Clone(r.Needs)
	for i, name := range r.Needs {
		if PermissionLabel(name) == "" {
			r.Needs[i] = "…"
		}
	}
	return r
}

func (r Remark) changed(change func(string) string) Remark {
	r.Words, r.Needs = change(r.Words), slices.Clone(r.Needs)
	for i := range r.Needs {
		r.Needs[i] = change(r.Needs[i])
	}
	if r.Cause != nil {
		cause := r.Cause.changed(change)
		r.Cause = &cause
	}
	return r
}

// apart returns in words how far two clocks are apart.
func apart(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d >= 2*day:
		return fmt.Sprintf("%d days", d/day)
	case d >= 2*time.Hour:
		return fmt.Sprintf("%d hours", d/time.Hour)
	default:
		return fmt.Sprintf("%d minutes", d/time.Minute)
	}
}

// PermissionLabel returns how GitHub's settings call a permission that we need, to read; "" for
// another one.
func PermissionLabel(name string) string {
	switch name {
	case "organization_personal_access_tokens":
		return `"Personal access tokens: read"`
	case "organization_personal_access_token_requests":
		return `"Personal access token requests: read"`
	case "members":
		return `"Members: read"`
	case "metadata":
		return `"Metadata: read"`
	case "organization_administration":
		return `"Administration: read" of the organization`
	}
	return ""
}
