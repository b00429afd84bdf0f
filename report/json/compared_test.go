// SPDX-License-Identifier: Apache-2.0

package json

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/reporttest"
)

// compared reads a report as a later run is compared with it.
func compared(text []byte) (*audit.Run, error) {
	c, err := ReadCompared(reopened(text), "x")
	if err != nil {
		return nil, err
	}
	var results []*audit.Result
	for result, err := range c.Results() {
		if err != nil {
			return nil, err
		}
		results = append(results, result)
	}
	return audit.Restored(c.Run, results, nil), nil
}

// TestReadCompared holds that what a run is compared with is what the whole report says.
func TestReadCompared(t *testing.T) {
	for name, d := range reporttest.Documents() {
		text := jsonText(t, d)
		got, err := compared(text)
		if !d.Single() {
			if err == nil && len(d.Runs) != 1 {
				t.Errorf("%s: read as of one organization", name)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		saved, err := Read(bytes.NewReader(text), name)
		if err != nil {
			t.Fatal(err)
		}
		whole, err := saved.Document(reporttest.FakeRules())
		if err != nil {
			t.Fatal(err)
		}
		want := whole.Runs[0]
		if got.Outcome() != want.Outcome() || got.Listed() != want.Listed() ||
			!got.AsOf.Equal(want.AsOf) || got.Policy.Digest != want.Policy.Digest ||
			!reflect.DeepEqual(audit.BothAsked(got, want), audit.BothAsked(want, want)) {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
		if got, want := findingsOf(got), findingsOf(want); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
}

// findingsOf returns what of a run's tokens is compared.
func findingsOf(run *audit.Run) (all []any) {
	for result := range run.Results() {
		all = append(all, result.Token.ID, result.Token.TokenID)
		for _, f := range result.Findings {
			all = append(all, f.Rule.Rule.ID, f.Status, f.Severity, f.InBaseline,
				strings.Join(f.Basis, "\n"))
		}
	}
	return all
}

// TestComparedRefuses holds that a report that is not as it was written is not compared with.
func TestComparedRefuses(t *testing.T) {
	text := string(jsonText(t, reporttest.Documents()["violations"]))
	for _, change := range []struct{ from, to, want string }{
		{`"tokens": [`, `"tokens": [{"id": 9007199254740991},`, "order"},
		{`"rule": "`, `"rule": "x`, "rules of the report"},
		{`"status": "fail"`, `"status": "failed"`, "is no status"},
		{`"version": 1`, `"version": 2`, "newer"},
		{`"requests": [`, `"request": [`, "requests is missing"},
	} {
		changed := strings.Replace(text, change.from, change.to, 1)
		if changed == text {
			t.Fatalf("there is no %s", change.from)
		}
		_, err := compared([]byte(changed))
		if err == nil || !strings.Contains(err.Error(), change.want) {
			t.Errorf("%s: %v", change.to, err)
		}
	}
	if _, err := compared([]byte(text[:len(text)/2])); err == nil {
		t.Error("half of it is compared with")
	}
}
