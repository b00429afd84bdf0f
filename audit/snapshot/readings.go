// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/complytime/pataudit/audit"
)

// readings is what a manifest shows of the lists that evidence is made of.
type readings struct {
	answered map[string]bool // by source: GitHub gave something
	accepted map[string]int  // rows of what was accepted, by source
	tokens   *reading        // of the list of tokens
	lists    map[owned]*reading
}

// owned names the list of repositories of a token, or of a request.
type owned struct {
	source string
	id     int64
}

// reading is how one list was read, pass by pass.
type reading struct {
	passes     []pass
	disordered bool // its passes do not come one after another, from 1 on
	gone       bool // GitHub could not find it
}

// pass counts what one pass over a list gave.
type pass struct{ rows, pages, accepted int }

// add counts an exchange about the list.
func (r *reading) add(x *audit.Exchange) {
	r.gone = r.gone || x.Status == http.StatusNotFound
	switch n := len(r.passes); {
	case x.Pass == 0: // no answer that could be read
		return
	case x.Pass == n+1:
		r.passes = append(r.passes, pass{})
	case x.Pass != n:
		r.disordered = true
		return
	}
	p := &r.passes[len(r.passes)-1]
	p.rows += x.Rows
	p.pages++
	if x.Accepted {
		p.accepted++
	}
}

// accepted returns the number of the pass that was accepted, and its rows; 0 if none was, more
// than one, or a part of one.
func (r *reading) accepted() (number, rows int) {
	for i, p := range r.passes {
		switch {
		case p.accepted == 0:
			continue
		case number != 0, p.accepted != p.pages, r.disordered:
			return 0, 0
		}
		number, rows = i+1, p.rows
	}
	return number, rows
}

// agrees reports whether a pass has as many rows as the one before it.
func (r *reading) agrees(number int) bool {
	return number > 1 && r.passes[number-2].rows == r.passes[number-1].rows
}

func readingsOf(manifest []audit.Exchange) *readings {
	r := &readings{
		answered: map[string]bool{}, accepted: map[string]int{}, tokens: &reading{},
		lists: map[owned]*reading{},
	}
	for i := range manifest {
		x := &manifest[i]
		r.answered[x.Source] = r.answered[x.Source] || answered(x)
		if x.Accepted {
			r.accepted[x.Source] += x.Rows
		}
		if x.Source == audit.SourceTokens {
			r.tokens.add(x)
		}
		if id := ownerOf(x); id > 0 {
			of := owned{x.Source, id}
			if r.lists[of] == nil {
				r.lists[of] = &reading{}
			}
			r.lists[of].add(x)
		}
	}
	return r
}

// ownerOf returns the token, or the request, whose repositories were asked for; 0 if others were.
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

// gone reports whether GitHub could not find the token's repositories.
func (r *readings) gone(id int64) bool {
	list := r.lists[owned{audit.SourceRepositories, id}]
	return list != nil && list.gone
}

// checkTokens holds the tokens against the pass over their list that was accepted: it agrees with
// the one before it. It is the last one, unless GitHub did not find the repositories of one of the
// tokens: then the list was read once more, and what two passes that agree lack was revoked.
func (r *readings) checkTokens(e *audit.Evidence) error {
	revoked := false
	for _, d := range e.Dropped {
		if d.Reason == listedTwice {
			continue
		}
		if revoked = true; !r.gone(d.ID) {
			return fmt.Errorf("dropped: the repositories of %d were not found to be gone", d.ID)
		}
	}
	accepted, rows := r.tokens.accepted()
	last := len(r.tokens.passes)
	holds := r.tokens.agrees(accepted) && rows == len(e.Tokens)+len(e.Dropped)
	switch {
	case revoked:
		holds = holds && last >= accepted+2 && r.tokens.agrees(last)
	case !r.lacks(e.Tokens):
		holds = holds && last == accepted
	}
	if !holds {
		return fmt.Errorf("tokens: no pass of the manifest lists %d and %d dropped, and was accepted",
			len(e.Tokens), len(e.Dropped))
	}
	return r.checkStrangers(e, accepted)
}

// lacks reports whether a token is there whose repositories GitHub could not find.
func (r *readings) lacks(tokens []*audit.Token) bool {
	for _, t := range tokens {
		if isListed(t) && !t.Known.Has(audit.FactRepositories) && r.gone(t.ID) {
			return true
		}
	}
	return false
}

// checkStrangers refuses lists of tokens that are not there. Lists are read of the tokens of the
// first pass and of those of the accepted one; if it is the second, they are the same.
func (r *readings) checkStrangers(e *audit.Evidence, accepted int) error {
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
	for of := range r.lists {
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
func (r *readings) checkLists(e *audit.Evidence) error {
	listed := 0
	for _, t := range e.Tokens {
		if isListed(t) {
			listed++
		}
		if err := r.checkList(audit.SourceRepositories, t); err != nil {
			return err
		}
	}
	for _, request := range e.Requests {
		if err := r.checkList(audit.SourceRequests, request.Token); err != nil {
			return err
		}
	}
	c := e.CoverageOf(audit.SourceRepositories)
	if c.Status == audit.Complete && c.Items != listed {
		return fmt.Errorf("%s: %d lists were had, but %d tokens have one", c.Source, c.Items, listed)
	}
	return nil
}

func (r *readings) checkList(source string, t *audit.Token) error {
	if !isListed(t) || !t.Known.Has(audit.FactRepositories) {
		return nil
	}
	list := r.lists[owned{source, t.ID}]
	if list == nil {
		list = &reading{}
	}
	accepted, rows := list.accepted()
	switch {
	case accepted == 0 || accepted != len(list.passes):
		return fmt.Errorf("%s: those of %d are known, but the manifest has no list", source, t.ID)
	case rows != len(t.Repositories):
		return fmt.Errorf("%s: %d has %d, but the manifest lists %d",
			source, t.ID, len(t.Repositories), rows)
	}
	return nil
}
