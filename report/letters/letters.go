// SPDX-License-Identifier: Apache-2.0

// Package letters writes a letter to each owner about their tokens, and an index of the letters.
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
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

// Letter is what one owner of tokens is to do about them, or who answers for owners that are bots.
// It names nobody else, and no repository but those of these tokens; it mentions nobody, and ranks
// nobody.
type Letter struct {
	OwnerID int64  // 0 of a contact
	Login   string // hostile text
	Tokens  int    // that it is about

	// Contact reports that it goes to who answers for bots, about their tokens. Orphaned reports that
	// it goes to a bot, for who answers for it has left the organization.
	Contact, Orphaned bool

	// Prefill adds links to GitHub's form for a new token with the settings filled in, where the
	// host has such links: see [Prefills].
	Prefill bool

	host  string
	parts []*part
	view  *view.View
}

// part is about one organization, and one bot in a letter to a contact.
type part struct {
	run      *audit.Run
	bot      *audit.Registration // nil in a letter to an owner
	partial  bool                // the run does not hold all tokens
	breaking []*audit.Result     // the worst first
	expiring []*audit.Token      // in use, the soonest first
}

// Of returns a letter for each owner of a token that breaks the policy, or that is in use and
// expires within 14 days, by the owners' ids; and how many such tokens have no known owner. That
// of a bot is for who answers for it, about all bots of that person. Letters are
// about what the document's view shows, and nothing else.
func Of(d *view.Document) (letters []*Letter, unowned int, err error) {
	if d.Pseudonymised {
		return nil, 0, errors.New("a pseudonymised report has no owners to write to")
	}
	byReader := map[reader]*Letter{}
	for _, run := range d.Runs {
		if !contactsKnown(run) {
			return nil, 0, fmt.Errorf("the report of %s does not show every bot whose contact has left: "+
				"make the letters from a report without --rule, --owner and the like",
				run.Organization.Login)
		}
		partial := view.Count(run).Partial(run)
		for r := range run.Results() {
			breaks, expires := worthy(run, &d.View, r)
			to, login := readerOf(r)
			switch {
			case !breaks && !expires:
				continue
			case to == reader{}:
				unowned++
				continue
			case byReader[to] == nil:
				byReader[to] = &Letter{
					OwnerID: to.owner, Login: login, Contact: to.contact != "",
					host: run.Organization.Host, view: &d.View,
				}
			}
			l := byReader[to]
			l.Orphaned = l.Orphaned || orphaned(r)
			if l.host != run.Organization.Host {
				return nil, 0, fmt.Errorf("owners of %s and of %s have the same ids: write to those of "+
					"each host by itself", l.host, run.Organization.Host)
			}
			part := l.part(run, r)
			part.partial = partial
			if l.Tokens++; breaks {
				part.breaking = append(part.breaking, r)
			} else {
				part.expiring = append(part.expiring, r.Token)
			}
		}
	}
	letters = slices.SortedFunc(maps.Values(byReader), func(a, b *Letter) int {
		return cmp.Or(cmp.Compare(a.OwnerID, b.OwnerID), cmp.Compare(a.File(), b.File()))
	})
	for _, l := range letters {
		l.sort()
	}
	return letters, unowned, nil
}

// reader is who gets a letter: an owner by the id, or a contact by the login in lower case.
type reader struct {
	owner   int64
	contact string
}

// contactForm is what a contact's login looks like that a file can be named by.
var contactForm = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,99}$`)

// readerOf returns who is to act on a token, and that one's login: the contact of a bot, unless
// that person has left the organization, whose matters are none of theirs then; else the owner. It
// is nobody if the owner is not known.
func readerOf(r *audit.Result) (to reader, login string) {
	o, e := r.Token.Owner, r.Registration
	if o == nil {
		return to, ""
	}
	if e != nil && e.Kind == audit.Bot && !orphaned(r) {
		if contact := strings.ToLower(e.Contact); contactForm.MatchString(contact) {
			return reader{contact: contact}, e.Contact
		}
	}
	return reader{owner: o.ID}, o.Login
}

// orphaned reports whether a bot's contact has left the organization.
func orphaned(r *audit.Result) bool {
	return slices.ContainsFunc(r.Findings, func(f *audit.Finding) bool {
		return f.Rule.Rule.OfRegistered && (f.Status == audit.Fail || f.Status == audit.Waived)
	})
}

// contactsKnown reports whether the run's results show each bot that is orphaned. Those of a
// report that was written with a filter need not: its letters would go to who has left.
func contactsKnown(run *audit.Run) bool {
	hidden := 0
	for i := range run.Rules {
		if rule := &run.Rules[i]; rule.Rule.OfRegistered {
			hidden += rule.Counts[audit.Fail] + rule.Counts[audit.Waived]
		}
	}
	if hidden == 0 {
		return true
	}
	for r := range run.Results() {
		if orphaned(r) {
			hidden--
		}
	}
	return hidden <= 0
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

// part returns the part about a run's organization, and of a contact's letter about a bot.
func (l *Letter) part(run *audit.Run, r *audit.Result) *part {
	part := &part{run: run}
	if l.Contact {
		part.bot = r.Registration
	}
	for _, other := range l.parts {
		if other.run == run && (!l.Contact || strings.EqualFold(other.bot.Login, part.bot.Login)) {
			return other
		}
	}
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

// contactPrefix begins the names of letters to contacts.
const contactPrefix = "contact-"

// File is the name of the letter's file. It is made of the owner's id: a login may be anything. A
// contact has a login of a form that does no harm.
func (l *Letter) File() string {
	if l.Contact {
		return contactPrefix + strings.ToLower(l.Login) + ".md"
	}
	return strconv.FormatInt(l.OwnerID, 10) + ".md"
}

// Index is the name of the file that lists whose letters are which.
const Index = "owners.csv"

var indexColumns = []string{"owner", "owner_id", "file", "tokens"}

// WriteIndex writes a table for whoever sends the letters: a row for each, in CSV. A
// contact has no id there.
func WriteIndex(w io.Writer, letters []*Letter) error {
	index := safe.EndCSV(safe.AppendCSV(nil, indexColumns...))
	for _, l := range letters {
		id := ""
		if !l.Contact {
			id = strconv.FormatInt(l.OwnerID, 10)
		}
		index = safe.EndCSV(safe.AppendCSV(index, l.Login, id, l.File(), strconv.Itoa(l.Tokens)))
	}
	_, err := w.Write(index)
	return err
}

// fileName is the form of [Letter.File].
var fileName = regexp.MustCompile(`^(-?[1-9][0-9]*|` + contactPrefix +
	`[a-z0-9][a-z0-9_-]{0,99})\.md$`)

// IsFile reports whether a file's name is one that a letter may have.
func IsFile(name string) bool { return fileName.MatchString(name) }

// ReadIndex returns the names of the files that an index of [WriteIndex] lists. It is an
// error if that wrote no such index.
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
		case !IsFile(row[2]), row[1] != "" && row[2] != row[1]+".md",
			row[1] == "" && !strings.HasPrefix(row[2], contactPrefix):
			return nil, fmt.Errorf("a row that names %q", row[2])
		}
		files = append(files, row[2])
	}
}
