// SPDX-License-Identifier: Apache-2.0

package githubtest

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

func (q *query) organizationNode(o *Organization) *node {
	return &node{"Organization", func(f field) any {
		switch f.name {
		case "membersWithRole":
			return q.membersWithRole(o, f)
		case "repositories":
			return q.repositories(o, f)
		case "login":
			return o.Login
		case "id":
			return nodeID("Organization", o.ID)
		case "databaseId":
			return o.ID
		case "name":
			return cmp.Or(o.Name, o.Login)
		case "url":
			return "https://github.com/" + o.Login
		}
		if o.TwoFactorRequired == nil { // requiresTwoFactorAuthentication
			return nil
		}
		return *o.TwoFactorRequired
	}}
}

// connection is a list that is asked for in pages. Its items are in order of their keys, and a
// cursor names a key, so that a page begins where the last one ended whatever came and went.
type connection[T any] struct {
	items []T
	key   func(T) string
	edge  func(item T, cursor string) *node
	node  func(T) *node
	name  string // of the type, without "Connection"
}

// membersWithRole returns the members. Who may not read them sees public memberships, without
// roles.
func (q *query) membersWithRole(o *Organization, f field) any {
	all := q.may(permissionMembers) && o.isCalled(q.token.Organization)
	var members []*Member
	for _, m := range o.Members {
		if all || !m.Private {
			members = append(members, m)
		}
	}
	slices.SortFunc(members, func(a, b *Member) int { return cmp.Compare(a.ID, b.ID) })
	return connection[*Member]{
		items: members,
		key:   func(m *Member) string { return fmt.Sprintf("%020d", m.ID) },
		node:  q.userNode,
		edge: func(m *Member, cursor string) *node {
			var role, second any
			if all {
				role = strings.ToUpper(m.Role)
			}
			if all && !o.TwoFactorHidden {
				second = !m.NoTwoFactor
			}
			return scalars("OrganizationMemberEdge", object{
				{"cursor", cursor},
				{"node", q.userNode(m)},
				{"role", role},
				{"hasTwoFactorEnabled", second},
			})
		},
		name: "OrganizationMember",
	}.page(f)
}

func (q *query) userNode(m *Member) *node {
	return scalars("User", object{
		{"login", m.Login},
		{"id", nodeID("User", m.ID)},
		{"databaseId", m.ID},
		{"name", nil},
		{"url", "https://github.com/" + m.Login},
	})
}

// repositories returns those that the token reaches, and all public ones.
func (q *query) repositories(o *Organization, f field) any {
	privacy, _ := f.args["privacy"].(string)
	visibility, _ := f.args["visibility"].(string)
	archived, choosesArchived := f.args["isArchived"].(bool)
	fork, choosesFork := f.args["isFork"].(bool)
	list := o.visible(func(r *Repository) bool {
		return (r.Visibility == "public" || q.token.reaches(o, r)) &&
			(privacy == "" || (privacy == "PUBLIC") == (r.Visibility == "public")) &&
			(visibility == "" || strings.EqualFold(visibility, r.Visibility)) &&
			(!choosesArchived || archived == r.Archived) && (!choosesFork || fork == r.Fork)
	})
	key := func(r *Repository) string { return fmt.Sprintf("%020d", r.ID) }
	order, _ := f.args["orderBy"].(map[string]any)
	if order["field"] == "NAME" {
		key = func(r *Repository) string { return strings.ToLower(r.Name) }
	}
	if order["direction"] == "DESC" {
		return &graphError{Message: "githubtest does not order in descending direction"}
	}
	slices.SortFunc(list, func(a, b *Repository) int { return cmp.Compare(key(a), key(b)) })
	render := func(r *Repository) *node { return q.repositoryNode(o, r) }
	return connection[*Repository]{
		items: list, key: key, node: render,
		edge: func(r *Repository, cursor string) *node {
			return scalars("RepositoryEdge", object{{"cursor", cursor}, {"node", render(r)}})
		},
		name: "Repository",
	}.page(f)
}

