// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
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

func postgresEngine(config *pgx.ConnConfig) *engine {
	return &engine{
		name:     "postgres",
		settings: settingsOf(config),
		hasSchema: `SELECT count(*) FROM pg_catalog.pg_class
			WHERE oid = to_regclass('pataudit_schema')`,
		triggers: `WITH ours AS (SELECT * FROM pg_catalog.pg_class
				WHERE relname LIKE 'pataudit%' AND pg_table_is_visible(oid))
			SELECT 'trigger', t.tgname::text, c.relname::text
			FROM pg_catalog.pg_trigger t JOIN ours c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal
			UNION ALL SELECT 'rule', r.rulename::text, c.relname::text
			FROM pg_catalog.pg_rewrite r JOIN ours c ON c.oid = r.ev_class WHERE c.relkind = 'r'
			UNION ALL SELECT 'row security', c.relname::text, c.relname::text
			FROM ours c WHERE c.relrowsecurity
			UNION ALL SELECT 'view or foreign table', c.relname::text, c.relname::text
			FROM ours c WHERE c.relkind NOT IN ('r', 'i', 'S', 't')
			UNION ALL SELECT 'generated column', a.attname::text, c.relname::text
			FROM pg_catalog.pg_attribute a JOIN ours c ON c.oid = a.attrelid WHERE a.attgenerated <> ''
			UNION ALL SELECT 'inheriting table', h.inhrelid::regclass::text, c.relname::text
			FROM pg_catalog.pg_inherits h JOIN ours c ON c.oid = h.inhparent
			UNION ALL SELECT 'foreign key', k.conname::text, c.relname::text
			FROM pg_catalog.pg_constraint k JOIN ours c ON c.oid = k.conrelid
			WHERE k.contype = 'f' AND (k.confupdtype <> 'a' OR
				k.confdeltype <> 'a' AND
				c.relname NOT IN ('pataudit_documents', 'pataudit_pieces'))
			ORDER BY 1, 2, 3`,
		shared: `SELECT pg_advisory_xact_lock_shared(hashtext('pataudit'), 1)`,
		alone:  `SELECT pg_advisory_xact_lock(hashtext('pataudit'), 1)`,
		again: func(err error) bool {
			var failed *pgconn.PgError
			return errors.As(err, &failed) && slices.Contains([]string{
				"40001", // serialization_failure
				"40P01", // deadlock_detected
				"55P03", // lock_not_available
			}, failed.Code)
		},
		unfinished: func(err error) error {
			// What is fatal is said by a pooler that lost its server, or by a server that ends.
			answered := new(pgconn.PgError)
			if errors.As(err, &answered) && answered.Severity != "FATAL" {
				return err
			}
			return fmt.Errorf("%w: %w", ErrUnfinished, err)
		},
		reading: sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead},
	}
}

// settingsOf returns the settings that a URL asks for, but for those of a session. Behind a pooler
// each transaction may have another session, of which it knows no setting.
func settingsOf(config *pgx.ConnConfig) map[string]string {
	settings := map[string]string{"lock_timeout": lockTimeout}
	for name, value := range config.RuntimeParams {
		if !isSessionParameter(name) {
			settings[name] = value
		}
	}
	return settings
}

// isSessionParameter reports whether a parameter of a URL is one of a session, with which it
// begins. That of the name is the only one that every pooler takes.
func isSessionParameter(name string) bool {
	return name == "application_name" || name == "client_encoding" || name == "options" ||
		strings.HasPrefix(name, "default_transaction_")
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
	maps.DeleteFunc(config.RuntimeParams, func(name, _ string) bool {
		return !isSessionParameter(name)
	})
	// No statement has a name, for a session may have another one of that name. It is sent at once
	// with its values, which takes one round trip.
	config.DefaultQueryExecMode = pgx.QueryExecModeExec
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
