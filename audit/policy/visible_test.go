// SPDX-License-Identifier: Apache-2.0

package policy_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/policy"
)

// invisible are characters that end a line for YAML and not in a diff, reorder a line, have no
// width, or look like a space.
const invisible = "\r\u0085\u2028\u2029" +
	"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c" +
	"\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e\u034f\u3164\ufe0f\u00a0\u3000\u2800" +
	"\U000e0001\U000e0041\U000e007f\U000e0100\x00\x01\x08\v\f\x0e\x1b\x1f\x7f\u0080\u009f"

// TestReviewersSee holds that no file says what its reviewers cannot see, wherever it says it.
func TestReviewersSee(t *testing.T) {
	p := parse(t, "")
	files := map[string]func(text string) error{
		"version: 1\nname: ours\n": func(text string) error {
			_, err := policy.Parse("f.yaml", []byte(text), rules())
			return err
		},
		waiver: func(text string) error {
			_, err := policy.ParseDecisions("f.yaml", []byte(text), p)
			return err
		},
		"version: 1\norganization: o\ncreated: 2026-01-01\nuntil: 2026-02-01\ndebts: []\n": func(
			text string,
		) error {
			_, err := policy.ParseBaseline("f.yaml", []byte(text), p)
			return err
		},
	}
	for text, read := range files {
		for _, same := range []string{
			text, "\ufeff" + text, strings.ReplaceAll(text, "\n", "\r\n"), "# é 日 😀\t.\n" + text,
		} {
			if err := read(same); err != nil {
				t.Errorf("%q: %v", same, err)
			}
		}
		for _, r := range invisible {
			for place, changed := range map[string]string{
				"f.yaml:1:3: ": "# " + string(r) + "\n" + text,
				fmt.Sprintf("f.yaml:%d:12: ", strings.Count(text, "\n")+1): text +
					"reason: \"ab" + string(r) + "c\"\r\n",
				"f.yaml:1:1: ": string(r) + string(r) + text,
				"f.yaml:1:9: ": strings.Replace(text, "version: 1", "version:"+string(r)+"1", 1),
			} {
				if r == '\r' && place == "f.yaml:1:3: " {
					changed = "# \rb\n" + text // no line ending of Windows
				}
				want := fmt.Sprintf("%sreviewers cannot see %U: remove it", place, r)
				err := fmt.Sprint(read(changed))
				if !strings.HasPrefix(err, want) {
					t.Errorf("%q\ngot  %s\nwant %s", changed, err, want)
				}
				if strings.ContainsFunc(err, func(r rune) bool { return !seen(r) }) {
					t.Errorf("%q is shown by %q", r, err)
				}
			}
		}
		for _, encoded := range []string{"\xff\xfe" + text, text + "# \xe9\n", text + "# \xe2\x80"} {
			if err := fmt.Sprint(read(encoded)); !strings.Contains(err, ": the file is not UTF-8") {
				t.Errorf("%q: %s", encoded, err)
			}
		}
	}
}

// seen reports whether a rune may stand in a text of several lines.
func seen(r rune) bool { return r == '\n' || audit.Visible(r) }

// TestHiddenLine holds that a setting behind a line break of YAML alone is none.
func TestHiddenLine(t *testing.T) {
	for _, r := range "\r\u0085\u2028\u2029" {
		text := "version: 1\n# the default stands." + string(r) + "fail_on: critical\n"
		if p, err := policy.Parse("p.yaml", []byte(text), rules()); err == nil {
			t.Errorf("%U: fail_on is %s", r, p.FailOn)
		}
	}
}

