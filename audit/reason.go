// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"cmp"
	"fmt"
	"maps"
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
	Code   ReasonCode `json:"code"`
	Status int        `json:"status,omitzero"` // of HTTP; 0 if there was no answer
	Count  int        `json:"count,omitzero"`
	Of     int        `json:"of,omitzero"`
	Needs  []string   `json:"needs,omitzero"`   // permissions, as GitHub's API calls them
	Until  time.Time  `json:"until,omitzero"`   // when to come back
	For    int64      `json:"seconds,omitzero"` // below 0: behind

	// Words are what it says beyond the rest, in GitHub's words or in ours: they may be hostile
	// text, and may name people.
	Words string `json:"words,omitzero"`
	Whole string `json:"whole,omitzero"` // the sentence, where it says more; likewise
}

// Because returns the reason that a text alone tells; nil for "".
func Because(words string) Reason {
	if words == "" {
		return nil
	}
	return Reason{{Code: ReasonFailed, Words: words}}
}

// Unseen is the error that something was not seen whole, for that reason.
type Unseen struct{ Reason Reason }

// Error returns the reason in one line.
func (u *Unseen) Error() string { return u.Reason.String() }

// String returns the remarks in one line, which may hold hostile text. Nothing reads it back.
func (all Reason) String() string {
	var text strings.Builder
	for i := range all {
		switch {
		case i == 0:
		case slices.Contains(leading, all[i-1].Code):
			text.WriteString(": ")
		default:
			text.WriteString("; ")
		}
		text.WriteString(all[i].String())
	}
	return text.String()
}

// ReasonCodes returns all codes, in the order of the alphabet.
func ReasonCodes() []ReasonCode { return slices.Sorted(maps.Keys(sayings)) }

// Known reports whether this version knows all codes.
func (all Reason) Known() bool {
	return !slices.ContainsFunc(all, func(r Remark) bool {
		_, known := sayings[r.Code]
		return !known
	})
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
	case r.Whole != "":
		return r.Whole
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
	direction, took := "behind", time.Duration(r.For)*time.Second
	if r.For > 0 {
		direction = "ahead of"
	}
	return strings.NewReplacer(
		"{count}", strconv.Itoa(r.Count), "{of}", strconv.Itoa(r.Of), "{words}", r.Words,
		"{needs}", r.needs(), "{until}", r.Until.UTC().Format(time.RFC3339),
		"{for}", took.String(), "{apart}", apart(took.Abs()), "{direction}", direction,
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

func (r Remark) nameless() Remark {
	said, known := sayings[r.Code]
	if !known {
		return Remark{Code: ReasonFailed, Words: withheld}
	}
	if r.Words != "" || r.Whole != "" {
		r.Words, r.Whole = said.instead, ""
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
	r.Words, r.Whole, r.Needs = change(r.Words), change(r.Whole), slices.Clone(r.Needs)
	for i := range r.Needs {
		r.Needs[i] = change(r.Needs[i])
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
