// SPDX-License-Identifier: Apache-2.0

package history

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"slices"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Unavailable reports whether an error is the database's, which does not answer now and may later:
// it is locked, full or read-only, or the connection is lost. An error of what is kept is none.
func Unavailable(err error) bool {
	if errors.Is(err, ErrChanged) || errors.Is(err, ErrNotFound) {
		return false
	}
	if answered := new(pgconn.PgError); errors.As(err, &answered) {
		return slices.Contains([]string{
			"08", // connection exception
			"25", // among them: read-only transaction
			"40", // transaction rollback
			"53", // insufficient resources
			"55", // among them: lock not available
			"57", // operator intervention
			"58", // system error
		}, answered.Code[:min(2, len(answered.Code))])
	}
	if failed := new(sqlite.Error); errors.As(err, &failed) {
		return slices.Contains([]int{
			sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR,
			sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PROTOCOL,
		}, failed.Code()&0xff) // without what extends it
	}
	var connecting *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connecting) || errors.As(err, &network) ||
		slices.ContainsFunc([]error{
			driver.ErrBadConn, sql.ErrConnDone, io.EOF, io.ErrUnexpectedEOF, net.ErrClosed,
		}, func(lost error) bool { return errors.Is(err, lost) })
}