// TestErrorsHideNothing holds that an error stays on the lines that are its own, whatever text of
// the file it quotes, of keys as of values.
func TestErrorsHideNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := hostile.Draw(t, "value")
		text := rapid.SampledFrom([]string{
			"version: 1\n%s: x", "version: 1\nfail_on: %s", "version: %s", "version: 1\nextends: %s",
			"version: 1\nrules: {%s: {}}", "version: 1\nrules: {unused: {%s: 1}}",
			"version: 1\nrules: {long-expiration: {pairs: [{%s: 1}]}}",
			"version: 1\nrules: {long-expiration: {limits: {%[1]s: 1, %[1]s: 2}}}",
			"version: 1\nratified: {by: us, on: %s}", "version: 1\nratified: {%s: us}",
			"version: 1\nwaivers: {%s: 1}", "version: 1\nwaivers: {high: %s}",
			"version: 1\nsla: {%s: 1d}", "version: 1\nsla: {high: %s}",
			"version: 1\npermissions: [{group: %s, name: a, levels: [read]}]",
			"version: 1\npermissions: [{group: other, name: a, levels: [%s]}]",
			"version: 1\npermissions: [{%s: other}]",
			"version: 1\noverrides: [{name: %s, when: {owner: [%[1]s]}, rules: {%[1]s: {}}}]",
			"version: 1\noverrides: [{name: a, when: {%s: a}, rules: {unused: {severity: low}}}]",
			"version: 1\noverrides: [{name: a, when: {permission: %s}, rules: {unused: {}}}]",
			"version: 1\noverrides: [{name: a, when: {repository: %s}, rules: {unused: {}}}]",
			"version: 1\ntests: [{name: a, token: {%s: 1}, expect: clean}]",
			"version: 1\ntests: [{name: a, token: {owner: {role: %s}}, expect: clean}]",
			"version: 1\ntests: [{name: a, token: {expires_at: %s}, expect: clean}]",
			"version: 1\ntests: [{name: a, token: {}, expect: {%s: pass, unused: %[1]s}}]",
			"version: 1\ntests: [{name: a, token: {}, as_of: %s, expect: %[1]s}]",
			"version: 1\n? [%s]\n: 1", "version: 1\n%s: &%[1]s", "version: 1\nname: *%s",
			"version: 1\nname: !%s x", "version: 1\nname: [%s", "%%%s\n---\nversion: 1",
		}).Draw(t, "text")
		if strings.Contains(text, "%s") || strings.Contains(text, "%[1]s") {
			text = fmt.Sprintf(text, quotedText(value))
		}
		name := rapid.SampledFrom([]string{"", "p.yaml", "p\u202e\n.yaml"}).Draw(t, "name")
		_, err := policy.Parse(name, []byte(text), rules())
		if err == nil {
			return
		}
		for line := range strings.SplitSeq(err.Error(), "\n") {
			own := strings.HasPrefix(line, "    ") || strings.HasPrefix(line, "p") || name == ""
			if !own || strings.ContainsFunc(line, func(r rune) bool { return !audit.Visible(r) }) {
				t.Fatalf("%q\ngives %q", text, err)
			}
		}
		if name == "" && strings.Contains(err.Error(), "\nforged") {
			t.Fatalf("%q\ngives %q", text, err)
		}
	})
}

// quotedText writes a text as people can in YAML: all that is not ASCII is escaped.
func quotedText(text string) string {
	var b strings.Builder
	for _, r := range text {
		fmt.Fprintf(&b, `\U%08x`, r)
	}
	return `"` + b.String() + `"`
}

// hostile draws texts that lines, quotes and readers can stumble over.
var hostile = rapid.StringOfN(rapid.OneOf(
	rapid.SampledFrom([]rune(invisible+"\n\t\"\\'#:{}[],&*!|>%@`- ")),
	rapid.SampledFrom([]rune("\nforged")), rapid.Rune(),
), 1, 12, -1)

