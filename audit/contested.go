// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"fmt"
	"slices"
	"strings"
)

// contestedTokens finds the token ids that several active grants claim, with the grants' ids in
// their order. A token has one grant in an organization: such evidence contradicts itself, and
// decisions, which are bound to a token's id, would be about either. An expired grant beside the
// active one is what a renewal leaves.
func contestedTokens(tokens []*Token) map[int64][]int64 {
	first := make(map[int64]int64, len(tokens))
	var contested map[int64][]int64
	for _, t := range tokens {
		if t.TokenID == 0 || t.Expired {
			continue
		}
		other, claimed := first[t.TokenID]
		if !claimed {
			first[t.TokenID] = t.ID
			continue
		}
		if contested == nil {
			contested = map[int64][]int64{}
		}
		if contested[t.TokenID] == nil {
			contested[t.TokenID] = []int64{other}
		}
		contested[t.TokenID] = append(contested[t.TokenID], t.ID)
	}
	for _, grants := range contested {
		slices.Sort(grants)
	}
	return contested
}

// coverage returns the evidence's coverage; where several active grants claim one token, its list
// of tokens is not complete.
func (j *judge) coverage() []Coverage {
	if len(j.contested) == 0 {
		return j.evidence.Coverage
	}
	const most = 3
	var claims []string
	for id, grants := range j.contested {
		claims = append(claims, fmt.Sprintf("token %d by the grants %s", id,
			strings.Trim(strings.ReplaceAll(fmt.Sprint(grants), " ", ", "), "[]")))
	}
	slices.Sort(claims)
	if more := len(claims) - most; more > 0 {
		claims = append(claims[:most], fmt.Sprintf("%d more", more))
	}
	reason := Remark{Code: ReasonContested, Words: strings.Join(claims, "; ")}
	coverage := slices.Clone(j.evidence.Coverage)
	for i := range coverage {
		c := &coverage[i]
		if c.Source != SourceTokens {
			continue
		}
		if c.Status == Complete {
			c.Status, c.Reason = Partial, nil
		}
		c.Reason = append(slices.Clone(c.Reason), reason)
	}
	return coverage
}
