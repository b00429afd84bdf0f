// SPDX-License-Identifier: Apache-2.0

package letters

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

// Letter is what one owner of tokens is to do about them. It names nobody else, and no repository
// but those of the owner's own tokens; it mentions nobody, and ranks nobody.
type Letter struct {
	OwnerID int64
	Login   string // hostile text
	Tokens  int    // that it is about

	// Prefill adds links to GitHub's form for a new token with the settings filled in, where the
	// host has such links: see [Prefills].
	Prefill bool

	host  string
	parts []*part
	view  *view.View
}

// part is about one organization.
type part struct {
	run      *audit.Run
	partial  bool            // the run does not hold all tokens
	breaking []*audit.Result // the worst first
	expiring []*audit.Token  // in use, the soonest first
}

// Of returns a letter for each owner of a token that breaks the policy, or that is in use and
// expires within 14 days, by the owners' ids; and how many such tokens have no known owner. Only
// what the document's view shows is told.
func Of(d *view.Document) (letters []*Letter, unowned int, err error) {
	if d.Pseudonymised {
		return nil, 0, errors.New("a pseudonymised report has no owners to write to")
	}
	byOwner := map[int64]*Letter{}
	for _, run := range d.Runs {
		partial := view.Count(run).Partial(run)
		for r := range run.Results() {
			breaks, expires := worthy(run, &d.View, r)
			o := r.Token.Owner
			switch {
			case !breaks && !expires:
				continue
			case o == nil || o.ID == 0:
				unowned++
				continue
			case byOwner[o.ID] == nil:
				byOwner[o.ID] = &Letter{
					OwnerID: o.ID, Login: o.Login, host: run.Organization.Host, view: &d.View,
				}
			}
			l := byOwner[o.ID]
			if l.host != run.Organization.Host {
				return nil, 0, fmt.Errorf("owners of %s and of %s have the same ids: write to those of "+
					"each host by itself", l.host, run.Organization.Host)
			}
			part := l.part(run)
			part.partial = partial
			if l.Tokens++; breaks {
				part.breaking = append(part.breaking, r)
			} else {
				part.expiring = append(part.expiring, r.Token)
			}
		}
	}
	letters = slices.SortedFunc(maps.Values(byOwner), func(a, b *Letter) int {
		return cmp.Compare(a.OwnerID, b.OwnerID)
	})
	for _, l := range letters {
		l.sort()
	}
	return letters, unowned, nil
}

// worthy reports whether its owner has something to do about a token.
func worthy(run *audit.Run, v *view.View, r *audit.Result) (breaks, expires bool) {
	findings, shown := v.Choose(r)
	if !shown {
		return false, false
	}
	breaks = slices.ContainsFunc(findings, func(f *audit.Finding) bool {
		return counts(f) && view.Weigh(run, f) == view.WeightViolation
	})
	return breaks, view.ExpiresSoon(r.Token, run.AsOf)
}

// counts reports whether a finding fails and nobody has accepted that.
func counts(f *audit.Finding) bool { return f.Status == audit.Fail && !f.InBaseline }

// part returns the part about a run's organization.
func (l *Letter) part(run *audit.Run) *part {
	if n := len(l.parts); n > 0 && l.parts[n-1].run == run {
		return l.parts[n-1]
	}
	part := &part{run: run}
	l.parts = append(l.parts, part)
	return part
}

func (l *Letter) sort() {
	for _, part := range l.parts {
		slices.SortStableFunc(part.breaking, func(a, b *audit.Result) int {
			return cmp.Or(view.Overdue(b)-view.Overdue(a), int(b.New)-int(a.New))
		})
		slices.SortStableFunc(part.expiring, func(a, b *audit.Token) int {
			return a.ExpiresAt.Compare(b.ExpiresAt)
		})
	}
}

// File is the name of the letter's file. It is made of the owner's id: a login may be anything.
func (l *Letter) File() string { return strconv.FormatInt(l.OwnerID, 10) + ".md" }

// Index is the name of the file that tells whose letters are which.
const Index = "owners.csv"

var indexColumns = []string{"owner", "owner_id", "file", "tokens"}

// WriteIndex writes a table for whoever sends the letters: a row for each, in
// CSV.
func WriteIndex(w io.Writer, letters []*Letter) error {
	index := safe.EndCSV(safe.AppendCSV(nil, indexColumns...))
	for _, l := range letters {
		index = safe.EndCSV(safe.AppendCSV(index,
			l.Login, strconv.FormatInt(l.OwnerID, 10), l.File(), strconv.Itoa(l.Tokens)))
	}
	_, err := w.Write(index)
	return err
}

// fileName is the form of [Letter.File].
var fileName = regexp.MustCompile(`^-?[1-9][0-9]*\.md$`)

// IsFile reports whether a file's name is one that a letter may have.
func IsFile(name string) bool { return fileName.MatchString(name) }

// ReadIndex returns the names of the files that an index of [WriteIndex] lists. It
// is an error if that wrote no such index.
func ReadIndex(r io.Reader) (files []string, err error) {
	reader := csv.NewReader(r)
	for first := true; ; first = false {
		row, err := reader.Read()
		switch {
		case err == io.EOF && !first:
			return files, nil
		case err != nil:
			return nil, err
		case len(row) != len(indexColumns) || first && !slices.Equal(row, indexColumns):
			return nil, errors.New("other columns")
		case first:
			continue
		case row[2] != row[1]+".md" || !IsFile(row[2]):
			return nil, fmt.Errorf("a row that names %q", row[2])
		}
		files = append(files, row[2])
	}
}
