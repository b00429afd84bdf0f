// SPDX-License-Identifier: Apache-2.0

package githubtest

import (
	"bytes"
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

const (
	defaultPerPage = 30
	maxPerPage     = 100
)

// page is one page of a list.
type page struct {
	number, last int // from 1; last is at least 1
	from, to     int // the items, half open
}

// page finds the page that the query asks for.
func (c *call) page(total int) page {
	query := c.request.URL.Query()
	size := positive(query.Get("per_page"), defaultPerPage)
	size = cmp.Or(c.world.PerPage, min(size, maxPerPage))
	p := page{number: positive(query.Get("page"), 1), last: max(1, (total+size-1)/size)}
	p.from = min(total, (min(p.number, p.last+1)-1)*size)
	p.to = min(total, p.from+size)
	return p
}

// positive reads a number above zero. Like GitHub, it takes anything else for the default.
func positive(text string, otherwise int) int {
	if n, err := strconv.Atoi(text); err == nil && n > 0 {
		return n
	}
	return otherwise
}

// link sets the Link header: only the relations that apply, and none at all for a single page.
func (c *call) link(path string, p page) {
	if p.last == 1 && p.number == 1 {
		return
	}
	var links []string
	add := func(rel string, number int) {
		query := c.request.URL.Query()
		query.Set("page", strconv.Itoa(number))
		links = append(links,
			fmt.Sprintf(`<%s%s?%s>; rel="%s"`, c.base, path, query.Encode(), rel))
	}
	if p.number > 1 {
		add("prev", min(p.number-1, p.last))
	}
	if p.number < p.last {
		add("next", p.number+1)
		add("last", p.last)
	}
	if p.number > 1 {
		add("first", 1)
	}
	c.header.Set("Link", strings.Join(links, ", "))
}

// list answers with one page of an array. Its items come as JSON already.
func (c *call) list(path string, total int, item func(i int) []byte) answer {
	return answer{http.StatusOK, c.header, c.items(path, total, item)}
}

func (c *call) items(path string, total int, item func(i int) []byte) []byte {
	p := c.page(total)
	c.link(path, p)
	items := make([][]byte, 0, p.to-p.from)
	for i := p.from; i < p.to; i++ {
		items = append(items, item(i))
	}
	return slices.Concat([]byte{'['}, bytes.Join(items, []byte{','}), []byte{']'})
}
