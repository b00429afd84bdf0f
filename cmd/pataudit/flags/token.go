// SPDX-License-Identifier: Apache-2.0

package flags

import (
	"fmt"
	"slices"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// mostCandidates is how many tokens of one name are listed.
const mostCandidates = 10

// TokensOf returns what a run has of the token that an identity means: its grants and its pending
// requests. There may be none. A name that several tokens have is an error that lists them.
func TokensOf(run *audit.Run, i audit.Identity) (found []*audit.Result, err error) {
	var candidates []string
	for r := range view.Both(run) {
		if !i.Is(r) {
			continue
		}
		found = append(found, r)
		candidate := r.Token.Identity().String()
		if r.Request != nil && r.Token.TokenID == 0 {
			candidate = fmt.Sprintf("pending request %d", r.Token.ID)
		}
		candidate += " of " + words.OwnerLogin(r.Token)
		if !slices.Contains(candidates, candidate) {
			candidates = append(candidates, candidate)
		}
	}
	if len(candidates) < 2 {
		return found, nil
	}
	n := len(candidates)
	if more := n - mostCandidates; more > 0 {
		candidates = append(candidates[:mostCandidates], fmt.Sprintf("%d more", more))
	}
	return nil, fmt.Errorf("%s is the name of %d tokens: name one by its id: %s",
		safe.Terminal(i.String()), n, strings.Join(candidates, ", "))
}

// NoToken returns what helps who named a token that is not there: a number that is a grant's id.
// It begins with a colon; it is "" if nothing is known.
func NoToken(run *audit.Run, i audit.Identity) string {
	if i.TokenID() == 0 {
		return ""
	}
	for r := range run.Results() {
		if r.Token.ID == i.TokenID() {
			return fmt.Sprintf(": %d is the id of a grant, of %s; a grant is named grant:%[1]d",
				r.Token.ID, r.Token.Noun())
		}
	}
	return ""
}
