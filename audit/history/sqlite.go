// SPDX-License-Identifier: Apache-2.0

package history

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// sqliteOptions make every connection wait for another writer instead of failing, write what is
// committed to the disk before it says so, and overwrite what is deleted. The file is made by us,
// never by SQLite, which would let others read it.
//
// It waits a second at a time: in between, who gave up can leave.
const sqliteOptions = "?mode=rw&_txlock=immediate&_busy_timeout=1000&_journal_mode=WAL" +
	"&_synchronous=FULL&_foreign_keys=1&_pragma=secure_delete(1)"

func sqliteEngine() *engine {
	return &engine{
		name: "sqlite",
		hasSchema: `SELECT count(*) FROM sqlite_master
			WHERE type = 'table' AND name = 'pataudit_schema'`,
		triggers: `SELECT CASE WHEN type = 'table' THEN 'virtual table' ELSE type END, name, tbl_name
			FROM sqlite_schema
			WHERE rootpage = 0 AND (name LIKE 'pataudit%' OR tbl_name LIKE 'pataudit%')
			UNION ALL SELECT 'generated column', c.name, t.name
			FROM sqlite_schema t, pragma_table_xinfo(t.name) c
			WHERE t.type = 'table' AND t.name LIKE 'pataudit%' AND c.hidden <> 0
			UNION ALL SELECT 'foreign key', f."from", t.name
			FROM sqlite_schema t, pragma_foreign_key_list(t.name) f
			WHERE t.type = 'table' AND t.name LIKE 'pataudit%' AND (f.on_update <> 'NO ACTION' OR
				f.on_delete <> 'NO ACTION' AND
				t.name NOT IN ('pataudit_documents', 'pataudit_pieces'))
			ORDER BY 1, 2, 3`,
		parameters: 26, // it looks up each by its name, among all: a hundred times slower with 3000
		wipe:       `PRAGMA wal_checkpoint(TRUNCATE)`,
		again: func(err error) bool {
			var failed *sqlite.Error
			if !errors.As(err, &failed) {
				return false
			}
			code := failed.Code() & 0xff // without what extends it
			return code == sqlite3.SQLITE_BUSY || code == sqlite3.SQLITE_LOCKED
		},
		unfinished: func(err error) error { return err },
		reading:    sql.TxOptions{ReadOnly: true},
	}
}

// openSQLite opens a file; it makes one if it may. One that cannot be written is opened to read.
func openSQLite(path string, create bool) (*sql.DB, *onlyRead, error) {
	if err := checkFile(path); create && errors.Is(err, fs.ErrNotExist) {
		if err := createFile(path); err != nil {
			return nil, nil, err
		}
	} else if err != nil {
		return nil, nil, err
	}
	if why := whyOnlyRead(path); why != nil {
		if create {
			return nil, nil, (&onlyRead{why: why}).refuse()
		}
		return openToRead(path, why)
	}
	db, err := connectSQLite(path, sqliteOptions)
	return db, nil, err
}

func connectSQLite(path, options string) (*sql.DB, error) {
	name := path
	if !filepath.IsAbs(name) {
		name = "./" + name // ":memory:" is a file, too
	}
	connector, err := sqlite.NewConnector(
		"file:" + (&url.URL{Path: name}).EscapedPath() + options)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(connector), nil
}

// checkFile refuses what is not a file of its owner's: a link leads to where others may want it.
func checkFile(path string) error {
	info, err := os.Lstat(path)
	switch {
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return errors.New("it is not a regular file")
	case info.Mode().Perm()&0o002 != 0:
		return fmt.Errorf("everybody may write it (mode %04o): chmod 600 %s", info.Mode().Perm(),
			path)
	}
	return nil
}

func createFile(path string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return checkFile(path) // another run was faster
	}
	if err != nil {
		return err
	}
	return file.Close()
}
