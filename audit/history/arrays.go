// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"slices"
	"strings"
)

// mostRows is how many rows a statement with arrays writes: few statements, and little memory.
const mostRows = 10_000

// putArrays writes rows by statements of one array for each column. Each takes one round trip, so
// that a server far away costs as many as there are tens of thousands of rows.
func putArrays[R any](
	ctx context.Context, tx *sql.Tx, to *target, rows []R, values func(*R) []any,
) error {
	for some := range slices.Chunk(rows, mostRows) {
		columns := make([]array, len(to.columns))
		for i := range some {
			for k, value := range values(&some[i]) {
				if err := columns[k].add(value); err != nil {
					return fmt.Errorf("%s.%s: %w", to.table, to.columns[k], err)
				}
			}
		}
		types, args := make([]string, len(columns)), make([]any, len(columns))
		for k := range columns {
			name, values := columns[k].typed()
			types[k], args[k] = fmt.Sprintf("$%d::%s[]", k+1, name), values
		}
		if _, err := tx.ExecContext(ctx, fmt.Sprintf("INSERT INTO %s (%s) SELECT * FROM unnest(%s) %s",
			to.table, strings.Join(to.columns, ", "), strings.Join(types, ", "), to.conflict),
			args...); err != nil {
			return err
		}
	}
	return nil
}

// array are the values of a column, all of one type.
type array struct {
	numbers []int64
	truths  []bool
	texts   []string
}

func (a *array) add(value any) error {
	plain, err := driver.DefaultParameterConverter.ConvertValue(value)
	if err != nil {
		return err
	}
	switch v := plain.(type) {
	case int64:
		a.numbers = append(a.numbers, v)
	case bool:
		a.truths = append(a.truths, v)
	case string:
		a.texts = append(a.texts, v)
	default:
		return fmt.Errorf("no array holds %T", plain)
	}
	return nil
}

// typed returns the type of the values, by PostgreSQL's name, and the values.
func (a *array) typed() (name string, values any) {
	switch {
	case a.numbers != nil:
		return "bigint", a.numbers
	case a.truths != nil:
		return "boolean", a.truths
	}
	return "text", a.texts
}
