// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	reportjson "github.com/complytime/pataudit/report/json"
	"github.com/complytime/pataudit/report/privacy"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/view"
)

var redactKey = []byte("0123456789abcdef")

func redacted(t *testing.T, d *view.Document) *view.Document {
	t.Helper()
	r, err := privacy.Redact(d, redactKey)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestRedactTellsNobody looks for each name and id in each format.
func TestRedactTellsNobody(t *testing.T) {
	for _, only := range []string{"", view.OnlyAll} {
		d := reporttest.Telling()
		d.View.Only = only
		r := redacted(t, d)
		for _, f := range Formats {
			got := reporttest.Bare(t, f, r)
			for name := range reporttest.NamesIn(d) {
				if strings.Contains(got, strings.ToLower(name)) {
					i := strings.Index(got, strings.ToLower(name))
					t.Errorf("%s tells %q: …%s…", f.Name, name, got[max(0, i-80):min(len(got), i+80)])
				}
			}
			if !strings.Contains(got, "pseudonymised") {
				t.Errorf("%s does not say that it is pseudonymised", f.Name)
			}
			if !strings.Contains(reporttest.Bare(t, f, d), "release-bot-legacy") &&
				f.Name != "gemara-catalog" {
				t.Errorf("%s names nobody anyway", f.Name)
			}
		}
	}
}

// numbers collects every number of a JSON value by its key.
func numbers(v any, key string, found map[string][]float64) {
	switch v := v.(type) {
	case map[string]any:
		for key, inner := range v {
			numbers(inner, key, found)
		}
	case []any:
		for _, inner := range v {
			numbers(inner, key, found)
		}
	case float64:
		found[key] = append(found[key], v)
	}
}

func TestRedactedIDs(t *testing.T) {
	d := reporttest.Telling()
	before, after := map[string][]float64{}, map[string][]float64{}
	numbers(reporttest.DecodeJSON(t, reporttest.Write(t, reportjson.Format, d))["audits"], "", before)
	numbers(
		reporttest.DecodeJSON(t, reporttest.Write(t, reportjson.Format, redacted(t, d)))["audits"],
		"",
		after,
	)
	for _, key := range []string{"id", "token_id", "owner_id"} {
		if len(before[key]) != len(after[key]) || len(after[key]) == 0 {
			t.Errorf("%s: %d, then %d", key, len(before[key]), len(after[key]))
		}
		for _, id := range after[key] {
			organization := id == float64(d.Runs[0].Organization.ID)
			if id < 1 || id > 1<<53 || !organization && slices.Contains(before[key], id) {
				t.Errorf("%s is %.0f", key, id)
			}
		}
	}
}

// TestRedactChangesNoFigure holds that verdict and figures are those of the plain report, and that
// the document is one that every reader takes.
func TestRedactChangesNoFigure(t *testing.T) {
	all := reporttest.Documents()
	all["telling"] = reporttest.Telling()
	for name, d := range all {
		r := redacted(t, d)
		if r.Outcome() != d.Outcome() {
			t.Errorf("%s: %s became %s", name, d.Outcome(), r.Outcome())
		}
		for i, run := range d.Runs {
			told := r.Runs[i]
			before, after := view.Count(run), view.Count(told)
			if view.Headline(run, before) != view.Headline(told, after) ||
				before.Standing != after.Standing || before.Waived != after.Waived ||
				len(before.Expiring) != len(after.Expiring) || run.Summary != told.Summary {
				t.Errorf("%s: %s\nbecame %s", name, view.Headline(run, before), view.Headline(told, after))
			}
			if (len(told.Incomplete) == 0) != told.Complete {
				t.Errorf("%s: complete is %v", name, told.Complete)
			}
		}
		again := restored(t, r)
		if !again.Pseudonymised && len(d.Runs) > 0 {
			t.Errorf("%s: read back it is not pseudonymised", name)
		}
		want, got := reporttest.Write(
			t,
			reportjson.Format,
			r,
		), reporttest.Write(
			t,
			reportjson.Format,
			again,
		)
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if _, err := privacy.Redact(again, redactKey); len(d.Runs) > 0 && err == nil {
			t.Errorf("%s: redacted twice", name)
		}
	}
}

// TestRedactIsStable holds that a key makes the same stand-ins every time, and another key others.
func TestRedactIsStable(t *testing.T) {
	d := reporttest.Telling()
	first := reporttest.Write(t, reportjson.Format, redacted(t, d))
	if !bytes.Equal(
		first,
		reporttest.Write(t, reportjson.Format, redacted(t, reporttest.Telling())),
	) {
		t.Error("not the same twice")
	}
	// ... of a report that was read back, too, but for repositories that nobody knows to be public
	var a, b struct {
		Audits []struct {
			Tokens []struct {
				ID    int64
				Name  string
				Owner struct {
					Login string
					ID    int64
				}
			}
		}
	}
	for text, v := range map[*[]byte]any{
		&first: &a, ptr(reporttest.Write(t, reportjson.Format, redacted(t, restored(t, d)))): &b,
	} {
		if err := json.Unmarshal(*text, v); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(a, b); diff != "" || len(a.Audits[0].Tokens) != 25 {
		t.Errorf("(-want +got):\n%s", diff)
	}
	other, err := privacy.Redact(d, []byte("fedcba9876543210"))
	if err != nil {
		t.Fatal(err)
	}
	for id := range maps.Keys(idsOf(other)) {
		if idsOf(redacted(t, d))[id] {
			t.Errorf("%d is the same with another key", id)
		}
	}
	if _, err := privacy.Redact(d, redactKey[:15]); err == nil {
		t.Error("took a short key")
	}
}

func ptr[T any](v T) *T { return &v }

func idsOf(d *view.Document) map[int64]bool {
	ids := map[int64]bool{}
	for r := range view.Both(d.Runs[0]) {
		ids[r.Token.ID] = true
	}
	return ids
}
