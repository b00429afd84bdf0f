// SPDX-License-Identifier: Apache-2.0

package privacy

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
)

// Forgotten is who is taken out of documents that are kept. People are numbered; each number's
// stand-in is the same in every document.
type Forgotten struct {
	IDs    map[int64]int  // numbers, by the id of a person
	Logins map[string]int // likewise, by login in lower case
}

// firstStandIn is beyond the ids that GitHub gives, and exact in every reader of JSON.
const firstStandIn = 1 << 52

// mostStandIns bounds the numbers: who writes a larger one is nobody's stand-in.
const mostStandIns = 1 << 30

// StandIn returns the number that an id stands for; 0 if it is a person's own.
func StandIn(id int64) (number int) {
	if id <= firstStandIn {
		return 0
	}
	return int(id - firstStandIn)
}

// Is reports whether someone is to be forgotten.
func (f *Forgotten) Is(id int64, login string) bool { return f.Number(id, login) != 0 }

// Number returns the number of who has an id or a login; 0 if nobody is to be forgotten.
func (f *Forgotten) Number(id int64, login string) int {
	if n := f.IDs[id]; n != 0 || id != 0 && StandIn(id) != 0 {
		return n
	}
	return f.Logins[strings.ToLower(login)]
}

// StandInLogin returns the login that stands for a number. No login has a parenthesis.
func StandInLogin(number int) string { return fmt.Sprintf("(forgotten-%d)", number) }

// StandInNumber returns the number that a login stands for; 0 if it is nobody's stand-in.
func StandInNumber(login string) int {
	digits, _ := strings.CutPrefix(login, "(forgotten-")
	number, err := strconv.Atoi(strings.TrimSuffix(digits, ")"))
	if err != nil || number < 1 || number > mostStandIns || login != StandInLogin(number) {
		return 0
	}
	return number
}

// StandInID returns the id that stands for a number.
func StandInID(number int) int64 { return firstStandIn + int64(number) }

// Replace returns a text with stand-ins for logins, wherever one stands alone, in any case.
func (f *Forgotten) Replace(s string) string {
	for _, login := range f.logins() {
		s = replaceFolded(s, login, StandInLogin(f.Logins[login]), inLogin)
	}
	return s
}

// Batch returns the name of a batch without the people: also where a login is a part of it, as in
// "octocat-weekly".
func (f *Forgotten) Batch(name string) string {
	for _, login := range f.logins() {
		name = replaceFolded(name, login, StandInLogin(f.Logins[login]), safe.Alphanumeric)
	}
	return name
}

// logins lists them, the longest first: another one can be a part of it.
func (f *Forgotten) logins() []string {
	return slices.SortedFunc(maps.Keys(f.Logins), func(a, b string) int {
		return cmp.Or(len(b)-len(a), strings.Compare(a, b))
	})
}

// Coverage takes the people out of what GitHub said of its sources, in place.
func (f *Forgotten) Coverage(coverage []audit.Coverage) {
	for i := range coverage {
		coverage[i].Reason = coverage[i].Reason.Changed(f.Replace)
	}
}

// Gaps takes the people out of what gaps quote, in place.
func (f *Forgotten) Gaps(gaps audit.Gaps) {
	for i := range gaps {
		gaps[i].Quoted = f.Replace(gaps[i].Quoted)
	}
}

// Login returns the stand-in of a login, if it is one of theirs.
func (f *Forgotten) Login(login string) string {
	if number := f.Logins[strings.ToLower(login)]; number != 0 {
		return StandInLogin(number)
	}
	return login
}

// Mentions reports whether a login still stands in a text, as a word. The text is read line by
// line: no login goes over the end of one.
func (f *Forgotten) Mentions(text io.Reader) (bool, error) {
	lines := bufio.NewReader(text)
	for {
		line, err := lines.ReadString('\n')
		for login := range f.Logins {
			if replaceFolded(line, login, "", inLogin) != line {
				return true, nil
			}
		}
		switch {
		case errors.Is(err, io.EOF):
			return false, nil
		case err != nil:
			return false, err
		}
	}
}

