// SPDX-License-Identifier: Apache-2.0

package encode

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/complytime/pataudit/report/reporttest"
)

// anyText returns texts of all kinds, the hostile ones more often than chance would.
func anyText(t *rapid.T) string {
	return rapid.OneOf(rapid.String(), rapid.SampledFrom(reporttest.Payloads),
		rapid.StringOfN(rapid.RuneFrom([]rune(`a":#[\ é`+"\n\u202e\U000e0041")), 0, 9, -1)).
		Draw(t, "text")
}

// TestStreamText: a text, as such or within a value, is the very JSON that Writer writes.
func TestStreamText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := anyText(t)
		var want, got bytes.Buffer
		if err := Value(&want, []string{text, text}); err != nil {
			t.Fatal(err)
		}
		s := NewStream(&got)
		s.List("")
		s.Text("", text)
		s.Value("", text)
		s.End()
		if oneLine(got.String()) != oneLine(want.String()) || s.Err() != nil {
			t.Fatalf("%q is %s, want %s, %v", text, &got, &want, s.Err())
		}
	})
}

// oneLine removes the line breaks and indents of a list.
func oneLine(s string) string {
	var lines []string
	for line := range strings.Lines(s) {
		lines = append(lines, strings.TrimSpace(line))
	}
	return strings.Join(lines, "")
}

// TestStreamShape: whatever is begun and ended, the JSON is that of the same value.
func TestStreamShape(t *testing.T) {
	var write func(t *rapid.T, s *Stream, name string, depth int) any
	write = func(t *rapid.T, s *Stream, name string, depth int) any {
		kind := rapid.IntRange(0, 5).Draw(t, "kind")
		if depth > 3 && kind < 4 {
			kind = 4
		}
		members := rapid.IntRange(0, 3).Draw(t, "members")
		switch kind {
		case 0, 1:
			map[int]func(string){0: s.Object, 1: s.ShortObject}[kind](name)
			object := map[string]any{}
			for i := range members {
				key := string(rune('a' + i))
				object[key] = write(t, s, key, depth+1)
			}
			s.End()
			return object
		case 2, 3:
			map[int]func(string){2: s.List, 3: s.ShortList}[kind](name)
			list := []any{}
			for range members {
				list = append(list, write(t, s, "", depth+1))
			}
			s.End()
			return list
		case 4:
			s.Text(name, "text")
			return "text"
		}
		s.Value(name, []string{"a", "b"})
		return []any{"a", "b"}
	}
	rapid.Check(t, func(t *rapid.T) {
		var b bytes.Buffer
		s := NewStream(&b)
		s.List("")
		want := []any{write(t, s, "", 0)}
		s.End()
		var got any
		if err := json.Unmarshal(b.Bytes(), &got); err != nil {
			t.Fatalf("%v: %s", err, &b)
		}
		if diff := cmp.Diff(any(want), got); diff != "" {
			t.Fatalf("%s: %s", diff, &b)
		}
	})
}

// failing writes nothing.
type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

func TestStreamError(t *testing.T) {
	full := errors.New("full")
	s := NewStream(failing{full})
	s.List("")
	for range flushAt {
		s.Text("", "a text")
	}
	if !errors.Is(s.Err(), full) {
		t.Errorf("%v before the end", s.Err())
	}
	s.End()
	if !errors.Is(s.Err(), full) {
		t.Errorf("%v", s.Err())
	}
}