// TestWritersHideNothing holds that no file that this package writes has a character that cannot
// be seen, whatever its texts say, and that the texts are read as they were.
func TestWritersHideNothing(t *testing.T) {
	p := parse(t, "")
	rapid.Check(t, func(t *rapid.T) {
		text := hostile.Filter(func(s string) bool { return strings.TrimSpace(s) != "" }).
			Draw(t, "text")
		if !utf8.ValidString(text) {
			t.Skip("not UTF-8")
		}
		on := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
		visible := func(data []byte) {
			if i := strings.IndexFunc(string(data), func(r rune) bool { return !seen(r) }); i >= 0 {
				t.Fatalf("%q\nis written as %q", text, data)
			}
		}
		d := &audit.Decision{
			TokenID: 1, OwnerID: 2, Kind: audit.Keep, Purpose: text, Consumer: text, Reason: text,
			By: text, Ticket: text, On: on, Until: on,
		}
		data, err := policy.AppendDecision("d.yaml", nil, d, text, p)
		if err != nil {
			t.Fatal(err)
		}
		visible(data)
		if again, err := policy.ParseDecisions("d.yaml", data, p); err != nil ||
			again[0].Purpose != text || again[0].By != text {
			t.Fatalf("%q is read as %+v, %v", text, again, err)
		}
		b := &audit.Baseline{
			Organization: text, Created: on, Until: on,
			Accepted: []audit.Acceptance{{On: on, By: text, Reason: text, Added: 1}},
			Debts: []audit.Debt{{
				Kind: audit.KindToken, ID: 1, Rule: "unused", Severity: audit.Low,
				FirstSeen: on, Until: on, Basis: []string{text},
			}},
		}
		data = policy.FormatBaseline(b)
		visible(data)
		if again, err := policy.ParseBaseline("b.yaml", data, p); err != nil ||
			again.Organization != text || again.Debts[0].Basis[0] != text {
			t.Fatalf("%q is read as %+v, %v", text, again, err)
		}
		q, err := policy.Parse("p.yaml", fmt.Appendf(nil, "version: 1\nname: %s\n"+
			"ratified: {by: %[1]s, on: 2026-11-22}\nrules: {long-expiration: {deny: [%[1]s], "+
			"pairs: [{left: %[1]s}], limits: {%[1]s: 1}}}\noverrides: [{name: %[1]s, "+
			"when: {owner: 1}, rules: {unused: {severity: low}}}]", quotedText(text)), rules())
		if err != nil {
			t.Fatal(err)
		}
		if data, err = policy.Format(q); err != nil {
			t.Fatal(err)
		}
		visible(data)
		if again, err := policy.Parse("p.yaml", data, rules()); err != nil || again.Name != text ||
			again.Digest != q.Digest {
			t.Fatalf("%q is read as %+v, %v", text, again, err)
		}
	})
}

// placed holds that the lines of a file that was read are those that its reviewers see: each part
// stands where YAML says, in the text split at LF alone.
func placed(t *testing.T, data []byte) {
	t.Helper()
	var document yaml.Node
	if err := yaml.Load(data, &document); err != nil {
		t.Fatalf("read, although %v", err)
	}
	lines := strings.Split(strings.TrimPrefix(string(data), "\ufeff"), "\n")
	var walk func(n *yaml.Node)
	walk = func(n *yaml.Node) {
		if n.Line < 1 || n.Line > len(lines) {
			t.Fatalf("%q: %q is in line %d of %d", data, n.Value, n.Line, len(lines))
		}
		line := []rune(lines[n.Line-1])
		at := string(line[min(max(n.Column-1, 0), len(line)):])
		if n.Kind == yaml.ScalarNode && n.Tag != "!!null" && !strings.HasPrefix(at, begins(n)) {
			t.Fatalf("%q: %q is at %d:%d, and %q is there", data, n.Value, n.Line, n.Column, at)
		}
		for _, child := range n.Content {
			walk(child)
		}
	}
	for _, n := range document.Content {
		walk(n)
	}
}

// begins returns how the text of a scalar begins.
func begins(n *yaml.Node) string {
	styles := map[yaml.Style]string{
		yaml.DoubleQuotedStyle: `"`, yaml.SingleQuotedStyle: "'", yaml.LiteralStyle: "|",
		yaml.FoldedStyle: ">",
	}
	for _, style := range slices.Sorted(maps.Keys(styles)) {
		if n.Style&style != 0 {
			return styles[style]
		}
	}
	word, _, _ := strings.Cut(n.Value, " ")
	word, _, _ = strings.Cut(word, "\n")
	return word
}
