// SPDX-License-Identifier: Apache-2.0

package json

import (
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/go-json-experiment/json"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/view"
)

// Compared is a report of one organization as a later run is compared with it: what it says of the
// whole, and, as they are ranged over, what it says is wrong with each token.
type Compared struct {
	Run  *audit.Run // without results
	Tool view.Tool

	open func() (io.Reader, error)
	name string // for errors
	part *Part
}

// ReadCompared reads a report that [Format] wrote, of which nobody changed anything since. It is
// read again each time that its tokens are ranged over: none of them is held.
func ReadCompared(open func() (io.Reader, error), name string) (*Compared, error) {
	text, err := open()
	if err != nil {
		return nil, err
	}
	p := newPieces(text)
	p.each = func(string, []byte) error { return nil }
	saved, err := p.whole(name)
	if err != nil {
		return nil, err
	}
	if len(saved.Parts) != 1 {
		return nil, fmt.Errorf("%s: it is not of one organization", name)
	}
	c := &Compared{open: open, name: name, part: saved.Parts[0]}
	r := newRestorer(c.part, nil)
	c.Run, c.Tool = r.header(), c.part.Tool()
	return c, r.err
}

// comparedResult is as much of a token as is compared.
type comparedResult struct {
	ID       int64             `json:"id"`
	TokenID  *int64            `json:"token_id"`
	Findings []comparedFinding `json:"findings"`
}

type comparedFinding struct {
	Rule       string   `json:"rule"`
	Status     string   `json:"status"`
	Severity   *string  `json:"severity"`
	Basis      []string `json:"basis"`
	InBaseline bool     `json:"in_baseline"`
}

// Results ranges over the tokens by their ids. Of a token it has the ids alone, of a finding
// what [audit.Diff] looks at. An error comes last.
func (c *Compared) Results() iter.Seq2[*audit.Result, error] {
	return func(yield func(*audit.Result, error) bool) {
		text, err := c.open()
		if err == nil {
			err = c.each(text, func(result *audit.Result) bool { return yield(result, nil) })
		}
		if err != nil {
			yield(nil, fmt.Errorf("%s: %w", c.name, err))
		}
	}
}

// errEnough ends the reading of tokens.
var errEnough = errors.New("no more is asked for")

// each reads the tokens until one is the last that is asked for.
func (c *Compared) each(text io.Reader, take func(*audit.Result) (more bool)) error {
	p, r := newPieces(text), newRestorer(c.part, nil)
	var last int64
	p.each = func(list string, text []byte) error {
		var one comparedResult
		if list != keyTokens {
			return errEnough
		}
		if err := json.Unmarshal(text, &one, p.same); err != nil {
			return err
		}
		result := r.compared(&one)
		if one.ID <= last {
			r.fail("tokens", "are not in the order of their ids, each once")
		}
		last = one.ID
		if r.err == nil && !take(result) {
			return errEnough
		}
		return r.err
	}
	if _, err := p.object(""); !errors.Is(err, errEnough) {
		return err
	}
	return nil
}

func (r *restorer) compared(w *comparedResult) *audit.Result {
	result := &audit.Result{
		Token:    &audit.Token{ID: w.ID, TokenID: orZero(w.TokenID)},
		Findings: make([]*audit.Finding, len(w.Findings)),
	}
	for i := range w.Findings {
		f, rule := &w.Findings[i], r.byRule[w.Findings[i].Rule]
		if rule == nil {
			r.fail("tokens", "has findings of %q, which is not among the rules of the report", f.Rule)
		}
		result.Findings[i] = &audit.Finding{
			Rule: rule, Status: r.status("tokens", f.Status), Severity: r.severity("tokens", f.Severity),
			Basis: f.Basis, InBaseline: f.InBaseline,
		}
	}
	return result
}
