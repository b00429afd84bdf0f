// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"time"
)

// Criteria are what evidence is judged by, as texts that can be kept: everything that can change a
// verdict but the evidence itself and what a history remembers.
type Criteria struct {
	PolicyDigest string // see [Policy]: names and the way of writing do not count

	// Asks are digests of what the policy asks by each rule: what makes it fail, and how gravely.
	// They are not kept as texts.
	Asks map[string]string

	Policy    []byte // the effective policy
	Decisions []byte // nil: none
	Baseline  []byte // nil: none
	Registry  []byte `json:",omitempty"` // nil: none

	FailOnRequests, FailOnOverdue, AllowEmpty, HistoryRequired bool // see [Options]

	// Shared reports that several organizations were judged, see [Options]. It does not count in
	// the digest, for it changes no verdict: it decides which decisions a run lists.
	Shared bool `json:"-"`

	Skip  Facts     // what was done without by choice
	Added Facts     // what was asked for beyond the policy's needs
	AsOf  time.Time // the instant that was asked for; zero: the evidence's
}

// CriteriaText is one of the texts of [Criteria].
type CriteriaText struct {
	Name string  // as its flag is called: "policy", "decisions", "baseline" or "registry"
	Text *[]byte // the criteria's own; the text is nil if there is none
}

// Texts lists the texts, the policy first.
func (c *Criteria) Texts() []CriteriaText {
	return []CriteriaText{
		{"policy", &c.Policy},
		{string(UsedDecisions), &c.Decisions},
		{string(UsedBaseline), &c.Baseline},
		{string(UsedRegistry), &c.Registry},
	}
}

// Options returns the options of a run that is judged by them, but for what a history remembers.
func (c *Criteria) Options() Options {
	return Options{
		AsOf: c.AsOf, HistoryRequired: c.HistoryRequired, FailOnRequests: c.FailOnRequests,
		FailOnOverdue: c.FailOnOverdue, Skip: c.Skip, Shared: c.Shared, AllowEmpty: c.AllowEmpty,
	}
}

// Digest returns the digest of all of them. Runs with the same one were judged alike.
func (c *Criteria) Digest() string {
	text, err := json.Marshal(c.judging())
	if err != nil {
		panic(err) // there is nothing in it that JSON cannot hold
	}
	return fmt.Sprintf("sha256:%x", sha256.Sum256(text))
}

// Clone returns a copy that shares nothing with them.
func (c *Criteria) Clone() *Criteria {
	clone := *c
	clone.Asks = maps.Clone(c.Asks)
	for _, t := range clone.Texts() {
		*t.Text = bytes.Clone(*t.Text)
	}
	return &clone
}

// judging returns the criteria without the policy's text, which may say the same in other words,
// and without what its digest covers, too.
func (c *Criteria) judging() Criteria {
	judging := *c
	judging.Policy, judging.Asks, judging.AsOf = nil, nil, c.AsOf.UTC()
	return judging
}
