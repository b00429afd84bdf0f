// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bytes"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/gemara"
	"github.com/complytime/pataudit/report/html"
	"github.com/complytime/pataudit/report/json"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/xlsx"
)

// readBack reads a JSON report.
func readBack(t *testing.T, written []byte) *json.Saved {
	t.Helper()
	s, err := json.Read(bytes.NewReader(written), "report.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// restored writes a document as JSON and reads it back.
func restored(t *testing.T, d *view.Document) *view.Document {
	t.Helper()
	again, err := readBack(t, reporttest.Write(t, json.Format, d)).Document(reporttest.FakeRules())
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Runs) == 0 {
		again.Tool, again.View = d.Tool, d.View // no audit says them
	}
	return again
}

// views are ways to leave something out of a report.
var views = map[string]view.View{
	"usual":      {},
	"all":        {Only: view.OnlyAll},
	"failing":    {Only: view.OnlyFailing},
	"severity":   {Filter: view.Filter{Severity: audit.High}},
	"rule":       {Filter: view.Filter{Rules: []string{"long-expiration", "broad-selection"}}},
	"owner":      {Filter: view.Filter{Owners: []string{"JDOE", "bob"}}},
	"repository": {Only: view.OnlyFailing, Filter: view.Filter{Repositories: []string{"repo-15"}}},
	"nothing":    {Filter: view.Filter{Owners: []string{"nobody"}}},
}

// everyDocument is each document in each view.
func everyDocument(t *testing.T, visit func(t *testing.T, d *view.Document)) {
	for _, name := range slices.Sorted(maps.Keys(reporttest.Documents())) {
		for view, v := range views {
			t.Run(name+"/"+view, func(t *testing.T) {
				d := reporttest.Documents()[name]
				if d.View.Only == "" {
					d.View = v
				}
				visit(t, d)
			})
		}
	}
}

// TestRestoredIsTheSame holds that a report that was read back is written with the same bytes.
func TestRestoredIsTheSame(t *testing.T) {
	everyDocument(t, func(t *testing.T, d *view.Document) {
		want := reporttest.Write(t, json.Format, d)
		if got := reporttest.Write(t, json.Format, restored(t, d)); !bytes.Equal(got, want) {
			t.Errorf("(-want +got):\n%s", cmp.Diff(string(want), string(got)))
		}
	})
}

// held reports whether the JSON report of a document holds all that other formats tell: no token
// and no answer that they count was left out, and no text that is not UTF-8.
func held(name string, d *view.Document) bool {
	return name != "hostile" && !d.View.Filter.Active() && d.View.Only != view.OnlyFailing
}

// anyHour is of the last second of a waiver: the waivers of these tests do not begin at midnight.
var anyHour = regexp.MustCompile(`[0-9]T[0-9]{2}:59:59Z`)

var unkept = regexp.MustCompile(` \| (pass|n/a|not shown)`)

// visibility is that of a repository, which no JSON report keeps.
var visibility = regexp.MustCompile(`(complytime/repo-[0-9]+ \| )(public|unknown)`)

// withoutPasses leaves out of a workbook's cells the answers that the usual JSON does not keep.
func withoutPasses(cells []byte) []byte { return unkept.ReplaceAll(cells, []byte(" | ?")) }

// asSaved is a document as far as its JSON report tells a workbook what no token selects.
func asSaved(f view.Format, d *view.Document) *view.Document {
	if f.Name != xlsx.Format.Name {
		return d
	}
	saved := *d
	saved.Runs = nil
	for _, run := range d.Runs {
		less, organization := *run, *run.Organization
		organization.Repositories, organization.Known = nil, 0
		less.Organization = &organization
		saved.Runs = append(saved.Runs, &less)
	}
	return &saved
}

// TestRestoredInEveryFormat holds that the other formats say what they said of the run itself.
func TestRestoredInEveryFormat(t *testing.T) {
	for name, d := range reporttest.Documents() {
		for _, only := range []string{"", view.OnlyAll} {
			if d.View.Only = only; !held(name, d) {
				continue
			}
			again := restored(t, d)
			for _, f := range Formats {
				if only == "" && d.Runs != nil && d.Runs[0].Policy.FailOnRequests &&
					(f.Name == "oscal" || strings.HasPrefix(f.Name, "gemara")) {
					continue // they count the passes of requests, which the usual JSON leaves out
				}
				want := anyHour.ReplaceAll(text(t, f, reporttest.Write(t, f, asSaved(f, d))), nil)
				got := anyHour.ReplaceAll(text(t, f, reporttest.Write(t, f, again)), nil)
				want = visibility.ReplaceAll(want, []byte("$1"))
				got = visibility.ReplaceAll(got, []byte("$1"))
				if only == "" && f.Name == xlsx.Format.Name {
					want, got = withoutPasses(want), withoutPasses(got)
				}
				if diff := cmp.Diff(string(want), string(got)); diff != "" {
					t.Errorf("%s, %s, only %q (-want +got):\n%s", name, f.Name, only, diff)
				}
			}
		}
	}
}

// TestRestoredUnsaved holds that every format says of a run that the history lacks it, after the
// report was read back, too.
func TestRestoredUnsaved(t *testing.T) {
	d := reporttest.Document(reporttest.Violating(), reporttest.Calm())
	d.Runs[1].Unsaved = true
	for _, d := range []*view.Document{d, restored(t, d)} {
		for _, f := range Formats {
			want := "by the history, which could not save it"
			switch f.Name {
			case json.Format.Name:
				want = `"in_history": false`
			case gemara.Catalog.Name:
				continue // it tells of no run
			}
			got := strings.Join(strings.Fields(string(text(t, f, reporttest.Write(t, f, d)))), " ")
			if !strings.Contains(got, want) {
				t.Errorf("%s does not say it:\n%s", f.Name, got)
			}
		}
	}
}

// TestRestoredPasses holds that a workbook says of no rule that a token passes it, if the report
// that was read back does not hold that.
func TestRestoredPasses(t *testing.T) {
	d := restored(t, reporttest.Document(reporttest.Violating()))
	rows, err := reporttest.OpenWorkbook(t, reporttest.Write(t, xlsx.Format, d)).
		GetRows("Rule matrix")
	if err != nil || len(rows) < 2 {
		t.Fatalf("%d rows: %v", len(rows), err)
	}
	for _, row := range rows {
		if slices.Contains(row, "pass") || slices.Contains(row, "n/a") {
			t.Errorf("a pass of a report without passes: %q", row)
		}
	}
}

// TestRestoredPart holds that every format says how many of the tokens it has, and none of those
// figures that only the whole has.
func TestRestoredPart(t *testing.T) {
	d := reporttest.Document(reporttest.Violating())
	d.View.Only = view.OnlyFailing
	d = restored(t, d)
	d.View.Saved = true
	for _, f := range Formats {
		if f.Name == "json" || f.Name == "gemara-catalog" {
			continue // the one has its view, the other no token
		}
		if got := string(text(t, f, reporttest.Write(t, f, d))); !strings.Contains(
			strings.Join(strings.Fields(got), " "), "of 25 tokens 21 are in this report") {
			t.Errorf("%s does not say that it is a part:\n%s", f.Name, got)
		}
	}
	out := printed(t, d)
	for _, not := range []string{"OTHERS", "clean", "--only all"} {
		if strings.Contains(out, not) {
			t.Errorf("says %q of a part:\n%s", not, out)
		}
	}
}

// TestRestoreRefuses changes one thing in a good report so that it contradicts itself.
func TestRestoreRefuses(t *testing.T) {
	good := string(reporttest.Write(t, json.Format, reporttest.DecidedDocument()))
	if _, err := readBack(t, []byte(good)).Document(nil); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct{ from, to, want string }{
		"verdict":  {`"verdict": "violations"`, `"verdict": "clean"`, "verdict is clean"},
		"figure":   {`"tokens_violating": 16`, `"tokens_violating": 0`, "tokens_violating is 0, and 16"},
		"complete": {`"complete": true`, `"complete": false`, "verdict"},
		"reason": {
			"\"incomplete\": [],\n  \"incomplete_codes\": []",
			`"incomplete": [": "], "incomplete_codes": [{"code": "source"}]`,
			"complete is true, with 1 reasons",
		},
		"sentence": {`"incomplete": []`, `"incomplete": ["x"]`, "does not say what incomplete does"},
		"code":     {`"code": "keys"`, `"code": "x"`, "a code that this version does not know"},
		"gap": {
			"\"incomplete_codes\": []", `"incomplete_codes": [{"code": "source"}]`,
			"does not say what incomplete does",
		},
		"list": {
			"\"incomplete\": [],\n  \"incomplete_codes\": []",
			`"incomplete": ["apps"], "incomplete_codes": [{"code": "apps"}]`,
			`has a code of another list: "apps"`,
		},
		"count": {`"tokens": 25,`, `"tokens": 26,`, "summary/tokens is 26, and 25 are listed"},
		"requests": {
			"\"requests\": 2,\n    \"requests_v", "\"requests\": 3,\n    \"requests_v",
			"summary/requests is 3, and 2 are listed",
		},
		"order":  {`"id": 103,`, `"id": 203,`, "not in the order of their ids"},
		"status": {`"status": "fail"`, `"status": "failed"`, "tokens/101/findings/toxic-perm"},
		"severity": {`"severity": "critical",` + "\n      \"asked\"", `"severity": "bad",` +
			"\n      \"asked\"", "rules/toxic-permissions/severity"},
		"rule": {`"rule": "toxic-permissions"`, `"rule": "x"`, "not among the rules"},
		"fact": {`"unknown": []`, `"unknown": ["x"]`, "no fact that this version knows"},
		"time": {`"granted_at": "2026-10-23T06:00:00Z"`, `"granted_at": "x"`, "granted_at is no time"},
		"day":  {`"until": "2026-12-22"`, `"until": "x"`, "until is no time"},
		"more": {
			"\"more\": [\n              \"over 180 days\"\n            ]", "\"more\": []",
			"exceeded/more does not say what exceeds the waiver",
		},
		"source": {
			"\"source\": \"tokens\",\n      \"status\": \"complete\"",
			"\"source\": \"tokens\",\n      \"status\": \"refused\"",
			"complete is true, and yet: tokens: ",
		},
		"no source": {`"source": "tokens"`, `"source": "token"`, "complete is true, and yet: tokens"},
		"a source's word": {
			"\"source\": \"requests\",\n      \"status\": \"complete\"",
			"\"source\": \"requests\",\n      \"status\": \"great\"",
			"status is no status",
		},
		"worse than its token": {
			"\"severity\": \"critical\",\n      \"findings\"",
			"\"severity\": null,\n      \"findings\"",
			"severity is none, and its findings say critical",
		},
		"by a rule": {`"fail": 2,`, `"fail": 9,`, "is 9, and"},
		"not judged": {
			"\"status\": \"fail\",\n          \"severity\": \"critical\"",
			"\"status\": \"indeterminate\",\n          \"severity\": null",
			"severity is critical, and its findings say",
		},
		"waived by nobody": {
			"\"status\": \"fail\",\n          \"severity\": \"critical\"",
			"\"status\": \"waived\",\n          \"severity\": \"critical\"",
			"waiver and status do not agree",
		},
		"mild": {
			"\"status\": \"fail\",\n          \"severity\": \"critical\"",
			"\"status\": \"fail\",\n          \"severity\": null",
			"severity is none of an answer that is fail",
		},
		"by severity": {
			"\"by_severity\": {\n      \"critical\": ", "\"by_severity\": {\n      \"critical\": 1",
			"summary/by_severity",
		},
		"total": {
			"\"findings\": {\n      \"fail\": ", "\"findings\": {\n      \"fail\": 1",
			"summary/fail",
		},
		"asked, and why not": {
			`"asked": true,`, `"asked": true, "not_asked": "off",`, "not_asked is not why the rule",
		},
		"why not":   {`"not_asked": "off",`, ``, "not_asked is not why the rule"},
		"no reason": {`"not_asked": "off"`, `"not_asked": "x"`, "not_asked is not why the rule"},
		"no id":     {`"id": 100,`, `"id": 0,`, "id is none that GitHub gives"},
	} {
		t.Run(name, func(t *testing.T) {
			bad := strings.Replace(good, test.from, test.to, 1)
			if bad == good {
				t.Fatal("nothing was changed")
			}
			_, err := readBack(t, []byte(bad)).Document(reporttest.FakeRules())
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

// TestRestoredUnknownRule holds that a rule of another version keeps what the report says of it.
func TestRestoredUnknownRule(t *testing.T) {
	d := reporttest.Document(reporttest.Violating())
	s := readBack(t, reporttest.Write(t, json.Format, d))
	if got := s.UnknownRules(
		reporttest.FakeRules()[1:],
	); !slices.Equal(
		got,
		[]string{"toxic-permissions"},
	) {
		t.Errorf("unknown: %q", got)
	}
	again, err := s.Document(reporttest.FakeRules()[1:])
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(reporttest.Write(t, json.Format, again), reporttest.Write(t, json.Format, d)) {
		t.Error("not the same bytes")
	}
	if page := string(reporttest.Write(t, html.Format, again)); !strings.Contains(
		page,
		"Remove the permission.",
	) {
		t.Error("its remedy is lost")
	}
}

func TestNarrow(t *testing.T) {
	some := view.Filter{Rules: []string{"a", "b"}, Owners: []string{"jdoe"}, Severity: audit.Medium}
	for name, test := range map[string]struct {
		held, asked view.View
		want        string // of the filter; or of the error
	}{
		"nothing asked": {
			view.View{Filter: some}, view.View{}, "rule a or b, owner jdoe, severity medium or worse",
		},
		"nothing held": {view.View{}, view.View{Filter: some}, some.String()},
		"narrower": {
			view.View{Filter: some},
			view.View{Filter: view.Filter{Rules: []string{"B"}, Severity: audit.High}},
			"rule B, owner jdoe, severity high or worse",
		},
		"other rule": {
			view.View{Filter: some},
			view.View{Filter: view.Filter{Rules: []string{"c"}}},
			"holds rule a or b only",
		},
		"milder": {
			view.View{Filter: some},
			view.View{Filter: view.Filter{Severity: audit.Low}},
			"holds severity medium or worse",
		},
		"all of the usual": {
			view.View{}, view.View{Only: view.OnlyAll}, "holds no answers of rules that pass",
		},
		"all of the failing": {
			view.View{Only: view.OnlyFailing}, view.View{Only: view.OnlyAll}, `no rows for "all"`,
		},
		"failing of all": {view.View{Only: view.OnlyAll}, view.View{Only: view.OnlyFailing}, ""},
	} {
		d := &view.Document{View: test.held}
		v, err := d.Narrow(test.asked)
		got := v.Filter.String()
		if err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, test.want) || test.want == "" && err != nil {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}
