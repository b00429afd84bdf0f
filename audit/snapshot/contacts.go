// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"errors"
	"fmt"
	"strings"

	"github.com/complytime/pataudit/audit"
)

// Contacts stand apart, too: what the organization is to people who were asked for by login.

type contactRow struct {
	Login string     `json:"login"`
	ID    int64      `json:"id,omitzero"`
	Role  audit.Role `json:"role,omitzero"`
}

// checkContact refuses one that does not come after the one before it, by login in lower case.
func checkContact(before string, m *audit.Member) error {
	switch {
	case m.Login == "":
		return errors.New("login: there is none")
	case m.Login != strings.ToLower(m.Login) || m.Login <= before:
		return fmt.Errorf("login: %.40q; rows are in the order of logins, in lower case, each once",
			m.Login)
	case m.ID < 0:
		return fmt.Errorf("id: %d is no id", m.ID)
	case m.TwoFactor != nil:
		return errors.New("two_factor: it is not asked of contacts")
	}
	return (&memberRow{Role: m.Role}).check()
}

func saveContacts(s *writer, e *audit.Evidence) {
	if e.Contacts == nil {
		return
	}
	before := ""
	rows(s, keyContacts, e.Contacts, func(m *audit.Member) (any, error) {
		err := checkContact(before, m)
		before = m.Login
		return contactRow{m.Login, m.ID, m.Role}, err
	})
}

func (o *opener) contacts(e *audit.Evidence) (err error) {
	before := ""
	e.Contacts, err = list(o.reader, func(row *contactRow) (*audit.Member, error) {
		m := &audit.Member{ID: row.ID, Login: row.Login, Role: row.Role}
		err := checkContact(before, m)
		before = m.Login
		return m, err
	})
	if err == nil && e.Contacts == nil {
		err = o.wrong(errors.New("it is a list, or it is not there"))
	}
	return err
}
