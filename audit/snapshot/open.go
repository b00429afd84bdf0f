// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/complytime/pataudit/audit"
)

// Open reads a snapshot back, with e.Digest as that of the bytes that it read. Name is the file's,
// for errors; they have line, column (in bytes) and key. A file that [Save] would not have written
// is an error, but for white space, and null where a row may leave a key out; so is one of a
// newer version.
func Open(r io.Reader, name string) (*audit.Evidence, error) {
	o := &opener{reader: newReader(r)}
	e, err := o.open()
	if err != nil {
		return nil, o.explain(name, err)
	}
	e.Digest = o.digest()
	return e, nil
}

// opener holds the tables while rows refer to them.
type opener struct {
	*reader
	members      map[int64]*audit.Member
	repositories map[int64]*audit.Repository
	permissions  [][]audit.Permission
	once         once
}

// section is a key of a snapshot, and what reads its value.
type section struct {
	key  string
	read func(*audit.Evidence) error
}

// sections lists them in their order.
func (o *opener) sections() []section {
	return []section{
		{key: keyVersion, read: o.version},
		{key: keyCollectedAt, read: o.collectedAt},
		{key: keyOrganization, read: o.organization},
		{key: keyCoverage, read: o.coverage},
		{key: keyMembers, read: o.readMembers},
		{key: keyRepositories, read: o.readRepositories},
		{key: keyPermissions, read: o.readPermissions},
		{key: keyOrganizationRepositories, read: o.organizationRepositories},
		{key: keyTokens, read: o.tokens},
		{key: keyRequests, read: o.requests},
		{key: keyDropped, read: o.dropped},
		{key: keyManifest, read: o.manifest},
		{key: keyClassic, read: o.classic},
	}
}

func (o *opener) open() (*audit.Evidence, error) {
	e := &audit.Evidence{}
	if err := o.readSections(e, ""); err != nil {
		return nil, err
	}
	if o.dec.PeekKind() == jsontext.KindString { // the one key that may be there or not
		if o.key(keyContacts) != nil {
			return nil, o.wrong(errors.New("no key comes after the last, but " + keyContacts))
		}
		if err := o.contacts(e); err != nil {
			return nil, err
		}
	}
	if err := o.delimiter(jsontext.KindEndObject, "no key comes after the last"); err != nil {
		return nil, err
	}
	if err := checkBalance(e); err != nil {
		return nil, o.wrong(err)
	}
	return e, o.atEnd()
}

// readSections reads the sections before a key; "": all of them.
func (o *opener) readSections(e *audit.Evidence, before string) error {
	if err := o.delimiter(jsontext.KindBeginObject, "a snapshot is an object"); err != nil {
		return err
	}
	for _, section := range o.sections() {
		if section.key == before {
			return nil
		}
		if err := o.key(section.key); err != nil {
			return err
		}
		if err := section.read(e); err != nil {
			return err
		}
	}
	return nil
}

// Tokens ranges over the tokens of a snapshot by id, and holds none of them. It reads no further:
// a snapshot whose digest is known was opened before. The last one may come with an error.
func Tokens(r io.Reader, name string) iter.Seq2[*audit.Token, error] {
	return func(yield func(*audit.Token, error) bool) {
		o := &opener{reader: newReader(r)}
		err := o.readSections(&audit.Evidence{}, keyTokens)
		if err == nil {
			err = o.key(keyTokens)
		}
		if err == nil {
			var last int64
			_, err = list(o.reader, func(row *tokenRow) (struct{}, error) {
				token, err := o.token(row, &last)
				if err == nil && !yield(token, nil) {
					err = errEnough
				}
				return struct{}{}, err
			})
		}
		if err != nil && !errors.Is(err, errEnough) {
			yield(nil, o.explain(name, err))
		}
	}
}

// errEnough ends the reading of tokens.
var errEnough = errors.New("no more is asked for")

func (o *opener) version(*audit.Evidence) error {
	var v int
	if err := o.value(&v); err != nil {
		return err
	}
	switch {
	case v > version:
		return o.wrong(newerError(v))
	case v != version:
		return o.wrong(fmt.Errorf("there is no version %d", v))
	}
	return nil
}

func (o *opener) collectedAt(e *audit.Evidence) error {
	var t time.Time
	if err := o.value(&t); err != nil {
		return err
	}
	e.CollectedAt = t.UTC()
	return inUTC("", t)
}

func (o *opener) organization(e *audit.Evidence) error {
	var row *organizationRow
	if err := o.value(&row); err != nil {
		return err
	}
	if row == nil {
		return o.wrong(errors.New("there is none"))
	}
	known, err := parseFacts(row.Known)
	if err != nil {
		return o.wrong(err)
	}
	e.Organization = &audit.Organization{
		Login: row.Login, ID: row.ID, Host: row.Host, TwoFactorRequired: row.TwoFactorRequired,
		Known: known,
	}
	return nil
}

func (o *opener) coverage(e *audit.Evidence) (err error) {
	before := ""
	e.Coverage, err = list(o.reader, func(row *coverageRow) (audit.Coverage, error) {
		err := row.check(before)
		before = row.Source
		return audit.Coverage(*row), err
	})
	return err
}

func (o *opener) readMembers(*audit.Evidence) error {
	o.members = map[int64]*audit.Member{}
	var last int64
	_, err := list(o.reader, func(row *memberRow) (struct{}, error) {
		err := cmp.Or(follows(last, row.ID), row.check())
		m := audit.Member(*row)
		o.members[m.ID], last = &m, m.ID
		return struct{}{}, err
	})
	return err
}

func (o *opener) readRepositories(*audit.Evidence) error {
	o.repositories = map[int64]*audit.Repository{}
	var last int64
	_, err := list(o.reader, func(row *repositoryRow) (struct{}, error) {
		err := follows(last, row.ID)
		r := audit.Repository(*row)
		o.repositories[r.ID], last = &r, r.ID
		return struct{}{}, err
	})
	return err
}

func (o *opener) readPermissions(*audit.Evidence) (err error) {
	o.permissions, err = list(o.reader, func(row *permissionsRow) ([]audit.Permission, error) {
		set := make([]audit.Permission, len(*row))
		for i, p := range *row {
			set[i] = audit.Permission{Group: p[0], Name: p[1], Level: p[2]}
		}
		return set, checkSet(set)
	})
	return err
}

func (o *opener) organizationRepositories(e *audit.Evidence) error {
	var ids []int64
	if err := o.value(&ids); err != nil {
		return err
	}
	repositories, err := o.repositoriesOf(ids)
	if err != nil {
		return o.wrong(err)
	}
	e.Organization.Repositories = repositories
	return nil
}

func (o *opener) tokens(e *audit.Evidence) (err error) {
	var last int64
	e.Tokens, err = list(o.reader, func(row *tokenRow) (*audit.Token, error) {
		return o.token(row, &last)
	})
	return err
}

func (o *opener) requests(e *audit.Evidence) (err error) {
	var last int64
	e.Requests, err = list(o.reader, func(row *requestRow) (*audit.Request, error) {
		token, err := o.token(&row.tokenRow, &last)
		return &audit.Request{Token: token, Reason: row.Reason, CreatedAt: row.CreatedAt.UTC()}, err
	})
	return err
}
