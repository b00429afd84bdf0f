// SPDX-License-Identifier: Apache-2.0

package github

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// confirmEnd reports, as an error, that the log may go on after a page that is full and leads to
// no other. Unlike the number of a page, the cursor to the next one cannot be made up. So the log
// is asked from its other end, which begins with the events of the last page, the oldest first, if
// there are no older ones.
func (c *collection) confirmEnd(
	ctx context.Context, l *list, query url.Values, page int, body []byte,
) error {
	query = maps.Clone(query)
	query.Set("order", "asc")
	query.Del("after")
	answer, err := c.session.get(ctx, l.path(), query)
	if err != nil {
		return err
	}
	oldest, err := records(answer.body)
	if err != nil || !l.has(answer.url) {
		return &Error{Kind: Malformed, Message: "the log's oldest events cannot be read"}
	}
	answer.exchange.Page, answer.exchange.Rows = page+1, len(oldest)
	last, err := records(body)
	oldest = oldest[:min(len(last), len(oldest))]
	if err != nil || !slices.EqualFunc(sorted(oldest), sorted(last), equalRecords) {
		return &Error{Kind: Malformed, Message: fmt.Sprintf("page %d of the log is full and leads "+
			"to no other, but the log has older events", page)}
	}
	return nil
}

// records gives the records of a page, as they came.
func records(body []byte) (all []jsontext.Value, err error) {
	err = json.Unmarshal(body, &all, strict)
	return all, err
}

// sorted sorts records in an order that does not depend on the question's: events of one instant
// may come in any.
func sorted(records []jsontext.Value) []jsontext.Value {
	slices.SortFunc(records, func(a, b jsontext.Value) int { return bytes.Compare(a, b) })
	return records
}

func equalRecords(a, b jsontext.Value) bool { return bytes.Equal(a, b) }
