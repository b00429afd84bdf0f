// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// connectTimeout is how long a server may take to answer, unless the URL says otherwise.
const connectTimeout = 15 * time.Second

// lockTimeout is how long a lock that another session holds is waited for at each try: as long as
// SQLite waits.
const lockTimeout = "1s"

func postgresEngine() *engine {
	return &engine{
		name: "postgres",
		hasSchema: `SELECT count(*) FROM pg_catalog.pg_class
			WHERE oid = to_regclass('pataudit_schema')`,
		shared:     `SELECT pg_advisory_xact_lock_shared(hashtext('pataudit'), 1)`,
		alone:      `SELECT pg_advisory_xact_lock(hashtext('pataudit'), 1)`,
		parameters: 3000, // one row at a time takes ten times as long
		again: func(err error) bool {
			var failed *pgconn.PgError
			return errors.As(err, &failed) && slices.Contains([]string{
				"40001", // serialization_failure
				"40P01", // deadlock_detected
				"55P03", // lock_not_available
			}, failed.Code)
		},
		unfinished: func(err error) error {
			if answered := new(pgconn.PgError); errors.As(err, &answered) {
				return err
			}
			return fmt.Errorf("%w: %w", ErrUnfinished, err)
		},
		reading: sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead},
	}
}

// openPostgres connects to a server. It refuses a database that cannot hold every character.
func openPostgres(ctx context.Context, config *pgx.ConnConfig) (*sql.DB, error) {
	config = config.Copy()
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectTimeout
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "pataudit"
	}
	if config.RuntimeParams["lock_timeout"] == "" {
		config.RuntimeParams["lock_timeout"] = lockTimeout
	}
	db := stdlib.OpenDB(*config)
	var encoding string
	err := db.QueryRowContext(ctx, `SHOW server_encoding`).Scan(&encoding)
	if err == nil && encoding != "UTF8" {
		err = fmt.Errorf("its encoding is %s: names need UTF8", encoding)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}
