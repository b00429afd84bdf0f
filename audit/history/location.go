// SPDX-License-Identifier: Apache-2.0

package history

import (
	"cmp"
	"errors"
	"fmt"
	neturl "net/url"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
)

// Location is where a history is. Its text never holds a password.
type Location struct {
	name     string          // redacted
	path     string          // of the SQLite file; "" for PostgreSQL
	postgres *pgx.ConnConfig // nil for SQLite
	typed    string          // the password as it stood in the URL; "" if it held none
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
	if odd := surroundings(url); odd != "" { // what is not understood may be a password
		return nil, fmt.Errorf("history: the address %s: %s", odd, forms)
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
			switch {
			case strays(path), err == nil && strings.Contains(config.Host, "@"):
				// A part of the password would be looked up as a host.
				return wrong("an @ in it stands after the host: in a password @ is written %40, " +
					"/ is %2F, ? is %3F and # is %23")
			case err != nil:
				return wrong("not the URL of a PostgreSQL database")
			}
			return &Location{name: Redacted(url), postgres: config, typed: passwordIn(path)}, nil
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
	if strings.Contains(path, "://") {
		return wrong("this is no file")
	}
	if path == "" || strings.ContainsRune(path, 0) || strings.HasSuffix(path, "/") {
		return wrong("there is no such file")
	}
	return &Location{name: Redacted(url), path: filepath.Clean(path)}, nil
}

// File returns the path of the SQLite file; "" for PostgreSQL.
func (l *Location) File() string { return l.path }

// late finds an @, or a #, after the host of what stands before the parameters.
var late = regexp.MustCompile(`^//[^/#]*[/#].*@`)

// plainName is what the parameters of PostgreSQL's URLs are called.
var plainName = regexp.MustCompile(`^[a-z_]{3,}$`)

// strays reports whether what follows a scheme has an @ elsewhere than before the host and in a
// parameter's value, or no number for a port: a part of the password would be taken for something
// that is looked up.
func strays(rest string) bool {
	place, query, _ := strings.Cut(rest, "?")
	for parameter := range strings.SplitSeq(query, "&") {
		name, _, _ := strings.Cut(parameter, "=")
		if strings.Contains(parameter, "@") && !plainName.MatchString(name) {
			return true
		}
	}
	authority, _, _ := strings.Cut(strings.TrimPrefix(place, "//"), "/")
	return late.MatchString(place) || !strings.Contains(authority, "@") &&
		(portless.MatchString(authority) || strings.HasSuffix(authority, ":"))
}

// assigned is the name of a variable that a line of a file of variables begins with.
var assigned = regexp.MustCompile(`^\s*(export\s+)?[A-Za-z_][A-Za-z0-9_]*\s*=`)

// surroundings returns what an address has around it that is no part of one; "" if nothing. It
// quotes nothing of it.
func surroundings(url string) string {
	bare := strings.TrimSpace(url)
	switch {
	case strings.HasPrefix(bare, "\ufeff"):
		return "begins with a byte order mark: remove it"
	case bare != "" && strings.ContainsRune("\"'`", rune(bare[0])):
		return "is in quotation marks: leave them out"
	case strings.Contains(url, "://") && assigned.MatchString(url):
		return "begins with the name of a variable and =: leave them out"
	case bare != url:
		return "begins or ends with a blank: remove it"
	case strings.Contains(url, "://") && !scheme.MatchString(url):
		return "does not begin with what it is"
	}
	return ""
}

// String returns the location as it was typed, without its password.
func (l *Location) String() string { return l.name }

// GoString returns the same.
func (l *Location) GoString() string { return l.name }

// secrets are the parameters of a URL that nobody may see.
var secrets = regexp.MustCompile(`(?i)([?&][^=&]*(?:pass|pw)[^=&]*=)[^&]*`)

// Redacted returns a history's URL as it may be shown: without its password, whatever else is
// wrong with it.
func Redacted(url string) string {
	begin := strings.Index(url, "://")
	if begin < 0 {
		if at := strings.LastIndex(url, "@"); at >= 0 && strings.Contains(url[:at], ":") {
			return url[:strings.Index(url, ":")+1] + hidden + url[at:]
		}
		return url
	}
	begin += len("://")
	head, rest := url[:begin], url[begin:]
	if scheme.FindString(head) != head[:len(head)-len("//")] {
		head = hidden + "://" // it is none: what stands before may be a password, too
	}
	at := strings.LastIndex(rest, "@")
	if at >= 0 && parameter.MatchString(rest[:at]) {
		return head + hidden // what follows the @ may be a password, and what comes before it, too
	}
	rest = secrets.ReplaceAllString(rest, "${1}"+hidden)
	if at >= 0 {
		user := rest[:at]
		if end := strings.IndexAny(user, ":/?#@"); end >= 0 {
			user = user[:end] + ":" + hidden
		}
		return head + user + rest[at:]
	}
	return head + portless.ReplaceAllString(rest, "${1}:"+hidden)
}

// parameter finds one of a URL.
var parameter = regexp.MustCompile(`[?&][^=]*=`)

// portless finds what stands where a port should, and is none: the host may have been forgotten.
var portless = regexp.MustCompile(`^([^:/?\[]*):[^/?,]*[^/?,0-9][^/?,]*`)

// passwordIn returns the password of what follows a scheme, as it stands there.
func passwordIn(rest string) string {
	user, _, _ := strings.Cut(rest, "?")
	at := max(strings.LastIndex(user, "@"), 0)
	_, password, _ := strings.Cut(user[:at], ":")
	return password
}

// explain returns an error without the password of the location, in whatever form it is quoted.
func (l *Location) explain(err error) error {
	if l.postgres == nil || l.postgres.Password == "" || err == nil {
		return err
	}
	password, told := l.postgres.Password, err.Error()
	said, quoted := told, strconv.Quote(password)
	for _, form := range []string{
		cmp.Or(l.typed, password), password, quoted[1 : len(quoted)-1], neturl.QueryEscape(password),
		neturl.PathEscape(password),
		strings.TrimPrefix(neturl.UserPassword("", password).String(), ":"),
	} {
		said = strings.ReplaceAll(said, form, hidden)
	}
	if said == told {
		return err
	}
	return errors.New(said)
}