func (q *query) repositoryNode(o *Organization, r *Repository) *node {
	return scalars("Repository", object{
		{"id", nodeID("Repository", r.ID)},
		{"databaseId", r.ID},
		{"name", r.Name},
		{"nameWithOwner", o.Login + "/" + r.Name},
		{"visibility", strings.ToUpper(r.Visibility)},
		{"isPrivate", r.Visibility != "public"},
		{"isArchived", r.Archived},
		{"isFork", r.Fork},
		{"isDisabled", false},
		{"url", "https://github.com/" + o.Login + "/" + r.Name},
		{"owner", q.organizationNode(o)},
	})
}

// page returns the page that the arguments ask for, as a node or an error.
func (l connection[T]) page(f field) any {
	first, last := number(f.args["first"]), number(f.args["last"])
	if first == nil && last == nil {
		return &graphError{Type: "MISSING_PAGINATION_BOUNDARIES", Message: fmt.Sprintf("You must "+
			"provide a `first` or `last` value to properly paginate the `%s` connection.", f.name)}
	}
	for name, n := range map[string]*int{"first": first, "last": last} {
		switch {
		case n == nil:
		case *n > maxPerPage:
			return &graphError{Type: "EXCESSIVE_PAGINATION", Message: fmt.Sprintf("Requesting %d "+
				"records on the `%s` connection exceeds the `%s` limit of %d records.",
				*n, f.name, name, maxPerPage)}
		case *n < 1:
			return &graphError{Type: "INVALID_PAGINATION", Message: fmt.Sprintf(
				"`%s` on the `%s` connection cannot be less than one.", name, f.name)}
		}
	}
	from, to := 0, len(l.items)
	for name, bound := range map[string]*int{"after": &from, "before": &to} {
		text, given := f.args[name].(string)
		if !given {
			continue
		}
		key, ok := cursorKey(text)
		if !ok {
			return &graphError{Type: "INVALID_CURSOR_ARGUMENTS", Message: fmt.Sprintf(
				"`%s` does not appear to be a valid cursor.", text)}
		}
		i, found := slices.BinarySearchFunc(l.items, key, func(item T, key string) int {
			return cmp.Compare(l.key(item), key)
		})
		if *bound = i; found && name == "after" {
			*bound = i + 1
		}
	}
	to = max(from, to)
	if first != nil {
		to = min(to, from+*first)
	} else {
		from = max(from, to-*last)
	}
	return l.between(from, to)
}

// between is the node of a page.
func (l connection[T]) between(from, to int) *node {
	var start, end any
	var nodes, edges []*node
	for _, item := range l.items[from:to] {
		at := cursor(l.key(item))
		if start == nil {
			start = at
		}
		end = at
		nodes = append(nodes, l.node(item))
		edges = append(edges, l.edge(item, at))
	}
	info := scalars("PageInfo", object{
		{"hasNextPage", to < len(l.items)},
		{"hasPreviousPage", from > 0},
		{"startCursor", start},
		{"endCursor", end},
	})
	return scalars(l.name+"Connection", object{
		{"totalCount", len(l.items)}, {"pageInfo", info}, {"nodes", nodes}, {"edges", edges},
	})
}

const cursorPrefix = "cursor:v2:"

func cursor(key string) string {
	return base64.StdEncoding.EncodeToString([]byte(cursorPrefix + key))
}

func cursorKey(cursor string) (key string, ok bool) {
	text, err := base64.StdEncoding.DecodeString(cursor)
	if err != nil {
		return "", false
	}
	return strings.CutPrefix(string(text), cursorPrefix)
}

// number reads an Int: a literal's, or a variable's, which JSON made a float. nil: not given.
func number(v any) *int {
	switch v := v.(type) {
	case int:
		return &v
	case float64:
		n, err := strconv.Atoi(strconv.FormatFloat(v, 'f', -1, 64))
		if err == nil {
			return &n
		}
	}
	return nil
}
