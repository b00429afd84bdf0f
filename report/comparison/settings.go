// SPDX-License-Identifier: Apache-2.0

package comparison

import (
	"strconv"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/encode"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// What became of claims about the organization's own settings.

// settingChange is a claim that is in another state than it was; nil of what one of the runs does
// not claim.
type settingChange struct{ old, new *audit.SettingResult }

// settings returns the claims that changed, in their order. More tokens that contradict a claim
// are a change of it: no finding shows them.
func (c *Comparison) settings() (changes []settingChange) {
	for _, s := range audit.Settings {
		change := settingChange{c.Old.SettingOf(s), c.New.SettingOf(s)}
		switch old, now := change.old, change.new; {
		case old == nil && now == nil:
		case old == nil || now == nil, old.State != now.State, old.Value != now.Value,
			old.Against != now.Against, !old.Since.Equal(now.Since):
			changes = append(changes, change)
		}
	}
	return changes
}

func contradicted(s *audit.SettingResult) bool {
	return s != nil && s.State == audit.SettingContradicted
}

// text returns what became of a claim: "approval: required is contradicted: …; it was attested".
func (s settingChange) text(c *Comparison) string {
	if s.new == nil {
		return s.old.Claim() + " is claimed no more; it was " + words.ClaimState(s.old)
	}
	text := words.Claimed(c.New, s.new)
	if s.old == nil {
		return text + "; it was not claimed"
	}
	before := words.ClaimState(s.old)
	if contradicted(s.old) && contradicted(s.new) {
		before += " by " + strconv.Itoa(s.old.Against)
	}
	switch old, now := s.old.Since, s.new.Since; {
	case s.old.Value != s.new.Value:
		return text + "; it was claimed as " + s.old.Value + ", and " + before
	case !old.Equal(now) && old.IsZero():
		return text + "; it was claimed of any time, and " + before
	case !old.Equal(now):
		return text + "; it was claimed since " + view.DayOf(old) + ", and " + before
	}
	return text + "; it was " + before
}

// settingObject is a claim that changed; null is what was not claimed.
type settingObject struct {
	Setting  string  `json:"setting"`
	OldValue *string `json:"old_value"`
	Value    *string `json:"value"`
	OldState *string `json:"old_state"`
	State    *string `json:"state"`

	OldAgainst *int `json:"old_against"` // tokens that contradict it
	Against    *int `json:"against"`
}

func (c *Comparison) settingObjects() (wire []settingObject) {
	for _, change := range c.settings() {
		w := settingObject{}
		if s := change.old; s != nil {
			w.Setting, w.OldValue = string(s.Setting), encode.OrNull(s.Value)
			w.OldState, w.OldAgainst = encode.OrNull(string(s.State)), &s.Against
		}
		if s := change.new; s != nil {
			w.Setting, w.Value = string(s.Setting), encode.OrNull(s.Value)
			w.State, w.Against = encode.OrNull(string(s.State)), &s.Against
		}
		wire = append(wire, w)
	}
	return wire
}
