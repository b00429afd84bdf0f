// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"slices"
	"strconv"
	"strings"
)

// oneRepository stands before a repository's id in a basis, and in what has to go.
const oneRepository = "repository "

// OnRepository returns the element of a basis that says what is done to a repository, such as
// "writes to repository 1234": what was accepted lies in files that name no repository. Of one
// without an id nothing can be accepted; it stands with its name.
func OnRepository(does string, r *Repository) string {
	if r.ID == 0 {
		return does + " " + r.Name
	}
	return does + " " + oneRepository + strconv.FormatInt(r.ID, 10)
}

// basisRepository returns the repository that an element of a basis names by its id.
func basisRepository(element string) (does string, id int64, named bool) {
	does, number, found := strings.Cut(element, " "+oneRepository)
	if !found {
		return "", 0, false
	}
	id, err := strconv.ParseInt(number, 10, 64)
	return does, id, err == nil && id > 0
}

// withNames returns elements of a basis as people read them: with the names of the repositories
// that the evidence has by these ids. What then is there twice is listed once.
func withNames(elements []string, t *Token, o *Organization) (named []string) {
	for _, element := range elements {
		if does, id, ok := basisRepository(element); ok {
			for _, repositories := range [][]*Repository{t.Repositories, o.Repositories} {
				i := slices.IndexFunc(repositories, func(r *Repository) bool { return r.ID == id })
				if i >= 0 {
					element = does + " " + repositories[i].Name
					break
				}
			}
		}
		if !slices.Contains(named, element) {
			named = append(named, element)
		}
	}
	return named
}
