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
	lists    map[owned]*reading
}

// owned identifies a source's list, or the list of repositories of one of its tokens or requests.
type owned struct {
	source string
	id     int64 // 0: the source's own
}

// reading is how one list was read, pass by pass.
type reading struct {
	passes     []pass
	disordered bool // its passes do not come one after another, from 1 on
	gone       bool // GitHub could not find it
}

// pass counts what one pass over a list gave; filled are the pages that are not empty. A pass
// whose pages do not come one after another, from 1 on, has gaps: of pages that are announced and
// asked for at once, those beyond the end are left out as soon as one shows where it is.
type pass struct {
	rows, pages, filled, accepted int
	gaps                          bool
}

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
	if x.Page != p.pages {
		p.gaps = true
	}
	if x.Rows > 0 {
		p.filled++
	}
	if x.Accepted {
		p.accepted++
	}
}

// accepted returns the number of the pass that was accepted, and what it gave; 0 if none was, more
// than one, or a part of one.
func (r *reading) accepted() (number int, accepted pass) {
	for i, p := range r.passes {
		switch {
		case p.accepted == 0:
			continue
		case number != 0, p.accepted != p.pages, p.gaps, r.disordered:
			return 0, pass{}
		}
		number, accepted = i+1, p
	}
	return number, accepted
}

// agrees reports whether a pass has as many rows as the one before it, and neither has gaps.
func (r *reading) agrees(number int) bool {
	if number < 2 {
		return false
	}
	before, now := r.passes[number-2], r.passes[number-1]
	return before.rows == now.rows && !before.gaps && !now.gaps
}

// last returns the pass that was accepted, if it is the last one and agrees with the one before
// it, unless it could not but be whole alone.
func (r *reading) last(alone func(pass) bool) (accepted pass, ok bool) {
	number, accepted := r.accepted()
	return accepted, number > 0 && number == len(r.passes) && (alone(accepted) || r.agrees(number))
}

// find returns the reading of a list, which may have no pass.
func (r *readings) find(source string, id int64) *reading {
	if list := r.lists[owned{source, id}]; list != nil {
		return list
	}
	return &reading{}
}

func readingsOf(manifest []audit.Exchange) *readings {
	r := &readings{answered: map[string]bool{}, lists: map[owned]*reading{}}
	for i := range manifest {
		x := &manifest[i]
		r.answered[x.Source] = r.answered[x.Source] || answered(x)
		of := owned{x.Source, ownerOf(x)}
		if r.lists[of] == nil {
			r.lists[of] = &reading{}
		}
		r.lists[of].add(x)
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

// checkSource holds how many a complete source had against the list that was read of it.
func (r *readings) checkSource(c audit.Coverage) error {
	// Where nothing was counted, there may have been no token whose list to ask for.
	if (c.Items > 0 || c.Source != audit.SourceRepositories) && !r.answered[c.Source] {
		return fmt.Errorf("%s: complete, but the manifest has no answer", c.Source)
	}
	alone := func(pass) bool { return false }
	others := false // whether records are listed that do not count
	switch c.Source {
	case audit.SourceMembers, audit.SourceOrganizationRepositories:
		alone = func(p pass) bool { return p.pages == 1 } // held against GitHub's own count
	case audit.SourceRequests:
	case audit.SourceAuthorizations:
		others = true
	default:
		return nil
	}
	list, ok := r.find(c.Source, 0).last(alone)
	if !ok || c.Items > list.rows || c.Items < list.rows && !others {
		return fmt.Errorf("%s: %d were had, but the manifest has no list of them, or lists %d",
			c.Source, c.Items, list.rows)
	}
	return nil
}

// checkTokens holds the tokens against the pass over their list that was accepted: it agrees with
// the one before it. It is the last one, unless GitHub did not find the repositories of one of the
// tokens: then the list was read once more, and what two passes that agree lack was revoked.
func (r *readings) checkTokens(e *audit.Evidence) error {
	revoked := false
	for _, d := range e.Dropped {
		if d.Reason == audit.DroppedTwice {
			continue
		}
		if revoked = true; !r.find(audit.SourceRepositories, d.ID).gone {
			return fmt.Errorf("dropped: the repositories of %d were not found to be gone", d.ID)
		}
	}
	tokens := r.find(audit.SourceTokens, 0)
	accepted, list := tokens.accepted()
	last := len(tokens.passes)
	holds := tokens.agrees(accepted) && list.rows == len(e.Tokens)+len(e.Dropped)
	switch {
	case revoked:
		holds = holds && last >= accepted+2 && tokens.agrees(last)
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
		if isListed(t) && !t.Known.Has(audit.FactRepositories) &&
			r.find(audit.SourceRepositories, t.ID).gone {
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
		if of.source == audit.SourceRepositories && of.id != 0 && !there[of.id] &&
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

// checkList holds a list that is known against what was read of it: an empty one, and one of
// several pages, twice.
func (r *readings) checkList(source string, t *audit.Token) error {
	if !isListed(t) || !t.Known.Has(audit.FactRepositories) {
		return nil
	}
	list, ok := r.find(source, t.ID).last(func(p pass) bool { return p.filled == 1 })
	switch {
	case !ok:
		return fmt.Errorf("%s: those of %d are known, but the manifest has no list", source, t.ID)
	case list.rows != len(t.Repositories):
		return fmt.Errorf("%s: %d has %d, but the manifest lists %d",
			source, t.ID, len(t.Repositories), list.rows)
	}
	return nil
}
