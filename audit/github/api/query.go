// SPDX-License-Identifier: Apache-2.0

package api

import (
	"context"
	"strconv"
	"strings"

	"github.com/complytime/pataudit/audit"
)

// Query sends one GraphQL query. Errors fail it, even if GitHub sends data along; only those
// about the field named optional leave that field null.
func (s *Session) Query(
	ctx context.Context, query any, variables map[string]any, optional string,
) (*audit.Exchange, error) {
	var errs []graphQLError
	ctx, exchange := AccountOf(ctx).enter(ctx, "POST /graphql")
	err := s.graph.Query(context.WithValue(ctx, graphQLErrorsKey{}, &errs), query, variables)
	if len(errs) == 0 {
		return exchange, plain(err)
	}
	for _, e := range errs {
		if len(e.Path) == 0 || optional == "" || e.Path[len(e.Path)-1] != optional {
			return exchange, e.asError()
		}
	}
	if err != nil && err.Error() != errs[0].Message { // which is how the client words them
		return exchange, plain(err)
	}
	return exchange, nil
}

// graphQLErrorsKey is where the transport leaves the errors of a GraphQL answer, whose types and
// paths the client library drops.
type graphQLErrorsKey struct{}

func (e graphQLError) asError() *Error {
	kind := Malformed
	switch e.Type {
	case "FORBIDDEN", "INSUFFICIENT_SCOPES":
		kind = Permission
	case "NOT_FOUND":
		kind = NotFound
	}
	words := strings.TrimSpace(e.Type + " " + e.Message)
	return &Error{
		Kind: kind, Message: "GraphQL: " + strconv.Quote(Clip(words)),
		Lost: e.Type == "INVALID_CURSOR_ARGUMENTS",
	}
}

// graphQLError is one entry of a GraphQL answer's errors.
type graphQLError struct {
	Type    string `json:"type"`
	Code    any    `json:"code"` // a string, where there is one
	Message string `json:"message"`
	Path    []any  `json:"path"`
}
