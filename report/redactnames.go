// SPDX-License-Identifier: Apache-2.0

package report

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// names are what no text may tell, ready to be looked for in many texts: however many names there
// are, a text costs what its own words cost. The zero value holds none.
type names struct {
	all     map[string]bool // in lower case, from the first letter or digit to the last
	longest map[string]int  // by the word that they begin with: the most bytes
}

// add puts a name in. One without a letter or a digit says nothing of anybody.
func (n *names) add(name string) {
	name = strings.TrimFunc(strings.ToLower(name), func(r rune) bool { return !inWord(r) })
	if name == "" {
		return
	}
	if n.all == nil {
		n.all, n.longest = map[string]bool{}, map[string]int{}
	}
	n.all[name] = true
	for _, word := range words(name) {
		n.longest[word] = max(n.longest[word], len(name))
		return
	}
}

// in reports whether a text tells one of the names, in any case of its letters, and whatever but a
// letter or a digit stands around it.
func (n *names) in(text string) bool {
	text = strings.ToLower(text)
	for start, first := range words(text) {
		longest, begins := n.longest[first]
		if !begins {
			continue
		}
		for at, word := range words(text[start:]) {
			if at > longest {
				break
			}
			if n.all[text[start:start+at+len(word)]] {
				return true
			}
		}
	}
	return false
}

// words ranges over the runs of letters and digits in a text, by where they begin.
func words(text string) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		for at := 0; at < len(text); {
			r, size := utf8.DecodeRuneInString(text[at:])
			if !inWord(r) {
				at += size
				continue
			}
			length := strings.IndexFunc(text[at:], func(r rune) bool { return !inWord(r) })
			if length < 0 {
				length = len(text) - at
			}
			if !yield(at, text[at:at+length]) {
				return
			}
			at += length
		}
	}
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

// ourWords are those of the pages of the rules: a token or a repository that is called by one of
// them is not told by a text that uses it. A login is a person's, whatever it reads like.
type ourWords map[string]bool

func (o ourWords) add(page string) {
	for _, word := range words(strings.ToLower(page)) {
		o[word] = true
	}
}

// has reports whether a name is but one of the words, or a small number.
func (o ourWords) has(name string) bool {
	const fewDigits = 4
	small := len(name) <= fewDigits && strings.Trim(name, "0123456789") == ""
	return small || o[strings.ToLower(name)]
}
