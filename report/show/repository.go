// SPDX-License-Identifier: Apache-2.0

package show

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/screen"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// Repository writes which tokens can write to a repository, the worst right first, and which
// can read it; the name is "owner/name" or the name alone, in any case. A token whose repositories
// are not known is listed as one that may. It reports whether there is such a repository, as far
// as is known; nothing is written otherwise.
func Repository(w io.Writer, run *audit.Run, name string, v view.View) (found bool, err error) {
	a := &access{filter: view.Filter{Repositories: []string{name}}}
	full, certain := repositoryOf(run, name)
	for r := range run.Results() {
		a.add(r.Token)
		for _, held := range r.Token.Repositories {
			if r.Token.Known.Has(audit.FactRepositories) && sameRepository(held.Name, name) {
				full, found = held.Name, true
			}
		}
	}
	if full == "" && certain {
		return false, nil
	}
	p := screen.NewPage(w, &v)
	p.Line(p.Heading(safe.Terminal(cmp.Or(full, name)),
		"repository of "+safe.Terminal(run.Organization.Login)))
	p.Blank()
	if !certain && !found {
		p.Say(screen.Yellow, "NOT KNOWN", "whether it exists: the organization's repositories were not "+
			"listed", "")
	}
	writeAccess(p, run, a)
	return true, p.Flush()
}

// repositoryOf finds a repository among the organization's. It is certain that there is none only
// if they are known.
func repositoryOf(run *audit.Run, name string) (full string, certain bool) {
	org := run.Organization
	if !org.Known.Has(audit.FactOrganizationRepositories) {
		return "", false
	}
	for _, r := range org.Repositories {
		if sameRepository(r.Name, name) {
			return r.Name, true
		}
	}
	return "", true
}

func sameRepository(full, name string) bool {
	_, short, _ := strings.Cut(full, "/")
	return strings.EqualFold(full, name) || strings.EqualFold(short, name)
}

// access sorts tokens by what they can do to one repository.
type access struct {
	filter                   view.Filter
	writers, readers, others []*audit.Token // others: their repositories or rights are not known
	expired                  int
}

func (a *access) add(t *audit.Token) {
	switch {
	case !a.filter.Repository(t):
	case t.Expired:
		a.expired++
	case !t.Known.Has(audit.FactSelection | audit.FactPermissions),
		t.Selection == audit.SelectSubset && !t.Known.Has(audit.FactRepositories):
		a.others = append(a.others, t)
	case t.Writes(audit.GroupRepository):
		a.writers = append(a.writers, t)
	case slices.ContainsFunc(t.Permissions, func(p audit.Permission) bool {
		return p.Group == audit.GroupRepository
	}):
		a.readers = append(a.readers, t)
	}
}

// writing returns a token's write access to repositories, the worst first.
func writing(t *audit.Token) (rights []audit.Permission) {
	for _, p := range t.Permissions {
		if p.Group == audit.GroupRepository && p.Writes() {
			rights = append(rights, p)
		}
	}
	slices.SortStableFunc(rights, func(a, b audit.Permission) int {
		return cmp.Or(compareAccess(a, b), cmp.Compare(a.Name, b.Name))
	})
	return rights
}

// compareAccess puts the graver permission first, and of two alike the stronger level.
func compareAccess(a, b audit.Permission) int {
	return cmp.Or(cmp.Compare(words.Gravity(a.Name), words.Gravity(b.Name)),
		cmp.Compare(words.Strength(a.Level), words.Strength(b.Level)))
}

func writeAccess(p *screen.Page, run *audit.Run, a *access) {
	slices.SortStableFunc(a.writers, func(x, y *audit.Token) int {
		first, second := writing(x), writing(y)
		return cmp.Or(compareAccess(first[0], second[0]), cmp.Compare(len(second), len(first)))
	})
	writeHolders(p, run, screen.Red, "WRITE", "no token can write to it", a.writers)
	p.Blank()
	const none = "no further token can read more than is public"
	writeHolders(p, run, screen.None, "READ", none, a.readers)
	if len(a.others) > 0 {
		p.Blank()
		writeHolders(p, run, screen.Yellow, "MAY", "", a.others)
		p.Say(screen.Yellow, "", "of these the repositories or the permissions are not known", "")
	}
	if a.expired > 0 {
		p.Blank()
		text := safe.Plural(a.expired, "grant") + " that would reach it if renewed"
		p.Say(screen.None, "EXPIRED", text, "")
	}
}

// writeHolders lists tokens with their rights.
func writeHolders(p *screen.Page, run *audit.Run, sgr, label, none string, tokens []*audit.Token) {
	if len(tokens) == 0 {
		p.Say(screen.None, label, none, "")
		return
	}
	for _, t := range tokens {
		var rights []string
		for _, r := range writing(t) {
			rights = append(rights, r.Name+":"+r.Level)
		}
		var reads []string
		for _, r := range t.Permissions {
			if r.Group == audit.GroupRepository && !r.Writes() {
				reads = append(reads, r.Name)
			}
		}
		if len(reads) > 0 {
			rights = append(rights, "reads "+strings.Join(reads, ", "))
		}
		text := strings.Join(rights, ", ")
		if !t.Known.Has(audit.FactPermissions) {
			text = "permissions not known"
		}
		p.Say(sgr, label, fmt.Sprintf("%s (%s%s): %s; reaches %s, %s", words.ShortName(t),
			words.OwnerLogin(t), words.RoleText(t), safe.Terminal(text), words.Reach(run, t),
			words.LastUse(t, run.AsOf)), "")
		label = ""
	}
}
