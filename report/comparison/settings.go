// SPDX-License-Identifier: Apache-2.0

package comparison

import (
	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/encode"
	"github.com/complytime/pataudit/report/words"
)

// What became of claims about the organization's own settings.

// settingChange is a claim that is in another state than it was; nil of what one of the runs does
// not claim.
type settingChange struct{ old, new *audit.SettingResult }

// settings returns the claims that changed, in their order.
func (c *Comparison) settings() (changes []settingChange) {
	for _, s := range audit.Settings {
		change := settingChange{c.Old.SettingOf(s), c.New.SettingOf(s)}
		switch old, now := change.old, change.new; {
		case old == nil && now == nil:
		case old == nil || now == nil, old.State != now.State, old.Value != now.Value:
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
	switch {
	case s.old == nil:
		return text + "; it was not claimed"
	case s.old.Value != s.new.Value:
		return text + "; it was claimed as " + s.old.Value + ", and " + words.ClaimState(s.old)
	}
	return text + "; it was " + words.ClaimState(s.old)
}

// settingObject is a claim that changed; null is what was not claimed.
type settingObject struct {
	Setting  string  `json:"setting"`
	OldValue *string `json:"old_value"`
	Value    *string `json:"value"`
	OldState *string `json:"old_state"`
	State    *string `json:"state"`
}

func (c *Comparison) settingObjects() (wire []settingObject) {
	for _, change := range c.settings() {
		w := settingObject{}
		if s := change.old; s != nil {
			w.Setting, w.OldValue = string(s.Setting), encode.OrNull(s.Value)
			w.OldState = encode.OrNull(string(s.State))
		}
		if s := change.new; s != nil {
			w.Setting, w.Value = string(s.Setting), encode.OrNull(s.Value)
			w.State = encode.OrNull(string(s.State))
		}
		wire = append(wire, w)
	}
	return wire
}
