// SPDX-License-Identifier: Apache-2.0

package json

import (
	"bytes"
	"iter"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/view"
)

func saved(t *testing.T, written []byte) *Saved {
	t.Helper()
	s, err := Read(bytes.NewReader(written), "report.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestReadsAll holds that the reader knows every key that the writer writes, and its value: what
// was written and what was read are the same, both ways.
func TestReadsAll(t *testing.T) {
	for name, d := range reporttest.Documents() {
		t.Run(name, func(t *testing.T) {
			written := reporttest.Write(t, Format, d)
			s := saved(t, written)
			var again []byte
			var err error
			if s.several != nil {
				s.several.Audits = func(yield func(*reportObject) bool) {
					for _, part := range s.Parts {
						yield(part.wire)
					}
				}
				again, err = json.Marshal(s.several)
			} else {
				again, err = json.Marshal(s.Parts[0].wire)
			}
			if err != nil {
				t.Fatal(err)
			}
			differences, err := comparing{}.compare(again, written)
			for _, difference := range differences {
				t.Error(difference)
			}
			if err != nil {
				t.Error(err)
			}
			for i, part := range s.Parts {
				run := d.Runs[i]
				if part.Digest != run.Digest || !part.AsOf.Equal(run.AsOf) ||
					part.Policy.FailOn != run.Policy.FailOn ||
					part.Organization != strings.ToValidUTF8(run.Organization.Login, "\ufffd") {
					t.Errorf("read as %+v", part)
				}
			}
		})
	}
}

// TestReadRefuses changes one thing in a good report, and wants to be told what and where.
func TestReadRefuses(t *testing.T) {
	good := string(reporttest.Write(t, Format, reporttest.Document(reporttest.Violating())))
	for name, test := range map[string]struct{ from, to, want string }{
		"newer": {`"version": 1`, `"version": 2`, "report.json: version 2 was written by a newer"},
		"older": {`"version": 1`, `"version": 0`, "version is none that there ever was"},
		"a snapshot": {
			`"version": 1`, `"snapshot": 1`, "version is missing; this is not a JSON report",
		},
		"empty":   {good, "", "the file ends too early"},
		"cut off": {"\n}\n", "", "the file ends too early"},
		"two":     {"\n}\n", "\n}\n{}", "report.json:"},
		"garbage": {good, "garbage", "report.json:1: "},
		"key twice": {
			`"complete": true`, `"complete": true, "complete": true`, "/complete is there twice",
		},
		"key twice below": {
			`"rule": "toxic-permissions",`, `"rule": "toxic-permissions", "rule": "unused",`,
			"/rule is there twice",
		},
		"type":        {`"complete": true`, `"complete": "true"`, "/complete is of another type"},
		"null":        {`"complete": true`, `"complete": null`, "complete cannot be null"},
		"fraction":    {`"tokens": 25`, `"tokens": 25.5`, "/summary/tokens is of another type"},
		"missing":     {`"complete": true,`, ``, "complete is missing"},
		"letter case": {`"complete": true`, `"Complete": true`, "complete is missing"},
		"missing below": {
			`"in_baseline": false`, `"in_base": false`,
			"tokens/101/findings/toxic-permissions/in_baseline is missing",
		},
		"letter case of a key that may be missing": {
			`"in_baseline": false`, `"in_baseline": false, "Overdue": true`, "/overdue is missing",
		},
		"severity": {`"fail_on": "medium"`, `"fail_on": "grave"`, "policy/fail_on severity"},
		"time": {
			`"as_of": "2026-11-22T06:00:00Z"`, `"as_of": "2026-11-22"`, "as_of is no time",
		},
		"no time":       {`"as_of": "2026-11-22T06:00:00Z"`, `"as_of": null`, "as_of cannot be null"},
		"invalid UTF-8": {`ex-kim`, "ex-\xff", "report.json:"},
	} {
		t.Run(name, func(t *testing.T) {
			bad := strings.Replace(good, test.from, test.to, 1)
			if bad == good {
				t.Fatal("nothing was changed")
			}
			_, err := Read(strings.NewReader(bad), "report.json")
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

// TestReadYounger holds that keys of a later version 1 do no harm.
func TestReadYounger(t *testing.T) {
	d := reporttest.Document(reporttest.Violating())
	younger := strings.ReplaceAll(string(reporttest.Write(t, Format, d)), `"version": 1`,
		`"version": 1, "new": [{}]`)
	s := saved(t, []byte(younger))
	if differences, err := s.Parts[0].Differences(d.Runs[0]); err != nil || len(differences) > 0 {
		t.Error(differences, err)
	}
}

// TestVerify holds that a report agrees with its own run, however it is shown, and that it differs
// where one thing in it was changed.
func TestVerify(t *testing.T) {
	d := reporttest.Document(reporttest.Violating())
	for _, view := range []view.View{
		{},
		{Only: view.OnlyAll},
		{Only: view.OnlyFailing},
		{Filter: view.Filter{Severity: audit.Critical, Owners: []string{"JDOE"}}},
		{Filter: view.Filter{Rules: []string{"long-expiration"}, Repositories: []string{"repo-01"}}},
	} {
		d.View = view
		part := saved(t, reporttest.Write(t, Format, d)).Parts[0]
		if differences, err := part.Differences(d.Runs[0]); err != nil || len(differences) > 0 {
			t.Error(view, differences, err)
		}
	}
	d.View = view.View{}
	good := string(reporttest.Write(t, Format, d))
	for name, test := range map[string]struct{ from, to, want string }{
		"verdict": {
			`"verdict": "violations"`, `"verdict": "clean"`,
			`verdict: "clean"; judged again it is "violations"`,
		},
		"incomplete": {
			`"incomplete": []`, `"incomplete": ["x"]`, `incomplete/0: "x"; judged again there is none`,
		},
		"summary": {`"tokens_failing": 21`, `"tokens_failing": 7`, "summary/tokens_failing: 7; judged"},
		"coverage": {
			`"status": "complete",`, `"status": "partial",`, `coverage/tokens/status: "partial"`,
		},
		"severity": {
			`"severity": "critical",` + "\n          " + `"message"`,
			`"severity": "low",` + "\n          " + `"message"`,
			`tokens/101/findings/toxic-permissions/severity: "low"; judged again it is "critical"`,
		},
		"rule": {
			`"rule": "owner-not-member"`, `"rule": "unused"`,
			"tokens/102/findings/owner-not-member: missing; judged again it is {",
		},
		"id": {`"id": 103,`, `"id": 9223372036854775807,`, "tokens/103: missing; judged again it is"},
		"id, by one": {
			`"token_id": 90103`, `"token_id": 90104`,
			"tokens/103/token_id: 90104; judged again it is 90103",
		},
		"right": {
			`"administration": "write"`, `"administration": "read"`,
			"tokens/101/permissions/repository/administration",
		},
		"waiver":  {`"by_owner": false`, `"by_owner": true`, "waiver/by_owner: true"},
		"request": {`"reason": "previews"`, `"reason": ""`, `requests/901/reason: ""`},
		"not seen": {
			`"apps"`, `"apps, which is fine"`, "not_seen/2",
		},
		"decision": {`"state": "used"`, `"state": "done"`, `decisions/0/state: "done"`},
	} {
		t.Run(name, func(t *testing.T) {
			bad := strings.Replace(good, test.from, test.to, 1)
			if bad == good {
				t.Fatal("nothing was changed")
			}
			differences, err := saved(t, []byte(bad)).Parts[0].Differences(d.Runs[0])
			if err != nil {
				t.Fatal(err)
			}
			var all []string
			for _, difference := range differences {
				all = append(all, difference.String())
			}
			if lines := strings.Join(all, "\n"); !strings.Contains(lines, test.want) {
				t.Errorf("got %s\nwant %s", lines, test.want)
			}
		})
	}
}

// TestVerifyOrder holds that elements in another order, or twice, do not pass.
func TestVerifyOrder(t *testing.T) {
	for name, test := range map[string]struct{ saved, judged, want string }{
		"order": {`{"tokens":[{"id":2},{"id":1}]}`, `{"tokens":[{"id":1},{"id":2}]}`, "tokens/0: 2; "},
		"twice": {
			`{"tokens":[{"id":1},{"id":1}]}`, `{"tokens":[{"id":1}]}`,
			`tokens/1 again: {"id":1}; judged again there is none`,
		},
		"large": {
			`{"id":9007199254740993}`, `{"id":9007199254740992}`,
			"id: 9007199254740993; judged again it is 9007199254740992",
		},
		"escapes": {`{"a":"\u0041"}`, `{"a":"A"}`, ""},
	} {
		got := ""
		differences, err := comparing{}.compare([]byte(test.saved), []byte(test.judged))
		if err != nil {
			t.Error(err)
		}
		for _, difference := range differences {
			got += difference.String() + "\n"
		}
		if !strings.Contains(got, test.want) || test.want == "" && got != "" {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}

// TestVerifyTotal holds that the total of several organizations is that of its parts; a report of
// which one was cut out is not read.
func TestVerifyTotal(t *testing.T) {
	for _, name := range []string{"several", "failed", "none"} {
		d := reporttest.Documents()[name]
		good := string(reporttest.Write(t, Format, d))
		differences, err := saved(t, []byte(good)).TotalDifferences()
		if err != nil || len(differences) > 0 {
			t.Error(name, differences, err)
		}
		for _, change := range [][2]string{
			{`"complete": false`, `"complete": true`},
			{`"verdict": "`, `"verdict": "un`},
			{`"tokens": `, `"tokens": 1`},
			{`"low": `, `"low": 1`},
		} {
			bad := strings.Replace(good, change[0], change[1], 1)
			differences, err := saved(t, []byte(bad)).TotalDifferences()
			if err != nil || len(differences) != 1 {
				t.Error(name, change, differences, err)
			}
			if _, err := saved(t, []byte(bad)).Document(reporttest.FakeRules()); err == nil {
				t.Error(name, change, "is read")
			}
		}
	}
}

// TestReadCut holds that a report of several organizations of which some were taken out is not
// read.
func TestReadCut(t *testing.T) {
	good := reporttest.Write(t, Format, reporttest.Documents()["several"])
	parts := len(saved(t, good).Parts)
	rapid.Check(t, func(t *rapid.T) {
		var wire reportsObject
		if err := json.Unmarshal(good, &wire); err != nil {
			t.Fatal(err)
		}
		left := slices.DeleteFunc(slices.Collect(iter.Seq[*reportObject](wire.Audits)),
			func(*reportObject) bool { return rapid.Bool().Draw(t, "cut out") })
		wire.Audits = elements[reportObject](slices.Values(left))
		text, err := json.Marshal(&wire)
		if err != nil {
			t.Fatal(err)
		}
		report, err := Read(bytes.NewReader(text), "report.json")
		if err == nil {
			_, err = report.Document(reporttest.FakeRules())
		}
		if whole := len(left) == parts; whole != (err == nil) {
			t.Fatalf("%d of %d audits: %v", len(left), parts, err)
		}
	})
}

// TestReadWhole takes each key away in turn: a report without it is refused, unless it is one that
// is written only where there is something to say.
func TestReadWhole(t *testing.T) {
	optional := regexp.MustCompile(`/(since|trend|view|pseudonymised|overdue|fail_on_overdue|sla|` +
		`history_required|not_asked|organization_settings|settings_contradicted|` +
		`token_created_at|approved_by|first_seen|last_expires_at|gained|lapsed|successors|due|` +
		`gone_tokens|more_than_debt|` +
		`reason_codes/\d+/\w+|` +
		`decisions/\d+/(basis|severity|held|reach|repository_ids)|sla/\w+|permissions/\w+/\w+)$`)
	for _, name := range []string{"violations", "remembered", "decided", "claimed"} {
		written := reporttest.Write(t, Format, reporttest.Documents()[name])
		removed := 0
		for place, without := range lacking(written) {
			_, err := Read(bytes.NewReader(without), "report.json")
			if err == nil && !optional.MatchString(place) {
				t.Fatalf("%s: %s may be missing", name, place)
			}
			removed++
		}
		if removed < 100 {
			t.Errorf("%s: only %d keys were taken away", name, removed)
		}
	}
}

// lacking returns a text without one key at a time, each key of a kind once, by the key's place.
func lacking(text []byte) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		seen := map[string]bool{}
		decoder := jsontext.NewDecoder(bytes.NewReader(text))
		for {
			start := decoder.InputOffset()
			token, err := decoder.ReadToken()
			if err != nil {
				return
			}
			kind, length := decoder.StackIndex(decoder.StackDepth())
			place := string(decoder.StackPointer())
			sort := number.ReplaceAllString(place, "/*")
			if token.Kind() != '"' || kind != '{' || length%2 == 0 || seen[sort] {
				continue
			}
			seen[sort] = true
			inner := jsontext.NewDecoder(bytes.NewReader(text))
			for inner.InputOffset() < decoder.InputOffset() {
				_, _ = inner.ReadToken()
			}
			if _, err := inner.ReadValue(); err != nil {
				return
			}
			end := inner.InputOffset()
			without := slices.Concat(text[:start], text[end:])
			if length == 1 { // the first key: what follows it begins with a comma
				without = slices.Concat(text[:start], bytes.TrimPrefix(text[end:], []byte(",")))
			}
			if !yield(place, without) {
				return
			}
		}
	}
}

var number = regexp.MustCompile(`/\d+`)

// TestReadAlike holds that a key beside one that differs from it in case alone is refused wherever
// it stands: other readers may take one for the other, as encoding/json does. The names of
// permissions are GitHub's.
func TestReadAlike(t *testing.T) {
	written := reporttest.Write(t, Format, reporttest.Documents()["remembered"])
	type member struct {
		key   string
		start int64
	}
	var members []member
	decoder := jsontext.NewDecoder(bytes.NewReader(written))
	for token, err := decoder.ReadToken(); err == nil; token, err = decoder.ReadToken() {
		kind, length := decoder.StackIndex(decoder.StackDepth())
		place := string(decoder.StackPointer())
		if kind == '{' && length%2 == 1 && !strings.Contains(place, "/permissions/") {
			key := token.String()
			members = append(members, member{key, decoder.InputOffset() - int64(len(key)+len(`""`))})
		}
	}
	variants := map[string]func(string) string{
		"upper":  strings.ToUpper,
		"long":   func(key string) string { return strings.Replace(key, "s", "\u017f", 1) },
		"kelvin": func(key string) string { return strings.Replace(key, "k", "\u212a", 1) },
	}
	names := slices.Sorted(maps.Keys(variants))
	rapid.Check(t, func(t *rapid.T) {
		at := rapid.SampledFrom(members).Draw(t, "member")
		other := variants[rapid.SampledFrom(names).Draw(t, "variant")](at.key)
		if other == at.key {
			return
		}
		bad := slices.Concat(written[:at.start], []byte(`"`+other+`": null,`), written[at.start:])
		want := "/" + at.key + " differs from another key"
		_, err := Read(bytes.NewReader(bad), "r")
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Fatalf("%s at %d: %v", other, at.start, err)
		}
	})
}
