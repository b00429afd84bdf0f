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
// is asked from its other end, which begins with the events of the last page if there are no older
// ones.
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
	oldest, err := sortedRecords(answer.body)
	if err != nil || !l.has(answer.url) {
		return &Error{Kind: Malformed, Message: "the log's oldest events cannot be read"}
	}
	answer.exchange.Page, answer.exchange.Rows = page+1, len(oldest)
	last, err := sortedRecords(body)
	if err != nil || !slices.EqualFunc(oldest, last, equalRecords) {
		return &Error{Kind: Malformed, Message: fmt.Sprintf("page %d of the log is full and leads "+
			"to no other, but the log has older events", page)}
	}
	return nil
}

// sortedRecords gives the records of a page in an order that does not depend on the question's.
func sortedRecords(body []byte) ([]jsontext.Value, error) {
	var records []jsontext.Value
	err := json.Unmarshal(body, &records, strict)
	slices.SortFunc(records, func(a, b jsontext.Value) int { return bytes.Compare(a, b) })
	return records, err
}

func equalRecords(a, b jsontext.Value) bool { return bytes.Equal(a, b) }
