// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/complytime/pataudit/audit"
)

// statesOf lists the changes of what a token of an organization can do, by the id of its grant,
// oldest first. The first one is what it could do when it was first seen.
func statesOf(
	ctx context.Context, q querier, o *audit.Organization, grant int64,
) (states []audit.State, err error) {
	err = each(ctx, q, func(rows *sql.Rows) error {
		var asOf int64
		var rights, reach sql.NullString
		state := audit.State{}
		if err := rows.Scan(&state.Run, &asOf, &rights, &reach); err != nil {
			return err
		}
		state.At = instant(asOf)
		for _, content := range []sql.NullString{rights, reach} {
			if content.Valid {
				said, err := readContent(content.String)
				if err != nil {
					return err
				}
				addContent(&state.Sight, &said)
			}
		}
		states = append(states, state)
		return nil
	}, `SELECT s.run, s.as_of, rights.text, reach.text
		FROM pataudit_states s JOIN pataudit_organizations o ON o.number = s.organization
		LEFT JOIN pataudit_contents rights
			ON rights.organization = s.organization AND rights.digest = s.rights
		LEFT JOIN pataudit_contents reach
			ON reach.organization = s.organization AND reach.digest = s.reach
		WHERE o.identity = $1 AND s.token = $2 ORDER BY s.as_of, s.run`, identity(o), grant)
	return states, err
}

// recallStates recalls what runs up to a number saw until then that each grant can do, oldest
// first, and which of them was the last to see something new; 0: none. Grants of which the same
// was seen share it.
func recallStates(
	ctx context.Context, q querier, identity text, before, upTo int64,
) (sights map[int64][]audit.Sight, last int64, err error) {
	contents, err := recallContents(ctx, q, identity)
	if err != nil {
		return nil, 0, err
	}
	type state struct {
		asOf          int64
		rights, reach text
	}
	sights = map[int64][]audit.Sight{}
	var token, run int64
	var now state
	known, once := texts{}, alike[state, []audit.Sight]{}
	into := []any{&token, &run, &now.asOf, known.column(&now.rights), known.column(&now.reach)}
	err = each(ctx, q, func(rows *sql.Rows) error {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		last = max(last, run)
		sight := audit.Sight{At: instant(now.asOf)}
		for _, digest := range []text{now.rights, now.reach} {
			switch said := contents[digest]; {
			case said != nil:
				addContent(&sight, said)
			case digest != "": // what is not known reads as accepted at first sight
				return fmt.Errorf("what run %d saw of token %d is gone: it was %w", run, token, ErrChanged)
			}
		}
		if before := sights[token]; before == nil {
			sights[token] = once.shared(now, []audit.Sight{sight})
		} else {
			sights[token] = append(slices.Clip(before), sight)
		}
		return nil
	}, `SELECT s.token, s.run, s.as_of, s.rights, s.reach
		FROM pataudit_states s JOIN pataudit_organizations o ON o.number = s.organization
		WHERE o.identity = $1 AND s.as_of < $2 AND s.run <= $3 ORDER BY s.as_of, s.run`,
		identity, before, upTo)
	return sights, last, err
}

// recallContents recalls what the digests in states stand for.
func recallContents(
	ctx context.Context, q querier, identity text,
) (map[text]*audit.Sight, error) {
	contents, repositories := map[text]*audit.Sight{}, alike[repositoryRow, *audit.Repository]{}
	err := each(ctx, q, func(rows *sql.Rows) error {
		var digest text
		var content string
		if err := rows.Scan(&digest, &content); err != nil {
			return err
		}
		said, err := readContent(content)
		if err != nil || !said.Known.Has(audit.FactRepositories) && digestOf(content) != string(digest) {
			return fmt.Errorf("what tokens could do was %w", ErrChanged)
		}
		for i, r := range said.Repositories {
			said.Repositories[i] = repositories.shared(repositoryRow{r.ID, r.Name}, r)
		}
		contents[digest] = &said
		return nil
	}, `SELECT c.digest, c.text
		FROM pataudit_contents c JOIN pataudit_organizations o ON o.number = c.organization
		WHERE o.identity = $1`, identity)
	return contents, err
}

// joined returns the sights of two grants of a token in their order.
func joined(a, b []audit.Sight) []audit.Sight {
	switch {
	case len(b) == 0:
		return a
	case len(a) == 0:
		return b
	}
	both := slices.Concat(a, b)
	slices.SortStableFunc(both, func(a, b audit.Sight) int { return a.At.Compare(b.At) })
	return both
}

// contentRow is what states speak of: selection and permissions, or selection and repositories.
type contentRow struct {
	Selection    string           `json:"selection,omitempty"` // "": not known
	Permissions  *[]string        `json:"permissions,omitempty"`
	Repositories *[]repositoryRow `json:"repositories,omitempty"` // of a subset
}

type repositoryRow struct {
	ID   int64  `json:"id,omitempty"`
	Name string `json:"name"`
}

// readContent returns what a content says.
func readContent(content string) (said audit.Sight, err error) {
	var row contentRow
	if err := json.Unmarshal([]byte(content), &row); err != nil {
		return said, err
	}
	if row.Selection != "" {
		said.Known, said.Selection = audit.FactSelection, audit.Selection(row.Selection)
	}
	if row.Permissions != nil {
		said.Known |= audit.FactPermissions
		for _, p := range *row.Permissions {
			said.Permissions = append(said.Permissions, audit.ParsePermission(p))
		}
	}
	if row.Repositories != nil {
		said.Known |= audit.FactRepositories
		for _, r := range *row.Repositories {
			said.Repositories = append(said.Repositories,
				&audit.Repository{ID: r.ID, Name: r.Name})
		}
	}
	return said, nil
}

// addContent adds what a content says of a token.
func addContent(sight, said *audit.Sight) {
	sight.Known |= said.Known
	if said.Known.Has(audit.FactSelection) {
		sight.Selection = said.Selection
	}
	if said.Known.Has(audit.FactPermissions) {
		sight.Permissions = said.Permissions
	}
	if said.Known.Has(audit.FactRepositories) {
		sight.Repositories = said.Repositories
	}
}
