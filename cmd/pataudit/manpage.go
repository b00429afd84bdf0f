// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// manName returns what man calls a command.
func manName(command *cobra.Command) string {
	return strings.ReplaceAll(command.CommandPath(), " ", "-")
}

// manPage returns a command's page of the manual, with each flag, the rare ones, too.
func manPage(command *cobra.Command, version string, day time.Time) []byte {
	m := new(manual)
	title := roff(strings.ToUpper(manName(command)))
	m.writef(".TH \"%s\" 1 \"%s\" \"pataudit %s\" \"pataudit\"\n", title,
		roff(day.Format(time.DateOnly)), roff(version))
	m.heading("NAME")
	m.writef("%s \\- %s\n", roff(manName(command)), roff(command.Short))
	m.heading("SYNOPSIS")
	m.writef("\\fB%s\\fR%s\n", roff(command.CommandPath()),
		roff(strings.TrimPrefix(command.UseLine(), command.CommandPath())))
	m.section("DESCRIPTION", command.Long)
	if command.HasAvailableSubCommands() {
		m.heading("COMMANDS")
		for _, child := range command.Commands() {
			if child.IsAvailableCommand() {
				m.entry(`\fB`+roff(manName(child))+`\fR(1)`, child.Short)
			}
		}
	}
	m.heading("OPTIONS")
	command.LocalFlags().VisitAll(m.flag)
	command.InheritedFlags().VisitAll(m.flag)
	m.section("EXAMPLES", command.Example)
	if command.HasParent() {
		m.heading("SEE ALSO")
		m.writef("\\fB%s\\fR(1)\n", roff(manName(command.Parent())))
	} else {
		m.section("EXIT STATUS", exitCodes)
		m.section("ENVIRONMENT", environmentText())
		m.section("FILES", files)
	}
	return m.Bytes()
}

// manual is a page in the language of man.
type manual struct{ bytes.Buffer }

func (m *manual) writef(format string, args ...any) { fmt.Fprintf(&m.Buffer, format, args...) }

func (m *manual) heading(title string) { m.writef(".SH \"%s\"\n", title) }

// section writes a section, if there is a text for it: its paragraphs are filled, but for those
// with indented lines.
func (m *manual) section(title, text string) {
	if text == "" {
		return
	}
	m.heading(title)
	for paragraph := range strings.SplitSeq(strings.Trim(text, "\n"), "\n\n") {
		lines := strings.Split(paragraph, "\n")
		asIs := slices.ContainsFunc(lines, func(s string) bool { return strings.HasPrefix(s, " ") })
		m.WriteString(".PP\n")
		if asIs {
			m.WriteString(".nf\n")
		}
		for _, line := range lines {
			m.line(line)
		}
		if asIs {
			m.WriteString(".fi\n")
		}
	}
}

// entry writes what something is.
func (m *manual) entry(tag, text string) {
	m.writef(".TP\n%s\n", tag)
	m.line(text)
}

// flag writes what a flag is.
func (m *manual) flag(f *pflag.Flag) {
	if f.Hidden {
		return
	}
	value, usage := pflag.UnquoteUsage(f)
	tag := `\fB\-\-` + roff(f.Name) + `\fR`
	if f.Shorthand != "" {
		tag = `\fB\-` + f.Shorthand + `\fR, ` + tag
	}
	if value != "" {
		tag += ` \fI` + roff(value) + `\fR`
	}
	if !slices.Contains([]string{"", "0", "false", "[]", "0s"}, f.DefValue) {
		usage += " (default: " + f.DefValue + ")"
	}
	m.entry(tag, usage)
}

// line writes a line of text, which is none of the language's own.
func (m *manual) line(s string) {
	s = roff(s)
	if strings.HasPrefix(s, ".") {
		s = `\&` + s
	}
	_, _ = io.WriteString(m, s+"\n") // a buffer takes it
}

// roff returns a text as man shows it: what can be typed stays as it is.
func roff(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch escape, found := roffEscapes[r]; {
		case found:
			b.WriteString(escape)
		case r > '~':
			fmt.Fprintf(&b, `\[u%04X]`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

var roffEscapes = map[rune]string{
	'\\': `\e`, '-': `\-`, '\'': `\(aq`, '`': `\(ga`, '^': `\(ha`, '~': `\(ti`, '"': `\(dq`,
}
