// SPDX-License-Identifier: Apache-2.0

package github

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/api"
)

// List is the bare JSON array of GitHub's list of grants, as `gh api --paginate` or curl saved it:
// one array, several one after another, or an array of arrays. What it cannot contain is unknown,
// and nothing shows that it is whole: its coverage is unverified.
type List struct {
	Login string    // of the organization
	Host  string    // "" is github.com
	Name  string    // of the file, for errors
	R     io.Reader // read once
}

// Collect reads the file. A malformed one is an error that names file, line and key.
func (l *List) Collect(ctx context.Context) (*audit.Evidence, error) {
	lines := &newlines{Reader: l.R}
	decoder := jsontext.NewDecoder(lines, api.Strict)
	grants, err := readArrays(ctx, decoder)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		line := 1 + lines.n - bytes.Count(decoder.UnreadBuffer(), []byte("\n"))
		return nil, fmt.Errorf("%s:%d: %s%w", l.Name, line, place(decoder, err), err)
	}
	tokens, twice, doubts := unique(grants, grantName)
	host := l.Host
	if host == "" {
		host = "github.com"
	}
	coverage := audit.Coverage{
		Source: audit.SourceTokens, Status: audit.Unverified, Items: len(tokens),
		Reason: audit.Reason{{Code: audit.ReasonBareList}},
	}
	if len(doubts) > 0 {
		coverage.Status = audit.Partial
		coverage.Reason = audit.Reason{contradictory(doubts)}
	}
	return &audit.Evidence{
		Organization: &audit.Organization{Login: l.Login, Host: host},
		Tokens:       tokens,
		Dropped:      twice,
		Coverage:     []audit.Coverage{coverage},
	}, nil
}

// readArrays reads arrays of grants until the end of the input.
func readArrays(ctx context.Context, decoder *jsontext.Decoder) ([]grant, error) {
	shared := newDecoder()
	var grants []grant
	var record wireGrant
	arrays := 0
	for {
		if len(grants)%1024 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		switch kind := decoder.PeekKind(); kind {
		case '[', ']':
			if kind == '[' && decoder.StackDepth() > 1 {
				return nil, errors.New("an array within an array of arrays is no list of grants")
			}
			if _, err := decoder.ReadToken(); err != nil {
				return nil, err
			}
			arrays++
		case '{':
			if decoder.StackDepth() == 0 {
				return nil, notAList(decoder)
			}
			if err := record.UnmarshalJSONFrom(decoder); err != nil {
				return nil, err
			}
			if err := record.isGrant(); err != nil {
				return nil, err
			}
			decoded, err := shared.grant(&record, time.Time{})
			if err != nil {
				return nil, err
			}
			grants = append(grants, decoded)
		default:
			_, err := decoder.ReadToken()
			if errors.Is(err, io.EOF) && arrays > 0 {
				return grants, nil
			}
			if errors.Is(err, io.EOF) {
				err = errors.New("the file is empty")
			}
			if err == nil {
				err = fmt.Errorf("%s is no grant", kindName(kind))
			}
			return nil, err
		}
	}
}

// notAList returns an error that says what an object in place of the list is: often GitHub's
// refusal, saved.
func notAList(decoder *jsontext.Decoder) error {
	var refused api.ErrorBody
	if json.UnmarshalDecode(decoder, &refused) == nil && refused.Message != "" {
		return fmt.Errorf("this is not a list of grants but GitHub's answer %q",
			api.Clip(refused.Message))
	}
	return errors.New("this is neither a snapshot nor a list of grants")
}

// place returns where in the JSON an error is, for its text; "" if it is inside nothing.
func place(decoder *jsontext.Decoder, err error) string {
	at := decoder.StackPointer()
	if malformed, ok := errors.AsType[*jsontext.SyntacticError](err); ok &&
		errors.Is(malformed.Err, jsontext.ErrDuplicateName) {
		at = malformed.JSONPointer // the decoder stands at the key before it
	}
	if at == "" {
		return ""
	}
	return fmt.Sprintf("%q: ", string(at))
}

// newlines counts the newlines that pass through it.
type newlines struct {
	io.Reader
	n int
}

func (l *newlines) Read(p []byte) (int, error) {
	n, err := l.Reader.Read(p)
	l.n += bytes.Count(p[:n], []byte("\n"))
	return n, err
}
