// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/complytime/pataudit/audit"
)

const decisionsHeader = `# What people decided of tokens. Records are bound to the ids of a token
# and of its owner; names in comments are for people. See pataudit decide, which appends.
version: 1
decisions:
`

// Recorded is a decision that is to be appended. The comment, one line above the record, is for
// people: what they cannot see of it is dropped.
type Recorded struct {
	*audit.Decision
	Comment string
}

// noneYet matches the end of a file without decisions: "decisions: []".
var noneYet = regexp.MustCompile(`(\ndecisions:)[ \t]*\[[ \t]*\]\s*$`)

// AppendDecision is [AppendDecisions] of one.
func AppendDecision(
	name string, data []byte, d *audit.Decision, comment string, p *audit.Policy,
) ([]byte, error) {
	return AppendDecisions(name, data, []Recorded{{d, comment}}, p)
}

// AppendDecisions returns the text of a decisions file with more records at its end. What was
// there stays, byte for byte, but for the brackets of an empty list; of no text it makes a file.
// It is an error if a decision is not one that [ParseDecisions] takes, if the file leaves no place
// to append to, or if it would become larger than a file that is read.
func AppendDecisions(
	name string, data []byte, more []Recorded, p *audit.Policy,
) ([]byte, error) {
	for _, d := range more {
		if err := recordable(d.Decision, p); err != nil {
			return nil, fmt.Errorf("the decision cannot be recorded: %w", err)
		}
	}
	text, indent := noneYet.ReplaceAll(slices.Clip(data), []byte("$1")), "  "
	var before []*audit.Decision
	switch {
	case len(bytes.TrimSpace(data)) == 0:
		text = append(text, decisionsHeader...)
	case len(text) < len(data): // it had none
		if _, err := parseDecisions(name, data, p); err != nil {
			return nil, err
		}
		text = append(text, '\n')
	default:
		file, err := parseDecisions(name, data, p)
		if err != nil {
			return nil, err
		}
		if indent, err = file.indent(); err != nil {
			return nil, err
		}
		before = file.decisions
		if !bytes.HasSuffix(text, []byte("\n")) {
			text = append(text, '\n')
		}
	}
	for _, d := range more {
		text = append(text, recordOf(d.Decision, d.Comment, indent)...)
		before = append(before, d.Decision)
	}
	after, err := ParseDecisions(name, text, p)
	if err != nil {
		return nil, fmt.Errorf("the decision cannot be appended: %w", err)
	}
	// No file is known that comes here: this is the promise that a record is never lost.
	if !slices.EqualFunc(before, after, sameDecision) {
		return nil, errors.New(name + ": what follows the last record would swallow a new one: " +
			"end the file with the last record")
	}
	return text, nil
}

// recordable returns an error for a decision that no file holds as it is.
func recordable(d *audit.Decision, p *audit.Policy) error {
	alone := append([]byte(decisionsHeader), formatDecision(d, "  ")...)
	read, err := ParseDecisions("", alone, p)
	if err == nil && !sameDecision(read[0], d) {
		err = errors.New("a text in it is not UTF-8")
	}
	return err
}

// FormatDecisions writes a decisions file as [ParseDecisions] reads it, in the order that is
// given. The error is of decisions that no file holds, such as a waiver without its basis.
func FormatDecisions(decisions []*audit.Decision, p *audit.Policy) ([]byte, error) {
	text := []byte(decisionsHeader)
	for _, d := range decisions {
		text = append(text, formatDecision(d, "  ")...)
	}
	read, err := ParseDecisions("decisions", text, p)
	if err == nil && !slices.EqualFunc(read, decisions, sameDecision) {
		err = errors.New("a text in them is not UTF-8")
	}
	if err != nil {
		return nil, fmt.Errorf("the decisions cannot be written: %w", err)
	}
	return text, nil
}

