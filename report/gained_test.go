// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/complytime/pataudit/audit"
)

// aged gives a report as the first release wrote it: without what version 1 gained later.
func aged(t *testing.T, written []byte) []byte {
	t.Helper()
	var strip func(place string, value jsontext.Value) jsontext.Value
	strip = func(place string, value jsontext.Value) jsontext.Value {
		var parts []string
		switch value.Kind() {
		case jsontext.KindBeginObject:
			values, keys := members(value)
			for _, key := range keys {
				if !gained.MatchString(place + "/" + key) {
					name, _ := jsontext.AppendQuote(nil, key)
					parts = append(parts, string(name)+":"+string(strip(place+"/"+key, values[key])))
				}
			}
			return jsontext.Value("{" + strings.Join(parts, ",") + "}")
		case jsontext.KindBeginArray:
			values, names := elements(place, value)
			for _, name := range names {
				parts = append(parts, string(strip(place+"/"+name, values[name])))
			}
			return jsontext.Value("[" + strings.Join(parts, ",") + "]")
		default:
			return value
		}
	}
	old := strip("", bytes.TrimSpace(written))
	if len(old) >= len(written) {
		t.Fatal("nothing was taken away")
	}
	return old
}

// TestReadOlder holds that a report of the first release says the same as its whole: who and what
// fails, and whether all was seen.
func TestReadOlder(t *testing.T) {
	for name, d := range documents() {
		t.Run(name, func(t *testing.T) {
			if name == "failed" || name == "none" {
				t.Skip("organizations that failed were not in the first release")
			}
			d.View = View{Only: d.View.Only}
			if d.View.Only == OnlyFailing {
				d.View.Only = ""
			}
			old, err := saved(t, aged(t, write(t, JSON, d))).Document(nil)
			if err != nil {
				t.Fatal(err)
			}
			if old.Outcome() != d.Outcome() {
				t.Errorf("it was %s, and is read as %s", d.Outcome(), old.Outcome())
			}
			for i, run := range old.Runs {
				want := &d.Runs[i].Summary
				if got := &run.Summary; got.Active != want.Active || got.Violating != want.Violating ||
					got.ByWorst != want.ByWorst || got.Requests != want.Requests ||
					got.RequestsViolating != want.RequestsViolating || got.People != want.People {
					t.Errorf("got %+v\nwant %+v", got, want)
				}
				for j := range run.Rules {
					if passes := run.Rules[j].Counts[audit.Pass]; passes > d.Runs[i].Rules[j].Counts[audit.Pass] {
						t.Errorf("%s: %d passes", run.Rules[j].Rule.ID, passes)
					}
				}
				if run.Complete == (len(run.Incomplete) > 0) {
					t.Errorf("complete %v, for %q", run.Complete, run.Incomplete)
				}
			}
			for _, f := range Formats {
				if err := f.Write(&bytes.Buffer{}, old); err != nil {
					t.Error(f.Name, err)
				}
			}
		})
	}
}

// TestReadFirst reads a report as it was promised at first.
func TestReadFirst(t *testing.T) {
	first, err := os.ReadFile("../testdata/report/first.json")
	if err != nil {
		t.Fatal(err)
	}
	d, err := saved(t, first).Document(nil)
	if err != nil {
		t.Fatal(err)
	}
	token := slices.Collect(d.Runs[0].Results())[0].Token
	if want := audit.FactMembership | audit.FactExpiry | audit.FactTwoFactor; !token.Known.Has(want) {
		t.Errorf("knows %v", token.Known.Names())
	}
	if token.Known.Has(audit.FactLastUsed) {
		t.Error("a null is taken for never used, though it may be unknown")
	}
	if s := d.Runs[0].Summary; s.Active != 1 || s.Violating != 1 || s.People != 1 {
		t.Errorf("counts %+v", s)
	}
	partial := bytes.Replace(first, []byte(`"tokens": 1,`), []byte(`"tokens": 250,`), 1)
	if _, err := ReadJSON(bytes.NewReader(partial), "old.json"); err == nil ||
		!strings.Contains(err.Error(), "only 1 of 250 tokens to count") {
		t.Error(err)
	}
}

// TestOlderIsNoBetter holds that taking a key away makes no report cleaner.
func TestOlderIsNoBetter(t *testing.T) {
	d := documents()["incomplete"]
	text := string(aged(t, write(t, JSON, d)))
	text = strings.Replace(text, `"complete":false`, `"complete":true`, 1)
	s, err := ReadJSON(strings.NewReader(text), "old.json")
	if err == nil {
		_, err = s.Document(nil)
	}
	if err == nil || !strings.Contains(err.Error(), "verdict") {
		t.Errorf("a report that contradicts itself is read: %v", err)
	}
}
