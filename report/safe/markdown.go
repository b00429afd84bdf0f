// SPDX-License-Identifier: Apache-2.0

package safe

import (
	"html"
	"strings"
	"unicode/utf8"
)

// GitHub looks for mentions, references, commits, links, emoji and formulas in the texts of a
// rendered page, so that no escape of Markdown's keeps it from one: "&#64;name" mentions,
// "\#1" links (github/cmark-gfm issue 181). It leaves code alone. So whatever it could act on, and
// whatever could begin markup, stands in a code span here. A reader of the source, in a mail or a
// chat, then reads a name as it is.

// mostMarkdown is how many columns of one text Markdown shows.
const mostMarkdown = 300

// Markdown returns a sentence that is safe in a paragraph, an item or a heading of Markdown:
// visible as in [Terminal], of a bounded length, and with each word in a code span that Markdown
// or GitHub could act on. In a table it needs [InTable], too.
func Markdown(s string) string { return inSpans(s, codeSpan) }

// MarkdownCode returns a name as a code span, safe as in [Markdown]; "" as it is.
func MarkdownCode(s string) string { return codeSpan(Truncate(Terminal(s), mostMarkdown)) }

// MarkdownHTML returns a sentence that is safe within an element of HTML in Markdown, where
// Markdown's own marks show. Its code spans are elements.
func MarkdownHTML(s string) string {
	return inSpans(s, func(text string) string {
		return "<code>" + html.EscapeString(text) + "</code>"
	})
}

// InTable returns what [Markdown] or [MarkdownCode] returned as it has to be in a cell of a table:
// renderers part the cells before they look for code. They disagree on what a backslash before an
// escaped "|" is, so that such a one is written out.
func InTable(markdown string) string {
	return strings.ReplaceAll(strings.ReplaceAll(markdown, `\|`, `\x5c|`), "|", `\|`)
}

// codeSpan returns a visible text as a code span of Markdown: between runs of backticks of a
// length that no run in the text has.
func codeSpan(s string) string {
	if s == "" {
		return ""
	}
	fence := "`"
	for hasRun(s, len(fence)) {
		fence += "`"
	}
	first, last := s[0], s[len(s)-1]
	if first == '`' || last == '`' || first == ' ' && last == ' ' && strings.Trim(s, " ") != "" {
		s = " " + s + " " // which a renderer takes off
	}
	return fence + s + fence
}

// hasRun reports whether a text has a run of just n backticks.
func hasRun(s string, n int) bool {
	run := 0
	for i := 0; i <= len(s); i++ {
		if i < len(s) && s[i] == '`' {
			run++
			continue
		}
		if run == n {
			return true
		}
		run = 0
	}
	return false
}

// inSpans returns a visible sentence in which each run of words that are not plain is in a span.
// The punctuation around a run stays outside.
func inSpans(s string, span func(string) string) string {
	s = strings.Trim(Truncate(Terminal(s), mostMarkdown), " ")
	var b strings.Builder
	for start := 0; start < len(s); {
		end := wordEnd(s, start)
		if s[start] == ' ' || isPlain(s, start, end) {
			b.WriteString(s[start:end])
			start = end
			continue
		}
		from, to := core(s, start, end)
		for to == end { // nothing parts the next word from it
			next := end
			for next < len(s) && s[next] == ' ' {
				next++
			}
			nextEnd := wordEnd(s, next)
			if next == len(s) || s[next] == '(' || isPlain(s, next, nextEnd) {
				break
			}
			_, to = core(s, next, nextEnd)
			end = nextEnd
		}
		b.WriteString(s[start:from] + span(s[from:to]) + s[to:end])
		start = end
	}
	return b.String()
}

// wordEnd returns where the word, or the run of blanks, ends that starts at a place.
func wordEnd(s string, start int) int {
	end := start
	for end < len(s) && (s[end] == ' ') == (s[start] == ' ') {
		end++
	}
	return end
}

// core returns where a word begins and ends without the punctuation of the sentence around it; the
// whole word if it is nothing else.
func core(s string, start, end int) (from, to int) {
	from, to = start, end
	if s[from] == '(' {
		from++
	}
	for to > from && strings.IndexByte(",;:.)", s[to-1]) >= 0 {
		if s[to-1] == ')' && strings.Count(s[from:to], "(") >= strings.Count(s[from:to], ")") {
			break
		}
		to--
	}
	if from == to {
		return start, end
	}
	return from, to
}

// isPlain reports whether nothing acts on a word that is a part of s.
func isPlain(s string, start, end int) bool {
	hex := 0 // how many hexadecimal digits stand before this character
	for i := start; i < end; i++ {
		if hex = hexRun(hex, s[i]); hex > longestHex || s[i] < utf8.RuneSelf && !harmless(s, i) {
			return false
		}
	}
	return true
}

// harmless reports whether the ASCII character at i is so there, that dates and the words of a
// sentence are in no code span: letters and digits; what begins no markup anywhere; and what does
// so only at the edge of a word, or of a line. Repositories and permissions, which have a "/", a
// ":" or a "_", are names.
func harmless(s string, i int) bool {
	var before, after byte // 0 at the ends, whose neighbours are not known
	if i > 0 {
		before = s[i-1]
	}
	if i+1 < len(s) {
		after = s[i+1]
	}
	inside := Alphanumeric(before) && Alphanumeric(after)
	switch c := s[i]; c {
	case ',', ';', '(', '\'', '"', '%', '?', '^':
		return true
	case ')': // of a number that begins a list, too
		return strings.Trim(s[:i], "0123456789") != ""
	case '-': // but GH-1 is a reference
		return inside && (before|0x20 != 'h')
	case '+':
		return before == ' ' || before == '('
	case '.': // the end of a sentence, not of a number of a list; a part of a number, not of a name
		return letter(before) && (after == ' ' || after == 0) || digit(before) && digit(after)
	case ':':
		return (Alphanumeric(before) || before == ')') && after == ' ' || isOfTime(s, i)
	default:
		return Alphanumeric(c)
	}
}

// isOfTime reports whether the colon at i parts hours from minutes. A second one would make the
// name of an emoji of what is between them.
func isOfTime(s string, i int) bool {
	hours := s[strings.LastIndexByte(s[:i], ' ')+1 : i]
	minutes, _, _ := strings.Cut(s[i+1:], " ")
	minutes = strings.TrimRight(minutes, ",;.)")
	const figures = "0123456789"
	return hours != "" && strings.Trim(hours, figures) == "" && minutes != "" &&
		strings.Trim(minutes, figures) == ""
}

// longestHex is how many hexadecimal digits are too few to name a commit.
const longestHex = 6

// hexRun counts on over a character.
func hexRun(n int, c byte) int {
	if c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F' {
		return n + 1
	}
	return 0
}

// Alphanumeric reports whether a byte is a letter or a digit of ASCII.
func Alphanumeric(c byte) bool { return digit(c) || letter(c) }

func digit(c byte) bool { return c >= '0' && c <= '9' }

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