func sameDecision(a, b *audit.Decision) bool {
	return bytes.Equal(formatDecision(a, ""), formatDecision(b, ""))
}

// indent returns the white space before the records, if a record can follow the last one.
func (f *decisionsFile) indent() (string, error) {
	last := len(f.root.Content) - 2
	key, list := f.root.Content[last], f.root.Content[last+1]
	switch {
	case f.root.Style&yaml.FlowStyle != 0 || list.Style&yaml.FlowStyle != 0:
		f.fail(list, "nothing can be appended within brackets: write each decision in lines "+
			"that begin with \"- \"")
	case key.Value != keyDecisions:
		f.fail(key, "nothing can be appended: move %s behind the decisions", key.Value)
	}
	return strings.Repeat(" ", max(list.Column-1, 0)), f.err()
}

func recordOf(d *audit.Decision, comment, indent string) []byte {
	var record []byte
	if comment = oneLine(comment); comment != "" {
		record = append(record, indent+"# "+comment+"\n"...)
	}
	return append(record, formatDecision(d, indent)...)
}

// oneLine makes a text harmless in a comment.
func oneLine(text string) string {
	const most = 200
	visible := strings.Map(func(r rune) rune {
		if !audit.Visible(r) {
			return -1
		}
		return r
	}, text)
	runes := []rune(strings.TrimSpace(visible))
	return string(runes[:min(len(runes), most)])
}

// formatDecision writes a record. Decisions that say the same are written the same.
func formatDecision(d *audit.Decision, indent string) []byte {
	r := record{lead: indent + "- ", indent: indent + "  "}
	if d.Kind != audit.Attest {
		r.line("token", strconv.FormatInt(d.TokenID, 10))
		r.line("owner", strconv.FormatInt(d.OwnerID, 10))
	}
	r.line("kind", plainWord(d.Kind))
	if d.Kind == audit.Attest {
		r.line(keyOrganization, plainWord(d.Organization))
		r.line(keySetting, string(d.Setting))
		r.line(keyValue, valueText(d.Value))
	}
	if d.Rule != "" {
		r.line("rule", plainWord(d.Rule))
	}
	if len(d.Basis) > 0 {
		r.set("basis", d.Basis)
	}
	switch {
	case len(d.Held) > 0:
		r.set(keyHeld, d.Held)
	case d.Kind == audit.Reduce, d.Exact():
		r.line(keyHeld, "[]")
	}
	if slices.Contains(needed[d.Kind], keyReach) || d.Exact() {
		r.line(keyReach, formatReach(d.Reach))
	}
	if d.Severity != audit.NoSeverity {
		r.line("severity", d.Severity.String())
	}
	r.text("purpose", d.Purpose)
	r.text("consumer", d.Consumer)
	r.text("reason", d.Reason)
	if d.By != "" {
		r.line("by", plainWord(d.By))
	}
	r.text("ticket", d.Ticket)
	r.day("on", d.On)
	r.day("until", d.Until)
	return r.Bytes()
}

// record is the text of a decision while it is written, a line for each key.
type record struct {
	bytes.Buffer
	lead   string // of the next line: the first one has a dash
	indent string // of all others
}

func (r *record) line(key, value string) {
	r.WriteString(r.lead + key + ": " + value + "\n")
	r.lead = r.indent
}

// text writes a line for a text, if there is one.
func (r *record) text(key, value string) {
	if value != "" {
		r.line(key, quote(value))
	}
}

// day writes a line for a day, if there is one.
func (r *record) day(key string, at time.Time) {
	if !at.IsZero() {
		r.line(key, dayOf(at).Format(time.DateOnly))
	}
}

// set writes texts in their order, each once.
func (r *record) set(key string, texts []string) {
	r.WriteString(r.lead + key + ":\n")
	for _, text := range slices.Compact(slices.Sorted(slices.Values(texts))) {
		r.WriteString(r.lead + "  - " + quote(text) + "\n")
	}
}
