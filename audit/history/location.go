// SPDX-License-Identifier: Apache-2.0

package history

import (
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5"
)

// Location says where a history is. Its text never holds a password.
type Location struct {
	name     string          // redacted
	path     string          // of the SQLite file; "" for PostgreSQL
	postgres *pgx.ConnConfig // nil for SQLite
}

const (
	forms = "name a file, sqlite:FILE, or postgres://USER@HOST/DATABASE"

	schemeSQLite   = "sqlite"
	schemePostgres = "postgres"
	hidden         = "xxxxx"
)

// scheme is what a URL begins with. A single letter is a drive.
var scheme = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9+.-]+):`)

// words are how else PostgreSQL's own tools name a database.
var words = regexp.MustCompile(`(?i)^\s*(host|hostaddr|port|user|password|dbname|service)\s*=`)

// Parse reads where a history is: the path of an SQLite file ("pataudit.db",
// "sqlite:pataudit.db", "sqlite:///var/lib/pataudit.db") or the URL of a PostgreSQL database. It
// looks at the form alone.
func Parse(url string) (*Location, error) {
	wrong := func(reason string) (*Location, error) {
		return nil, fmt.Errorf("history %s: %s: %s", Redacted(url), reason, forms)
	}
	if words.MatchString(url) { // of which one may be a password
		return nil, errors.New("history: words like host=… are no place: " + forms)
	}
	path := url
	if match := scheme.FindStringSubmatch(url); match != nil {
		path = url[len(match[0]):]
		switch strings.ToLower(match[1]) {
		case schemePostgres, "postgresql":
			if !strings.HasPrefix(path, "//") {
				return wrong("not a URL")
			}
			// What pgx says of a URL that it cannot read may quote the password.
			config, err := pgx.ParseConfig(schemePostgres + ":" + path)
			if err != nil {
				return wrong("not the URL of a PostgreSQL database")
			}
			return &Location{name: Redacted(url), postgres: config}, nil
		case schemeSQLite:
			if rest, authority := strings.CutPrefix(path, "//"); authority {
				if path = rest; !strings.HasPrefix(path, "/") {
					return wrong("sqlite:// wants an absolute path")
				}
			}
			if strings.Contains(path, "?") {
				return wrong("an SQLite history has no parameters")
			}
		default:
			return wrong("not a history that we know")
		}
	}
	if path == "" || strings.ContainsRune(path, 0) || strings.HasSuffix(path, "/") {
		return wrong("there is no such file")
	}
	return &Location{name: Redacted(url), path: filepath.Clean(path)}, nil
}

// File gives the path of the SQLite file; "" for PostgreSQL.
func (l *Location) File() string { return l.path }

// String gives the location as it was typed, without its password.
func (l *Location) String() string { return l.name }

// GoString gives the same.
func (l *Location) GoString() string { return l.name }

// secrets are the parameters of a URL that nobody may see.
var secrets = regexp.MustCompile(`(?i)([?&][^=&]*(?:pass|pw)[^=&]*=)[^&]*`)

// Redacted gives a history's URL as it may be shown: without its password, whatever else is wrong
// with it.
func Redacted(url string) string {
	begin := strings.Index(url, "://")
	if begin < 0 {
		if at := strings.LastIndex(url, "@"); at >= 0 && strings.Contains(url[:at], ":") {
			return url[:strings.Index(url, ":")+1] + hidden + url[at:]
		}
		return url
	}
	begin += len("://")
	head, rest := url[:begin], secrets.ReplaceAllString(url[begin:], "${1}"+hidden)
	if at := strings.LastIndex(rest, "@"); at >= 0 {
		user, _, found := strings.Cut(rest[:at], ":")
		if found {
			user += ":" + hidden
		}
		return head + user + rest[at:]
	}
	return head + portless.ReplaceAllString(rest, "${1}:"+hidden)
}

// portless finds what stands where a port should, and is none: the host may have been forgotten.
var portless = regexp.MustCompile(`^([^:/?\[]*):[^/?,]*[^/?,0-9][^/?,]*`)

// explain gives an error without the password of the location.
func (l *Location) explain(err error) error {
	if l.postgres == nil || l.postgres.Password == "" || err == nil ||
		!strings.Contains(err.Error(), l.postgres.Password) {
		return err
	}
	return errors.New(strings.ReplaceAll(err.Error(), l.postgres.Password, hidden))
}
