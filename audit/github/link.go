// SPDX-License-Identifier: Apache-2.0

package github

import (
	"errors"
	"fmt"
	"iter"
	"net/url"
	"strconv"
	"strings"

	"github.com/complytime/pataudit/audit/github/api"
)

// links are the relations of a Link header that paging needs. A zero number means that the
// relation is not there.
type links struct {
	next, last int
	query      url.Values // of next
}

// parseLinks reads Link headers (RFC 8288). A next that cannot be followed is an error: it must
// never read as "no more pages". Only the query of a target is kept, and only if the target
// belongs to the same list as from: it is the configured origin that is asked, for a server may
// have another name, or a proxy in front, that its links name.
func parseLinks(headers []string, list *list, from *url.URL) (links, error) {
	var found links
	err := eachLink(headers, func(relation, target string) error {
		if relation != "next" && relation != "last" {
			return nil
		}
		page, query, err := pageOf(target, list, from)
		place := &found.last
		if relation == "next" {
			place, found.query = &found.next, query
		}
		if err == nil && *place != 0 && *place != page {
			return errTwoLinks
		}
		*place = page
		return err
	})
	if err != nil {
		return links{}, err
	}
	return found, nil
}

// errTwoLinks says that two links contradict each other: neither is believed.
var errTwoLinks = errors.New("there is another one that leads elsewhere")

// nextCursor reads the Link headers of a list that has cursors in place of page numbers. It
// returns the cursor after this page; "" at the end. Of the target nothing else is kept.
func nextCursor(headers []string, list *list, from *url.URL) (cursor string, err error) {
	err = eachLink(headers, func(relation, target string) error {
		if relation != "next" {
			return nil
		}
		query, err := queryOf(target, list, from)
		if err != nil {
			return err
		}
		after := query.Get("after")
		switch {
		case after == "" || len(query["after"]) != 1:
			return fmt.Errorf("%q has no cursor", api.Clip(target))
		case cursor != "" && cursor != after:
			return errTwoLinks
		}
		cursor = after
		return nil
	})
	return cursor, err
}

// eachLink calls visit with each relation of each link.
func eachLink(headers []string, visit func(relation, target string) error) error {
	for _, header := range headers {
		for rest := strings.TrimSpace(header); rest != ""; {
			target, relations, tail, err := cutLink(rest)
			if err != nil {
				return err
			}
			rest = tail
			for _, relation := range relations {
				if err := visit(relation, target); err != nil {
					return fmt.Errorf("link to the %s page: %w", relation, err)
				}
			}
		}
	}
	return nil
}

// cutLink returns the first link of a header's value, its target and its relations in lower case,
// and the rest. Commas and semicolons inside <> and quotes belong to what they stand in.
func cutLink(text string) (target string, relations []string, rest string, err error) {
	text = strings.TrimLeft(text, " \t,")
	if text == "" {
		return "", nil, "", nil
	}
	end := strings.IndexByte(text, '>')
	if text[0] != '<' || end < 0 {
		return "", nil, "", fmt.Errorf("link header %q cannot be read", api.Clip(text))
	}
	target, text = text[1:end], text[end+1:]
	quoted, stop := false, len(text)
	for i := range len(text) {
		if text[i] == '"' {
			quoted = !quoted
		} else if text[i] == ',' && !quoted {
			stop = i
			break
		}
	}
	if quoted {
		return "", nil, "", fmt.Errorf("link header %q cannot be read", api.Clip(text))
	}
	if relations, err = relationsOf(text[:stop]); err != nil {
		return "", nil, "", err
	}
	return target, relations, strings.TrimLeft(text[stop:], " \t,"), nil
}

// relationsOf reads a link's parameters. A link whose relation cannot be made out is an error: it
// might be the one that goes on. One that is merely unknown is not.
func relationsOf(params string) (relations []string, err error) {
	for param := range splitParams(params) {
		name, value, _ := strings.Cut(param, "=")
		name = strings.ToLower(strings.Trim(name, " \t"))
		if strings.ContainsFunc(name, notInToken) || name == "rel*" {
			return nil, fmt.Errorf("link header with the parameter %q cannot be read", api.Clip(name))
		}
		if name == "rel" {
			value = strings.Trim(strings.Trim(value, " \t"), `"`)
			relations = append(relations, strings.Fields(strings.ToLower(value))...)
		}
	}
	for _, relation := range relations {
		if !isRelation(relation) {
			return nil, fmt.Errorf("link header with the relation %q cannot be read", api.Clip(relation))
		}
	}
	if len(relations) == 0 {
		return nil, errors.New("link header without a relation cannot be read")
	}
	return relations, nil
}

// notInToken reports whether the name of a parameter cannot hold a character.
func notInToken(r rune) bool {
	return (r < 'a' || r > 'z') && (r < '0' || r > '9') && !strings.ContainsRune("!#$%&'*+-.^_`|~", r)
}

// isRelation reports whether a text in lower case is of the form of a relation: a registered name,
// or a URL.
func isRelation(text string) bool {
	if u, err := url.Parse(text); err == nil && u.IsAbs() {
		return !strings.ContainsAny(text, `'"\`)
	}
	return text[0] >= 'a' && text[0] <= 'z' && !strings.ContainsFunc(text, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '.' && r != '-'
	})
}

// splitParams returns what stands between the semicolons outside of quotes, but for what is empty.
func splitParams(text string) iter.Seq[string] {
	quoted := false
	return strings.FieldsFuncSeq(text, func(r rune) bool {
		if r == '"' {
			quoted = !quoted
		}
		return r == ';' && !quoted
	})
}

// queryOf checks a link's target against the list that it must belong to, and returns its query.
func queryOf(target string, list *list, from *url.URL) (url.Values, error) {
	u, err := from.Parse(target)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%q is no URL", api.Clip(target))
	case u.User != nil:
		return nil, fmt.Errorf("%q carries a user name: not followed", api.Clip(target))
	case !list.has(u):
		return nil, fmt.Errorf("%q is another list: not followed", api.Clip(target))
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return nil, fmt.Errorf("%q has a query that cannot be read", api.Clip(target))
	}
	return query, nil
}

// pageOf returns the page that a link leads to.
func pageOf(target string, list *list, from *url.URL) (int, url.Values, error) {
	query, err := queryOf(target, list, from)
	if err != nil {
		return 0, nil, err
	}
	page, err := strconv.Atoi(query.Get("page"))
	if err != nil || page < 1 || len(query["page"]) != 1 {
		return 0, nil, fmt.Errorf("%q has no page number", api.Clip(target))
	}
	return page, query, nil
}