// MayBeIn reports whether one of the people may be named in a text of JSON that we wrote, by login
// or by id. It is false only if nothing there is theirs, and quick: most texts are of others.
func (f *Forgotten) MayBeIn(text []byte) bool {
	if bytes.ContainsFunc(text, func(r rune) bool { return r == '\\' || r >= utf8.RuneSelf }) {
		return true // letters that are another one in lower case, or written as an escape
	}
	text = bytes.ToLower(text)
	for login := range f.Logins {
		other := func(r rune) bool { return r >= utf8.RuneSelf || !inLogin(byte(r)) }
		if login == "" || strings.ContainsFunc(login, other) || standsIn(text, []byte(login), inLogin) {
			return true
		}
	}
	for id := range f.IDs {
		digit := func(c byte) bool { return c >= '0' && c <= '9' }
		if standsIn(text, strconv.AppendInt(nil, id, 10), digit) {
			return true
		}
	}
	return false
}

// standsIn reports whether a word is in a text where no byte beside it goes on with it.
func standsIn(text, word []byte, goesOn func(byte) bool) bool {
	for at := 0; ; {
		i := bytes.Index(text[at:], word)
		if i < 0 {
			return false
		}
		i += at
		end := i + len(word)
		if at = i + 1; (i == 0 || !goesOn(text[i-1])) && (end == len(text) || !goesOn(text[end])) {
			return true
		}
	}
}

// inLogin reports whether a byte goes on with a login. A letter that no login has does not: nobody
// is to stay because of the apostrophe in "jane’s".
func inLogin(c byte) bool { return safe.Alphanumeric(c) || c == '-' || c == '_' }

// replaceFolded replaces a login, in lower case, wherever it stands in any case of its letters and
// no byte beside it goes on with it.
func replaceFolded(text, name, by string, goesOn func(byte) bool) string {
	lower := []byte(text)
	for i, c := range lower {
		if c >= 'A' && c <= 'Z' {
			lower[i] = c | 0x20
		}
	}
	var b strings.Builder
	written := 0
	for at := 0; name != ""; {
		i := bytes.Index(lower[at:], []byte(name))
		if i < 0 {
			break
		}
		i += at
		end := i + len(name)
		if at = i + 1; i > 0 && goesOn(text[i-1]) || end < len(text) && goesOn(text[end]) {
			continue
		}
		b.WriteString(text[written:i] + by)
		written, at = end, end
	}
	return b.String() + text[written:]
}

// Evidence takes the people out of evidence, in place: their logins and ids, and what they wrote.
// What their tokens can do, and the ids of these, stays.
func (f *Forgotten) Evidence(e *audit.Evidence) {
	for _, token := range e.Tokens {
		f.token(token)
	}
	for _, request := range e.Requests {
		if f.token(request.Token) && request.Reason != "" {
			request.Reason = request.Token.Owner.Login
		}
		request.Reason = f.Replace(request.Reason)
	}
	f.Coverage(e.Coverage)
	for i := range e.Manifest {
		e.Manifest[i].Route = f.Replace(e.Manifest[i].Route)
	}
	for _, c := range e.Classic {
		if number := f.Number(0, c.Login); number != 0 {
			c.Login, c.LastEight = StandInLogin(number), ""
			if c.Note != "" {
				c.Note = c.Login
			}
		}
	}
	slices.SortFunc(e.Classic, audit.CompareCredentials)
	for _, m := range e.Contacts {
		if number := f.Number(m.ID, m.Login); number != 0 {
			m.Login = StandInLogin(number)
			if m.ID != 0 {
				m.ID = StandInID(number)
			}
		}
	}
	slices.SortFunc(e.Contacts, func(a, b *audit.Member) int { return cmp.Compare(a.Login, b.Login) })
	e.Contacts = slices.CompactFunc(e.Contacts, func(a, b *audit.Member) bool {
		return a.Login == b.Login
	})
}

// token reports whether the token was one of theirs.
func (f *Forgotten) token(t *audit.Token) (theirs bool) {
	t.ApprovedBy = f.Login(t.ApprovedBy)
	if t.Owner == nil {
		return false
	}
	number := f.Number(t.Owner.ID, t.Owner.Login)
	if number == 0 { // or the owner is shared, and was changed with another token
		if number = StandIn(t.Owner.ID); number == 0 || !f.has(number) {
			return false
		}
	}
	t.Owner.ID, t.Owner.Login = StandInID(number), StandInLogin(number)
	if t.Name != "" {
		t.Name = t.Owner.Login
	}
	return true
}

// has reports whether a number is of somebody who is forgotten now, not earlier.
func (f *Forgotten) has(number int) bool {
	for _, n := range f.IDs {
		if n == number {
			return true
		}
	}
	for _, n := range f.Logins {
		if n == number {
			return true
		}
	}
	return false
}
