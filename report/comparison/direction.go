// SPDX-License-Identifier: Apache-2.0

package comparison

import (
	"strings"

	"github.com/complytime/pataudit/report/safe"
)

// The directions from an older policy to a newer one, as far as the tokens of the evidence show:
// policies that judge these alike may still differ.
const (
	same     = "same"
	stricter = "stricter"
	milder   = "milder"
	mixed    = "mixed" // stricter in something, and milder in something else
)

// shift is how two policies differ over the same evidence. Pending requests are not compared.
type shift struct {
	Direction string `json:"direction"` // same, stricter, milder or mixed

	// Tokens that fail by more, and by less, of which one may do both; and tokens that violate by the
	// newer policy alone, and by the older.
	Stricter int `json:"tokens_stricter"`
	Milder   int `json:"tokens_milder"`
	Newly    int `json:"tokens_newly_violating"`
	NoLonger int `json:"tokens_no_longer_violating"`

	// Claims that are contradicted by the newer alone, and by the older; and that more tokens
	// contradict than before, and fewer.
	Refuted   int `json:"claims_newly_contradicted,omitzero"`
	Unrefuted int `json:"claims_no_longer_contradicted,omitzero"`
	Worse     int `json:"claims_contradicted_by_more,omitzero"`
	Better    int `json:"claims_contradicted_by_fewer,omitzero"`

	CompleteNow, CompleteThen bool `json:"-"` // the evidence is, for what the policy asks
}

// shift returns how two policies differ over the same evidence.
func (c *Comparison) shift() *shift {
	s := &shift{CompleteNow: c.New.Complete, CompleteThen: c.Old.Complete}
	for i := range c.Deltas {
		d := &c.Deltas[i]
		if len(d.Opened) > 0 {
			s.Stricter++
		}
		if len(d.Milder)+len(d.Fixed)+len(d.Waived)+len(d.Indebted) > 0 {
			s.Milder++
		}
	}
	for _, change := range c.settings() {
		switch now, before := contradicted(change.new), contradicted(change.old); {
		case now && !before:
			s.Refuted++
		case before && !now:
			s.Unrefuted++
		case !now: // nor before
		case change.new.Against > change.old.Against:
			s.Worse++
		case change.new.Against < change.old.Against:
			s.Better++
		}
	}
	then := map[int64]bool{} // grants
	for result := range c.Old.Results() {
		if result.New >= c.Old.Policy.FailOn {
			then[result.Token.ID] = true
		}
	}
	for result := range c.New.Results() {
		switch violates := result.New >= c.New.Policy.FailOn; {
		case violates && !then[result.Token.ID]:
			s.Newly++
		case !violates && then[result.Token.ID]:
			s.NoLonger++
		}
	}
	s.Direction = s.direction()
	return s
}

// direction returns where the shift leads.
func (s *shift) direction() string {
	up := s.Stricter+s.Newly+s.Refuted+s.Worse > 0 || s.CompleteThen && !s.CompleteNow
	down := s.Milder+s.NoLonger+s.Unrefuted+s.Better > 0 || s.CompleteNow && !s.CompleteThen
	switch {
	case up && down:
		return mixed
	case up:
		return stricter
	case down:
		return milder
	}
	return same
}

// String returns where the shift leads, and why: "mixed, by this evidence: stricter for 9 tokens,
// milder for 2 tokens, 4 tokens newly in violation".
func (s *shift) String() string {
	var why []string
	add := func(happened bool, text string) {
		if happened {
			why = append(why, text)
		}
	}
	add(s.Stricter > 0, "stricter for "+safe.Plural(s.Stricter, "token"))
	add(s.Milder > 0, "milder for "+safe.Plural(s.Milder, "token"))
	add(s.Newly > 0, safe.Plural(s.Newly, "token")+" newly in violation")
	add(s.NoLonger > 0, safe.Plural(s.NoLonger, "token")+" in violation no more")
	add(s.Refuted > 0, safe.Plural(s.Refuted, "claim")+" newly contradicted")
	add(s.Unrefuted > 0, safe.Plural(s.Unrefuted, "claim")+" contradicted no more")
	add(s.Worse > 0, safe.Plural(s.Worse, "claim")+" contradicted by more tokens")
	add(s.Better > 0, safe.Plural(s.Better, "claim")+" contradicted by fewer tokens")
	add(s.CompleteNow && !s.CompleteThen, "the evidence is complete for the newer one alone")
	add(s.CompleteThen && !s.CompleteNow, "the evidence is complete for the older one alone")
	if len(why) == 0 {
		why = []string{"no finding changes"}
	}
	return s.Direction + ", by this evidence: " + strings.Join(why, ", ")
}
