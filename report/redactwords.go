// SPDX-License-Identifier: Apache-2.0

package report

import (
	"regexp"
	"slices"
	"strings"

	"github.com/complytime/pataudit/audit"
)

// Texts that may name someone. Rules word their messages themselves, and a source words its own
// errors, so that nobody can tell for certain what a text holds: what is not known to be harmless
// is not told.

// wording gives texts about one token, whose own names they may hold.
type wording struct {
	redactor *redactor
	token    *audit.Token
	names    []string // that must not be told
}

// wordsOf is of a token; nil: of one that is not at hand.
func (r *redactor) wordsOf(t *audit.Token) *wording {
	if t == nil {
		t = &audit.Token{}
	}
	return &wording{redactor: r, token: t, names: namesOf(t)}
}

// namesOf lists the names of a token and its people.
func namesOf(t *audit.Token) []string {
	names := []string{t.Name, t.ApprovedBy}
	if t.Owner != nil {
		names = append(names, t.Owner.Login)
	}
	return slices.DeleteFunc(names, func(name string) bool { return name == "" })
}

// aboutOwner is an aside on what the owner is.
var aboutOwner = regexp.MustCompile(`(?i) ?\([^()]*\b(?:owner|member|collaborator)s?\b[^()]*\)`)

// ofPeople are words for what is left out.
var ofPeople = regexp.MustCompile(`(?i)\b(?:(?:its|the|another|organization) owner|a member|` +
	`outside collaborator|second factor)`)

// say gives a text about the token with stand-ins; otherwise, if it may hold something else.
func (w *wording) say(text, otherwise string) string {
	if text == "" {
		return "" // as most answers are
	}
	text = aboutOwner.ReplaceAllString(text, "")
	text, rest, good := w.replace(text)
	if !good || ofPeople.MatchString(text) || mentions(text, w.names) ||
		w.redactor.known.names.in(rest) {
		return otherwise
	}
	return withoutIDs(text)
}

// basis is say for what a finding rests on. An element that is not told has a stand-in of its own,
// so that what a waiver covers can still be compared.
func (w *wording) basis(elements []string) []string {
	told := make([]string, len(elements))
	for i, element := range elements {
		told[i] = w.say(element, w.redactor.text(aBasis, element))
	}
	slices.Sort(told)
	return told
}

// replace names repositories by their stand-ins; rest is the text without them. It is not good if
// a repository is left that nobody knows to be public, or what somebody else wrote is quoted.
func (w *wording) replace(text string) (told, rest string, good bool) {
	if strings.ContainsAny(text, "\"`\\") {
		return "", "", false
	}
	if !strings.Contains(text, "/") {
		return text, text, true
	}
	r := w.redactor
	repositories := w.token.Repositories
	if w.token.Selection == audit.SelectAll {
		repositories = r.run.Organization.Repositories
	}
	named := slices.DeleteFunc(slices.Clone(repositories), func(repository *audit.Repository) bool {
		return !strings.Contains(text, repository.Name)
	})
	slices.SortFunc(named, func(a, b *audit.Repository) int { return len(b.Name) - len(a.Name) })
	rest = text
	for _, repository := range named {
		text = replaceWord(text, repository.Name, r.repositoryOf(repository).Name)
		rest = replaceWord(rest, repository.Name, "")
	}
	return text, rest, !strings.Contains(rest, "/")
}

// known are the names in a document, none of which a text about all of it may hold.
type known struct {
	names  names
	ours   ourWords
	public map[string]bool // repositories, in lower case, with and without their owner
}

func knownOf(runs ...*audit.Run) *known {
	k := &known{ours: ourWords{}, public: map[string]bool{}}
	for _, run := range runs {
		for i := range run.Rules {
			k.ours.add(run.Rules[i].Rule.Doc)
		}
	}
	for _, run := range runs {
		for r := range both(run) {
			k.token(r.Token)
		}
		if run.Since != nil {
			for _, t := range run.Since.GoneTokens {
				k.token(t)
			}
		}
		k.repositories(run.Organization.Repositories)
		for _, c := range run.Classic {
			k.people(c.Login)
			k.called(c.Note)
		}
		for _, d := range run.Decisions {
			k.people(d.Decision.By)
		}
		if by := run.Policy.Ratified; by != nil {
			k.people(by.By)
		}
	}
	return k
}

func (k *known) token(t *audit.Token) {
	k.called(t.Name)
	k.people(t.ApprovedBy)
	if t.Owner != nil {
		k.people(t.Owner.Login)
	}
	k.repositories(t.Repositories)
}

func (k *known) people(login string) { k.names.add(login) }

// called adds what a token or a repository is called.
func (k *known) called(name string) {
	if !k.ours.has(name) {
		k.names.add(name)
	}
}

func (k *known) repositories(list []*audit.Repository) {
	for _, repository := range list {
		_, bare, _ := strings.Cut(repository.Name, "/")
		if isPublic(repository) {
			k.public[strings.ToLower(repository.Name)], k.public[strings.ToLower(bare)] = true, true
		} else {
			k.called(repository.Name)
			k.called(bare)
		}
	}
}

// anyID is a number that reads as an id: a long one, or one that names something.
var anyID = regexp.MustCompile(
	`(?i)(\b(?:token|grant|request|authorization|owner|id) |[/#])[0-9]+|\b[0-9]{5,}\b`)

func withoutIDs(text string) string { return anyID.ReplaceAllString(text, "${1}…") }

// clean gives a text about the whole run; as much of it as tells where it is from, if it may name
// someone.
func (k *known) clean(text string) string {
	told := othersWords.ReplaceAllString(Impersonal(text), `$1$2 "…"`)
	if !k.names.in(told) && !strings.ContainsAny(strings.ReplaceAll(told, `"…"`, ""), "`\\") {
		return told
	}
	const why = "withheld: it may name someone"
	if i := strings.IndexAny(told, ":("); i > 0 && !k.dirty(told[:i]) {
		return strings.TrimSpace(told[:i]) + " (" + why + ")"
	}
	return why
}

func (k *known) cleanAll(texts []string) []string {
	told := make([]string, len(texts))
	for i, text := range texts {
		told[i] = k.clean(text)
	}
	return told
}

func (k *known) dirty(text string) bool {
	return strings.ContainsAny(text, "\"`\\") || k.names.in(text)
}

// mentions reports whether a text holds one of the names as a word, in any case of its letters.
func mentions(text string, names []string) bool {
	lower := strings.ToLower(text)
	return slices.ContainsFunc(names, func(name string) bool {
		return replaceWord(lower, strings.ToLower(name), "\x00") != lower
	})
}

// replaceWord replaces a name wherever it stands alone.
func replaceWord(text, name, by string) string {
	if name == "" || !strings.Contains(text, name) {
		return text
	}
	var b strings.Builder
	told := 0 // how far text is in b
	for at := 0; ; {
		i := strings.Index(text[at:], name)
		if i < 0 {
			return b.String() + text[told:]
		}
		i += at
		end := i + len(name)
		if at = i + 1; i > 0 && inName(text[i-1]) || end < len(text) && inName(text[end]) {
			continue
		}
		b.WriteString(text[told:i] + by)
		told, at = end, end
	}
}

// inName reports whether a byte goes on with a name.
func inName(c byte) bool { return alphanumeric(c) || c == '-' || c == '_' || c >= 0x80 }
