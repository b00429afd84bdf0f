// SPDX-License-Identifier: Apache-2.0

package github

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/complytime/pataudit/audit/github/api"
)

// Installation is an account in which the App is installed.
type Installation struct {
	ID           int64
	Login        string    // of the account; what else there is of an enterprise, which has none
	Organization bool      // the others own no tokens that could be listed
	SuspendedAt  time.Time // zero: it is not suspended
}

// IsApp reports whether the client can sign as the App itself, and not only use one token of it.
func (c *Client) IsApp() bool { return c.api.App() != nil }

// Installations returns every installation of the App, sorted by login, whatever its case. A list
// that is not known to be whole is an error: an organization that is missing would not be missed.
func (c *Client) Installations(ctx context.Context) ([]Installation, error) {
	if c.api.App() == nil {
		return nil, errors.New("listing the App's installations: an installation token cannot; " +
			"use the App's id and key")
	}
	r := &reader[Installation]{
		list:   &list{session: c.api.App(), tail: "app/installations"},
		decode: decodeInstallations,
		key:    func(i Installation) int64 { return i.ID },
		same: func(a, b Installation) bool {
			return a.ID == b.ID && a.Login == b.Login && a.Organization == b.Organization &&
				a.SuspendedAt.Equal(b.SuspendedAt)
		},
	}
	accepted, _, err := r.verified(ctx)
	if err != nil {
		return nil, fmt.Errorf("listing the App's installations: %w", appRemedy(err))
	}
	found := accepted.items()
	slices.SortFunc(found, func(a, b Installation) int {
		return cmp.Or(
			cmp.Compare(strings.ToLower(a.Login), strings.ToLower(b.Login)),
			cmp.Compare(a.ID, b.ID),
		)
	})
	named := map[string]bool{}
	for _, i := range found {
		login := strings.ToLower(i.Login)
		if i.Organization && named[login] {
			return nil, fmt.Errorf("listing the App's installations: the list is contradictory: "+
				"installation %d in %s came twice", i.ID, api.Clip(i.Login))
		}
		named[login] = i.Organization || named[login]
	}
	return found, nil
}

// wireInstallation is what we read of GitHub's "installation". GitHub documents its target_type;
// examples in its documentation have another type of the account beside it.
type wireInstallation struct {
	ID          int64      `json:"id"`
	TargetType  string     `json:"target_type"`
	SuspendedAt *time.Time `json:"suspended_at"`
	Account     *struct {
		Login string `json:"login"`
		Slug  string `json:"slug"` // of an enterprise
		Type  string `json:"type"`
	} `json:"account"`
}

// decodeInstallations decodes a page. One record that cannot be read breaks it.
func decodeInstallations(body []byte, _ time.Time) ([]Installation, error) {
	records, err := recordsOf[*wireInstallation](body, "installations")
	if err != nil {
		return nil, err
	}
	decoded := make([]Installation, len(records))
	for i, record := range records {
		if decoded[i], err = record.decode(); err != nil {
			return nil, fmt.Errorf("record %d: %w", i+1, err)
		}
	}
	return decoded, nil
}

// decode returns an installation. What either type calls an organization is one: it is audited
// rather than left out.
func (w *wireInstallation) decode() (Installation, error) {
	const organization = "Organization"
	if w == nil || w.ID <= 0 || w.Account == nil || w.TargetType == "" && w.Account.Type == "" {
		return Installation{}, errors.New("no installation, or not told of what")
	}
	i := Installation{
		ID: w.ID, Login: w.Account.Login,
		Organization: w.TargetType == organization || w.Account.Type == organization,
	}
	if w.SuspendedAt != nil {
		i.SuspendedAt = *w.SuspendedAt
	}
	if i.Organization && i.Login == "" {
		return Installation{}, errors.New("an organization without a name")
	}
	i.Login = cmp.Or(i.Login, w.Account.Slug, fmt.Sprintf("installation %d", w.ID))
	return i, nil
}
