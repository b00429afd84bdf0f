// SPDX-License-Identifier: Apache-2.0

package annotations

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/privacy"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/view"
)

// parsed reads lines as a runner does: a command, its properties, its message. Any other line is
// an error.
func parsed(text string) (all []annotation, err error) {
	for line := range strings.Lines(text) {
		line, ended := strings.CutSuffix(line, "\n")
		rest, starts := strings.CutPrefix(line, "::")
		head, message, closed := strings.Cut(rest, "::")
		level, properties, some := strings.Cut(head, " ")
		if !ended || !starts || !closed || !some || strings.ContainsRune(line, '\r') {
			return nil, fmt.Errorf("no command: %q", line)
		}
		a := annotation{level: level, text: unescaped(message)}
		for property := range strings.SplitSeq(properties, ",") {
			key, value, _ := strings.Cut(property, "=")
			if key != "title" {
				return nil, fmt.Errorf("property %q: %q", key, line)
			}
			a.title = unescaped(value)
		}
		all = append(all, a)
	}
	return all, nil
}

// unescaped undoes what a runner undoes; its order is the runner's.
func unescaped(s string) string {
	return strings.NewReplacer(
		"%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",", "%25", "%",
	).Replace(s)
}

func written(t *testing.T, d *view.Document) []annotation {
	t.Helper()
	all, err := parsed(string(reporttest.Write(t, Format, d)))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestDocuments holds that every document has few annotations, that one is an error exactly if the
// document is not clean, and that the worst tokens are there by name.
func TestDocuments(t *testing.T) {
	for name, d := range reporttest.Documents() {
		all := written(t, d)
		failing := false
		for _, a := range all {
			failing = failing || a.title == "pataudit" && a.level == levelError
			if strings.ContainsFunc(a.title+a.text, reporttest.Hidden) {
				t.Errorf("%s: hidden: %q", name, a)
			}
		}
		if len(all) > most || failing != (d.Outcome() != audit.Clean) {
			t.Errorf("%s: %v: %d: %q", name, d.Outcome(), len(all), all)
		}
	}
	all := written(t, reporttest.Document(reporttest.Violating()))
	reporttest.Golden(t, "violations.annotations", reporttest.Write(t, Format,
		reporttest.Document(reporttest.Violating())))
	last := all[len(all)-1]
	if !strings.HasPrefix(last.text, "and ") || !strings.Contains(last.text, "summary") {
		t.Errorf("%q", last)
	}
}

// TestNames holds that a token's annotation tells its id, name, owner, rule and next step, and
// that a document for everybody tells figures and no name.
func TestNames(t *testing.T) {
	d := reporttest.Telling()
	for _, a := range written(t, privacy.Nameless(d)) {
		for name := range reporttest.NamesIn(d) {
			if strings.Contains(strings.ToLower(a.title+a.text), strings.ToLower(name)) {
				t.Errorf("tells %q: %q", name, a)
			}
		}
		if a.title != "pataudit" {
			t.Errorf("tells of a token: %q", a)
		}
	}
	d.Failed = nil
	r := broken(d)[0]
	token, rule := r.result.Token, r.reason.Rule.Rule
	subject := fmt.Sprintf("token %s (%s) of %s: ", token.Name, token.Identity(), token.Owner.Login)
	first := written(t, d)[len(verdict(d))]
	if first.title != "critical: "+rule.ID || !strings.HasPrefix(first.text, subject) ||
		!strings.HasSuffix(first.text, ". Next: "+rule.Remedy) {
		t.Errorf("%q", first)
	}
}

// TestUnjudged holds that a token that could not be judged is told what is missing, not how to
// mend what it may not have done.
func TestUnjudged(t *testing.T) {
	found := false
	for _, a := range written(t, reporttest.Document(reporttest.Incomplete(reporttest.Calm()))) {
		found = found || a.level == levelWarning &&
			strings.HasPrefix(a.title, "cannot be judged: ") &&
			strings.HasSuffix(a.text, "pataudit doctor tells how.")
	}
	if !found {
		t.Error("nothing is told of what could not be judged")
	}
}

// TestAnyText draws names and checks that each comes through as it is shown elsewhere.
func TestAnyText(t *testing.T) {
	text := rapid.OneOf(rapid.String(), rapid.SampledFrom(reporttest.Payloads),
		rapid.SampledFrom([]string{"50% off, a:b", "x%0Ay", "%3A%2C", "a,title=b::c"}))
	rapid.Check(t, func(t *rapid.T) {
		e := reporttest.Violating()
		for _, token := range e.Tokens {
			token.Name = text.Draw(t, "name")
			if token.Owner != nil {
				token.Owner.Login = text.Draw(t, "login")
			}
		}
		d := reporttest.Document(e)
		var b strings.Builder
		if err := Format.Write(&b, d); err != nil {
			t.Fatal(err)
		}
		all, err := parsed(b.String())
		if err != nil || len(all) > most {
			t.Fatal(len(all), err)
		}
		if a := tokenAnnotation(broken(d)[0], false); !strings.Contains(b.String(), a.String()) {
			t.Fatalf("the worst is not there: %q", a.String())
		}
	})
}

func TestWriteError(t *testing.T) {
	d := reporttest.Document(reporttest.Violating())
	if err := Format.Write(&reporttest.FailingWriter{Left: 20}, d); !errors.Is(
		err, reporttest.ErrFull) {
		t.Error(err)
	}
}
