// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/complytime/pataudit/audit"
)

// asked is what a manifest says by its rows: how long the lists were that evidence is made of.
type asked struct {
	answered map[string]bool // by source: GitHub gave something
	rows     map[string]int  // by source
	tokens   map[int]int     // rows of the list of tokens, by pass
	lists    map[owned]*rowsOf
}

// owned names the list of repositories of a token, or of a request.
type owned struct {
	source string
	id     int64
}

// rowsOf is a list of repositories as it was read last.
type rowsOf struct {
	pass, rows int
	gone       bool // GitHub could not find it
}

func tally(manifest []audit.Exchange) *asked {
	a := &asked{
		answered: map[string]bool{}, rows: map[string]int{}, tokens: map[int]int{},
		lists: map[owned]*rowsOf{},
	}
	for i := range manifest {
		x := &manifest[i]
		a.answered[x.Source] = a.answered[x.Source] || answered(x)
		a.rows[x.Source] += x.Rows
		if x.Source == audit.SourceTokens && x.Pass > 0 {
			a.tokens[x.Pass] += x.Rows
		}
		if id := ownerOf(x); id > 0 {
			a.list(owned{x.Source, id}, x)
		}
	}
	return a
}

// ownerOf gives the token, or the request, whose repositories were asked for; 0 if others were.
func ownerOf(x *audit.Exchange) int64 {
	if x.Source != audit.SourceRepositories && x.Source != audit.SourceRequests {
		return 0
	}
	path, _, _ := strings.Cut(x.Route, "?")
	path, ok := strings.CutSuffix(path, "/repositories")
	if !ok {
		return 0
	}
	id, _ := strconv.ParseInt(path[strings.LastIndexByte(path, '/')+1:], 10, 64)
	return id
}

// list counts an exchange about a list. Only its last pass counts: the one before agreed with it.
func (a *asked) list(of owned, x *audit.Exchange) {
	list := a.lists[of]
	if list == nil {
		list = &rowsOf{}
		a.lists[of] = list
	}
	list.gone = list.gone || x.Status == http.StatusNotFound
	if x.Pass > list.pass {
		list.pass, list.rows = x.Pass, 0
	}
	if x.Pass > 0 && x.Pass == list.pass {
		list.rows += x.Rows
	}
}

// gone reports whether GitHub could not find the token's repositories.
func (a *asked) gone(id int64) bool {
	list := a.lists[owned{audit.SourceRepositories, id}]
	return list != nil && list.gone
}

// checkTokens holds the tokens against the passes over their list. The last two passes agree, and
// give what was accepted; unless GitHub did not find the repositories of one of the tokens: then
// the list was read once more, after the pass that was accepted, and what it lacks was revoked.
func (a *asked) checkTokens(e *audit.Evidence) error {
	revoked := false
	for _, d := range e.Dropped {
		if d.Reason == listedTwice {
			continue
		}
		if revoked = true; !a.gone(d.ID) {
			return fmt.Errorf("dropped: the repositories of %d were not found to be gone", d.ID)
		}
	}
	last := len(a.tokens)
	first := last
	switch {
	case revoked && !a.agree(last):
		first, last = 1, 0 // none: the new listing showed nothing
	case revoked:
		first, last = 2, last-2 // it took two passes to show that the list is another now
	case a.lacks(e.Tokens):
		first = 2 // it may have shown that nothing was revoked, or have failed
	}
	for pass := last; pass >= first; pass-- {
		if a.agree(pass) && a.tokens[pass] == len(e.Tokens)+len(e.Dropped) {
			return a.checkStrangers(e, pass)
		}
	}
	return fmt.Errorf("tokens: no pass of the manifest lists %d and %d dropped, and was accepted",
		len(e.Tokens), len(e.Dropped))
}

// agree reports whether a pass has as many rows as the one before it.
func (a *asked) agree(pass int) bool {
	before, first := a.tokens[pass-1]
	rows, second := a.tokens[pass]
	return first && second && before == rows
}

// lacks reports whether a token is there whose repositories GitHub could not find.
func (a *asked) lacks(tokens []*audit.Token) bool {
	for _, t := range tokens {
		if isListed(t) && !t.Known.Has(audit.FactRepositories) && a.gone(t.ID) {
			return true
		}
	}
	return false
}

// checkStrangers refuses lists of tokens that are not there. Lists are read of the tokens of the
// first pass and of those of the accepted one; if it is the second, they are the same.
func (a *asked) checkStrangers(e *audit.Evidence, accepted int) error {
	const second = 2
	if accepted > second {
		return nil
	}
	there := make(map[int64]bool, len(e.Tokens)+len(e.Dropped))
	for _, t := range e.Tokens {
		there[t.ID] = true
	}
	for _, d := range e.Dropped {
		there[d.ID] = true
	}
	stranger := int64(0) // the least, for the message must not depend on a map's order
	for of := range a.lists {
		if of.source == audit.SourceRepositories && !there[of.id] &&
			(stranger == 0 || of.id < stranger) {
			stranger = of.id
		}
	}
	if stranger != 0 {
		return fmt.Errorf("tokens: the manifest has repositories of %d, which is not there", stranger)
	}
	return nil
}

// isListed reports whether a token has a list of repositories that is asked for.
func isListed(t *audit.Token) bool { return !t.Expired && t.Selection == audit.SelectSubset }

// checkLists holds the lists of repositories against what was read of them.
func (a *asked) checkLists(e *audit.Evidence) error {
	listed := 0
	for _, t := range e.Tokens {
		if isListed(t) {
			listed++
		}
		if err := a.checkList(audit.SourceRepositories, t); err != nil {
			return err
		}
	}
	for _, r := range e.Requests {
		if err := a.checkList(audit.SourceRequests, r.Token); err != nil {
			return err
		}
	}
	c := e.CoverageOf(audit.SourceRepositories)
	if c.Status == audit.Complete && c.Items != listed {
		return fmt.Errorf("%s: %d lists were had, but %d tokens have one", c.Source, c.Items, listed)
	}
	return nil
}

func (a *asked) checkList(source string, t *audit.Token) error {
	if !isListed(t) || !t.Known.Has(audit.FactRepositories) {
		return nil
	}
	list := a.lists[owned{source, t.ID}]
	if list == nil || list.pass == 0 {
		return fmt.Errorf("%s: those of %d are known, but the manifest has no list", source, t.ID)
	}
	if list.rows != len(t.Repositories) {
		return fmt.Errorf("%s: %d has %d, but the manifest lists %d",
			source, t.ID, len(t.Repositories), list.rows)
	}
	return nil
}
