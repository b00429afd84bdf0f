// SPDX-License-Identifier: Apache-2.0

package privacy

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/rulepage"
	"github.com/complytime/pataudit/report/view"
)

func redact(t *testing.T, d *view.Document) *view.Document {
	t.Helper()
	r, err := Redact(d, []byte("0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	return r
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
		r := redact(t, d)
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
	r := redact(t, reporttest.Document(reporttest.Violating()))
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
	calm := redact(t, reporttest.Document(reporttest.Calm())).Runs[0]
	if last := calm.Rules[len(calm.Rules)-1]; last.Rule.ID == rulepage.Withheld {
		t.Error("a rule for nothing")
	}
}

// TestRedactMany holds that results come in the order of their ids, however many there are.
func TestRedactMany(t *testing.T) {
	const n = 2_000
	last, seen := int64(0), 0
	for r := range redact(t, reporttest.Document(reporttest.Many(n))).Runs[0].Results() {
		if r.Token.ID <= last {
			t.Fatalf("%d after %d", r.Token.ID, last)
		}
		last, seen = r.Token.ID, seen+1
	}
	if seen != n {
		t.Errorf("%d of %d", seen, n)
	}
}

// TestNamesNobody holds which elements of a basis, or of what exceeds it, a redacted report tells.
func TestNamesNobody(t *testing.T) {
	for element, want := range map[string]bool{
		"repository:contents:write":                        true,
		audit.EveryRepository:                              true,
		audit.GraverThanAccepted(audit.High, audit.Medium): true,
		audit.GraverThanAccepted(audit.Info, 0):            true,
		"octocat now, medium was accepted":                 false,
		"reaches acme/secret":                              false,
		"writes to repository 1234":                        false,
		audit.EveryRepository + " of acme":                 false,
	} {
		if got := namesNobody(element); got != want {
			t.Errorf("%q: %v", element, got)
		}
	}
}

// TestRedactNewFacts holds that no text of a token, a decision or a classic token is told as it
// is, whatever fields they have: one that is new is left out until somebody decides how it is
// told.
func TestRedactNewFacts(t *testing.T) {
	const secret = "a-name-that-somebody-typed"
	fill := func(of any, ours ...string) {
		fields := reflect.ValueOf(of).Elem()
		for i := range fields.NumField() {
			if f := fields.Field(i); f.Type() == reflect.TypeFor[string]() &&
				!slices.Contains(ours, fields.Type().Field(i).Name) {
				f.SetString(secret)
			}
		}
	}
	e := reporttest.Enterprise()
	for _, token := range e.Tokens {
		fill(token)
	}
	for _, c := range e.Classic {
		fill(c)
	}
	d := reporttest.Document(e)
	for _, decided := range reporttest.DecidedDocument().Runs[0].Decisions {
		fill(decided.Decision, "Kind", "Rule")
		d.Runs[0].Decisions = append(d.Runs[0].Decisions, decided)
	}
	if len(d.Runs[0].Decisions) == 0 {
		t.Fatal("nothing was decided")
	}
	run := redact(t, d).Runs[0]
	for r := range view.Both(run) {
		for _, f := range r.Findings {
			if text := fmt.Sprintf("%+v %+v", *f, f.Waiver); strings.Contains(text, secret) {
				t.Errorf("a finding: %s", text)
			}
		}
		if text := fmt.Sprintf("%+v", *r.Token); strings.Contains(text, secret) {
			t.Errorf("a token: %s", text)
		}
	}
	for _, c := range run.Classic {
		if text := fmt.Sprintf("%+v", *c); strings.Contains(text, secret) {
			t.Errorf("a classic token: %s", text)
		}
	}
	for _, decided := range run.Decisions {
		if text := fmt.Sprintf("%+v", *decided.Decision); strings.Contains(text, secret) {
			t.Errorf("a decision: %s", text)
		}
	}
}
