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

	"github.com/complytime/pataudit/report/reporttest"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/rulepage"
	"github.com/complytime/pataudit/report/view"
)

var redactKey = []byte("0123456789abcdef")

func redacted(t *testing.T, d *view.Document) *view.Document {
	t.Helper()
	r, err := Redact(d, redactKey)
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
	numbers(reporttest.DecodeJSON(t, reporttest.Write(t, JSON, d))["audits"], "", before)
	numbers(reporttest.DecodeJSON(t, reporttest.Write(t, JSON, redacted(t, d)))["audits"], "", after)
	for _, key := range []string{"id", "token_id", "owner_id"} {
		if len(before[key]) != len(after[key]) || len(after[key]) == 0 {
			t.Errorf("%s: %d, then %d", key, len(before[key]), len(after[key]))
		}
		for _, id := range after[key] {
			organization := id == float64(d.Runs[0].Organization.ID)
			if id < 1 || id > 1<<idBits || !organization && slices.Contains(before[key], id) {
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
		if diff := cmp.Diff(string(reporttest.Write(t, JSON, r)), string(reporttest.Write(t, JSON, again))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if _, err := Redact(again, redactKey); len(d.Runs) > 0 && err == nil {
			t.Errorf("%s: redacted twice", name)
		}
	}
}

// TestRedactIsStable holds that a key makes the same stand-ins every time, and another key others.
func TestRedactIsStable(t *testing.T) {
	d := reporttest.Telling()
	first := reporttest.Write(t, JSON, redacted(t, d))
	if !bytes.Equal(first, reporttest.Write(t, JSON, redacted(t, reporttest.Telling()))) {
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
		&first: &a, ptr(reporttest.Write(t, JSON, redacted(t, restored(t, d)))): &b,
	} {
		if err := json.Unmarshal(*text, v); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(a, b); diff != "" || len(a.Audits[0].Tokens) != 25 {
		t.Errorf("(-want +got):\n%s", diff)
	}
	other, err := Redact(d, []byte("fedcba9876543210"))
	if err != nil {
		t.Fatal(err)
	}
	for id := range maps.Keys(idsOf(other)) {
		if idsOf(redacted(t, d))[id] {
			t.Errorf("%d is the same with another key", id)
		}
	}
	if _, err := Redact(d, redactKey[:15]); err == nil {
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

// TestRedactKeepsFilters holds that rows are chosen by what they were before.
func TestRedactKeepsFilters(t *testing.T) {
	for _, filter := range []view.Filter{
		{Owners: []string{"JDOE", "tsuki"}},
		{Repositories: []string{"secret-00"}},
		{Repositories: []string{"complytime/Secret-02", "repo-06"}},
	} {
		d := reporttest.Telling()
		d.View.Filter = filter
		shown := func(d *view.Document) (n int) {
			for r := range d.Runs[0].Results() {
				if _, is := d.View.Choose(r); is {
					n++
				}
			}
			return n
		}
		r := redacted(t, d)
		if before := shown(d); before == 0 || before == 25 || shown(r) != before {
			t.Errorf("%s: %d rows, then %d", filter.String(), before, shown(r))
		}
		if text := r.View.Filter.String(); strings.Contains(text, "secret") ||
			strings.Contains(text, "tsuki") {
			t.Errorf("the filter tells %s", text)
		}
	}
}

// TestRedactWithholds holds that what a token fails by is left out where it is the owner's affair,
// and that it is told that it fails.
func TestRedactWithholds(t *testing.T) {
	r := redacted(t, reporttest.Document(reporttest.Violating()))
	withheld := 0
	for result := range r.Runs[0].Results() {
		for _, f := range result.Findings {
			if restsOnOwner(f.Rule.Rule) {
				t.Errorf("%s: %s", f.Rule.Rule.ID, f.Message)
			}
			if f.Rule.Rule.ID == rulepage.Withheld {
				withheld++
			}
		}
		if o := result.Token.Owner; o.TwoFactor != nil || o.Role != "" {
			t.Errorf("an owner is told as %+v", o)
		}
	}
	rules := r.Runs[0].Rules
	if last := rules[len(rules)-1]; withheld != 1 || last.Counts[audit.Fail] != 1 ||
		rules[2].Counts[audit.Fail] != 1 {
		t.Errorf("%d withheld, counted as %+v", withheld, last.Counts)
	}
	calm := redacted(t, reporttest.Document(reporttest.Calm())).Runs[0]
	if last := calm.Rules[len(calm.Rules)-1]; last.Rule.ID == rulepage.Withheld {
		t.Error("a rule for nothing")
	}
}

// TestRedactMany holds that results come in the order of their ids, however many there are.
func TestRedactMany(t *testing.T) {
	const n = 2_000
	last, seen := int64(0), 0
	for r := range redacted(t, reporttest.Document(reporttest.Many(n))).Runs[0].Results() {
		if r.Token.ID <= last {
			t.Fatalf("%d after %d", r.Token.ID, last)
		}
		last, seen = r.Token.ID, seen+1
	}
	if seen != n {
		t.Errorf("%d of %d", seen, n)
	}
}
