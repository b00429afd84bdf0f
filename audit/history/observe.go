// SPDX-License-Identifier: Apache-2.0

package history

import (
	"cmp"
	"database/sql/driver"
	"encoding/json"
	"math"
	"slices"
	"strconv"

	"github.com/complytime/pataudit/audit"
)

// observation is what a run saw, in the least room: it is kept while the run is saved.
type observation struct {
	asOf     int64 // when the evidence was collected, whenever it was judged
	complete bool
	asked    map[string]string  // by rule, a digest of what was asked
	tokens   []sighting         // by id
	most     int                // of them, that are followed at a time
	contents map[string]content // by digest
}

// sighting is one token as a run saw it.
type sighting struct {
	token         *audit.Token
	rights, reach string           // digests; "" if not known
	findings      []*audit.Finding // of rules that do not just pass or not apply
}

// isWrong reports whether a finding is of something that is wrong.
func isWrong(f *audit.Finding) bool { return f.Status == audit.Fail || f.Status == audit.Waived }

// observe looks at a run's tokens, and notes what the store keeps of them. The place of a run
// among those of its organization is when its evidence was collected: old evidence that is judged
// today proves nothing of today.
func observe(run *audit.Run, asks map[string]string) (*observation, error) {
	o := &observation{
		asOf: micros(run.Collected()), complete: run.Complete, asked: map[string]string{},
		tokens: make([]sighting, 0, run.Summary.Tokens), contents: map[string]content{},
		most: max(fewKeys, run.Summary.Tokens/8),
	}
	for _, rule := range run.Rules {
		if rule.Asked {
			o.asked[rule.Rule.ID] = asks[rule.Rule.ID]
		}
	}
	for result := range run.Results() {
		seen := sighting{token: result.Token, findings: result.Findings}
		var err error
		if seen.rights, err = o.rightsOf(result.Token); err != nil {
			return nil, err
		}
		if seen.reach, err = o.reachOf(result.Token); err != nil {
			return nil, err
		}
		o.tokens = append(o.tokens, seen)
	}
	slices.SortFunc(o.tokens, func(a, b sighting) int { return cmp.Compare(a.token.ID, b.token.ID) })
	return o, nil
}

// part is a part of the tokens: with all grants above one, up to another, listed or not.
type part struct {
	tokens      []sighting
	after, upTo int64
}

// allTokens is the part that is the whole, with what was seen of none of them.
func allTokens() *part { return &part{after: math.MinInt64, upTo: math.MaxInt64} }

// parts returns the tokens in parts, which are small enough for [lifecycle.digestOfKeys] to look
// at their rows alone.
func (o *observation) parts() (parts []part) {
	rest, after := o.tokens, int64(math.MinInt64)
	for ; len(rest) > o.most; rest = rest[o.most:] {
		upTo := rest[o.most-1].token.ID
		parts = append(parts, part{rest[:o.most], after, upTo})
		after = upTo
	}
	return append(parts, part{rest, after, math.MaxInt64})
}

// sightingOf returns what the run saw of a grant; nil if it is not listed.
func (o *observation) sightingOf(grant int64) *sighting {
	i, listed := slices.BinarySearchFunc(o.tokens, grant, func(s sighting, id int64) int {
		return cmp.Compare(s.token.ID, id)
	})
	if !listed {
		return nil
	}
	return &o.tokens[i]
}

// content is what a digest stands for. It is worded again when it is written: most is known by
// then.
type content struct {
	digest string
	token  *audit.Token // one of those that it speaks of
	words  func(*audit.Token) (string, error)
}

// Value returns what is stored.
func (c content) Value() (driver.Value, error) { return c.words(c.token) }

// content notes what a digest stands for.
func (o *observation) content(
	key string, t *audit.Token, words func(*audit.Token) (string, error),
) string {
	digest := digestOf(key)
	known, is := o.contents[digest]
	if !is {
		known = content{digest, t, words}
		o.contents[digest] = known
	}
	return known.digest
}

// rightsOf returns the digest of a token's selection and permissions, as far as they are known; ""
// if neither is.
func (o *observation) rightsOf(t *audit.Token) (string, error) {
	words, err := rightsWords(t)
	if words == "{}" {
		return "", err
	}
	return o.content(words, t, rightsWords), err
}

func rightsWords(t *audit.Token) (string, error) {
	row := contentRow{}
	if t.Known.Has(audit.FactSelection) {
		row.Selection = string(t.Selection)
	}
	if t.Known.Has(audit.FactPermissions) {
		permissions := []string{}
		for _, p := range t.Permissions {
			permissions = append(permissions, p.String())
		}
		row.Permissions = &permissions
	}
	data, err := json.Marshal(row)
	return string(data), err
}

// reachOf returns the digest of the repositories that a token reaches; "" if they are not known.
// One that is called otherwise is the same.
func (o *observation) reachOf(t *audit.Token) (string, error) {
	if !t.Known.Has(audit.FactSelection | audit.FactRepositories) {
		return "", nil
	}
	key := []string{string(t.Selection)}
	if t.Selection == audit.SelectSubset {
		for _, r := range t.Repositories {
			if r.ID != 0 {
				key = append(key, strconv.FormatInt(r.ID, 10))
			} else {
				key = append(key, "/"+r.Name)
			}
		}
	}
	slices.Sort(key[1:])
	unique, err := json.Marshal(key)
	return o.content(string(unique), t, reachWords), err
}

func reachWords(t *audit.Token) (string, error) {
	repositories := []repositoryRow{}
	if t.Selection == audit.SelectSubset {
		for _, r := range t.Repositories {
			repositories = append(repositories, repositoryRow{r.ID, r.Name})
		}
	}
	data, err := json.Marshal(contentRow{
		Selection: string(t.Selection), Repositories: &repositories,
	})
	return string(data), err
}
