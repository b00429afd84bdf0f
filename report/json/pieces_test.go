// SPDX-License-Identifier: Apache-2.0

package json

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/go-json-experiment/json/jsontext"
	"pgregory.net/rapid"

	"github.com/complytime/pataudit/report/reporttest"
)

// TestReadPieces holds that what is wrong in any line of a report is told with that line and its
// place, however the report is parted to be read and laid out; and that of the keys that are not
// known, the first is told.
func TestReadPieces(t *testing.T) {
	type report struct {
		lines  []string
		places map[int]string
		flags  []int
	}
	all, reports := reporttest.Documents(), []report{}
	for _, name := range []string{"violations", "remembered", "decided", "several"} {
		written := string(reporttest.Write(t, Format, all[name]))
		places, flags := placesOf(written)
		reports = append(reports, report{strings.SplitAfter(written, "\n"), places, flags})
	}
	rapid.Check(t, func(t *rapid.T) {
		r := rapid.SampledFrom(reports).Draw(t, "report")
		lines, places, flags := r.lines, r.places, r.flags
		gap := rapid.SampledFrom([]string{"", " ", "\n", "\r\n\t"})
		layout := layout{gap.Draw(t, "after a line"), gap.Draw(t, "after a colon")}

		at := rapid.SampledFrom(flags).Draw(t, "flag")
		bad := slices.Clone(lines)
		bad[at] = strings.NewReplacer(" true", ` "yes"`, " false", ` "yes"`).Replace(bad[at])
		text, line := layout.of(bad, at)
		_, err := Read(iotest.OneByteReader(strings.NewReader(text)), "r")
		want := fmt.Sprintf("r:%d: %s ", line+strings.Count(layout.colon, "\n"), places[at])
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Fatalf("%v, want %s", err, want)
		}

		members := slices.Sorted(maps.Keys(places))
		first := rapid.SampledFrom(members).Draw(t, "first")
		second := rapid.SampledFrom(members).Draw(t, "second")
		first, second = min(first, second), max(first, second)
		younger := slices.Clone(lines)
		var unknown []string
		for i, at := range []int{first, second} {
			key := fmt.Sprint(i) + rapid.String().Draw(t, "key")
			quoted, err := jsontext.AppendQuote(nil, key)
			if err != nil {
				t.Fatal(err)
			}
			younger[at] = string(quoted) + ": 1,\n" + younger[at]
			parent := places[at][:strings.LastIndex(places[at], "/")]
			unknown = append(unknown, string(jsontext.Pointer(parent).AppendToken(key)))
		}
		text, line = layout.of(younger, first)
		saved, err := Read(strings.NewReader(text), "r")
		if err != nil {
			t.Fatal(err)
		}
		_, other := layout.of(younger, second)
		if saved.Unknown != unknown[0] && (saved.Unknown != unknown[1] || line != other) {
			t.Fatalf("%q is not known, want %q", saved.Unknown, unknown)
		}
	})
}

// placesOf returns the place of the member in each line of a report, and the lines of flags.
func placesOf(written string) (places map[int]string, flags []int) {
	places = map[int]string{}
	decoder := jsontext.NewDecoder(strings.NewReader(written))
	for {
		token, err := decoder.ReadToken()
		if err != nil {
			return places, flags
		}
		line := strings.Count(written[:decoder.InputOffset()], "\n")
		place := string(decoder.StackPointer())
		switch kind, length := decoder.StackIndex(decoder.StackDepth()); {
		case kind != jsontext.KindBeginObject, strings.Contains(place, "/permissions/"):
		case length%2 == 1:
			places[line] = place
		case token.Kind() == jsontext.KindTrue, token.Kind() == jsontext.KindFalse:
			flags = append(flags, line)
		}
	}
}

// layout is what stands in a text in place of a line's end, and of the blank after a key.
type layout struct{ end, colon string }

// of lays out lines, and returns in which line of the text one of them begins.
func (l layout) of(lines []string, at int) (text string, line int) {
	var b strings.Builder
	for i, one := range lines {
		if i == at {
			line = 1 + strings.Count(b.String(), "\n")
		}
		for part := range strings.Lines(one) {
			part = strings.TrimSpace(part)
			if key, value, is := strings.Cut(part, `": `); is && !strings.Contains(key, `\`) {
				part = key + `":` + l.colon + value
			}
			b.WriteString(part + l.end)
		}
	}
	return b.String(), line
}

// TestReadTaken holds that a report which is let go of gives the same document.
func TestReadTaken(t *testing.T) {
	for name, d := range reporttest.Documents() {
		written := reporttest.Write(t, Format, d)
		taken, err := saved(t, written).Take(reporttest.FakeRules())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if again := reporttest.Write(t, Format, taken); !bytes.Equal(again, written) {
			t.Errorf("%s: another report", name)
		}
	}
}
