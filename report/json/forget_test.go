// SPDX-License-Identifier: Apache-2.0

package json

import (
	"bytes"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/encode"
	"github.com/complytime/pataudit/report/privacy"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/view"
)

// TestForgottenReport takes each owner out of each report: what is left can be read, has the same
// figures, and names nobody but the others.
func TestForgottenReport(t *testing.T) {
	for name, d := range reporttest.Documents() {
		if !d.Single() {
			continue
		}
		text := jsonText(t, d)
		owners := map[string]int64{}
		for r := range view.Both(d.Runs[0]) {
			if o := r.Token.Owner; o != nil && o.Login != "" {
				owners[o.Login] = o.ID
			}
		}
		for _, login := range slices.Sorted(maps.Keys(owners))[:min(2, len(owners))] {
			id := owners[login]
			f := &privacy.Forgotten{
				IDs: map[int64]int{id: 3}, Logins: map[string]int{strings.ToLower(login): 3},
			}
			write, err := Forget(f, reopened(text), Digests{Evidence: "sha256:other"})
			if err != nil {
				t.Fatalf("%s: %s: %v", name, login, err)
			}
			var after bytes.Buffer
			if err := write(&after); err != nil {
				t.Fatalf("%s: %s: %v", name, login, err)
			}
			saved, err := Read(&after, name)
			if err != nil {
				t.Fatalf("%s: %s: %v", name, login, err)
			}
			again, err := saved.Document(reporttest.FakeRules())
			if err != nil {
				t.Errorf("%s: %s: %v", name, login, err)
				continue
			}
			if saved.Parts[0].Digest != "sha256:other" {
				t.Errorf("%s: the evidence is still %s", name, saved.Parts[0].Digest)
			}
			if again.Runs[0].Summary != d.Runs[0].Summary {
				t.Errorf("%s: %s: other figures", name, login)
			}
			for r := range view.Both(again.Runs[0]) {
				if o := r.Token.Owner; o != nil && (o.ID == id || strings.EqualFold(o.Login, login) ||
					privacy.StandIn(o.ID) == 3 && r.Token.Name != "(forgotten-3)") {
					t.Errorf("%s: %s is still there: %q of %+v", name, login, r.Token.Name, o)
				}
			}
		}
	}
}

// TestForgottenNobody: a report that does not name the person comes back as it was, byte by byte.
func TestForgottenNobody(t *testing.T) {
	f := &privacy.Forgotten{IDs: map[int64]int{4711: 1}, Logins: map[string]int{"nobody-here": 1}}
	for name, d := range reporttest.Documents() {
		if !d.Single() {
			continue
		}
		text := jsonText(t, d)
		if write, err := Forget(f, reopened(text), Digests{}); err != nil || write != nil {
			t.Errorf("%s: %v: changed", name, err)
		}
	}
}

// reopened opens a text each time that it is to be read.
func reopened(text []byte) func() (io.Reader, error) {
	return func() (io.Reader, error) { return bytes.NewReader(text), nil }
}

func jsonText(t *testing.T, d *view.Document) []byte {
	t.Helper()
	var text bytes.Buffer
	if err := Format.Write(&text, d); err != nil {
		t.Fatal(err)
	}
	return text.Bytes()
}

// TestForgottenWords holds that a login that is an ordinary word changes what people and GitHub
// wrote, and nothing of what the rules say.
func TestForgottenWords(t *testing.T) {
	f := &privacy.Forgotten{Logins: map[string]int{"never": 1, "apps": 1, "tokens": 1}}
	w := &reportObject{
		Coverage: []coverageObject{{
			Source: "tokens", Reason: "403 for never", ReasonCodes: audit.Because("403 for never"),
		}},
		WhyIncomplete: audit.Gaps{
			{Code: audit.GapSource, Source: "tokens", Quoted: "403 for never"},
			{Code: audit.GapRule, Rule: "unused", Count: 3, Of: 4},
		},
		WhatNotSeen: audit.Gaps{
			{Code: audit.GapApps},
			{Code: audit.GapPending, Status: audit.Refused, Quoted: "403 for never"},
		},
		Decisions: []decisionObject{{By: "never", Reason: "apps of never", Detail: "the tokens grew"}},
	}
	request := &requestObject{Denial: "use apps", resultObject: resultObject{
		Findings: []findingObject{{Rule: "unused", Message: "was never used", Remedy: "never mind"}},
	}}
	forgetInReport(f, w)
	forgetInRequest(f, request)
	told := strings.Join(slices.Concat(w.Incomplete, w.NotSeen, []string{
		request.Findings[0].Message, request.Findings[0].Remedy, request.Denial,
		w.Decisions[0].By, w.Decisions[0].Reason, w.Decisions[0].Detail, w.Coverage[0].Reason,
	}), "\n")
	want := `tokens: 403 for (forgotten-1)
unused cannot judge 3 of 4 tokens
apps
pending requests (403 for (forgotten-1))
was never used
never mind
use apps
(forgotten-1)
(forgotten-1) of (forgotten-1)
the tokens grew
403 for (forgotten-1)`
	if told != want {
		t.Errorf("got\n%s\nwant\n%s", told, want)
	}
}

// TestGoneForgotten holds that a token that is gone goes with who is forgotten.
func TestGoneForgotten(t *testing.T) {
	d := reporttest.RememberedDocument()
	owner := d.Runs[0].Since.GoneTokens[0].Owner
	f := &privacy.Forgotten{
		IDs: map[int64]int{owner.ID: 3}, Logins: map[string]int{strings.ToLower(owner.Login): 3},
	}
	write, err := Forget(f, reopened(jsonText(t, d)), Digests{})
	if err != nil {
		t.Fatal(err)
	}
	var after bytes.Buffer
	if err := write(&after); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(after.Bytes(), []byte("gone-by-now")) {
		t.Error("the token of a forgotten person is still named")
	}
}

// forgottenWhole is [Forget] of a report that is held whole.
func forgottenWhole(text []byte, f *privacy.Forgotten, evidence string) ([]byte, error) {
	saved, err := Read(bytes.NewReader(text), "x")
	if err != nil {
		return nil, err
	}
	part := saved.Parts[0]
	wire := part.wire
	forgetInReport(f, wire)
	for _, token := range part.tokens {
		forgetInResult(f, token)
	}
	for _, request := range part.requests {
		forgetInRequest(f, request)
	}
	if evidence != "" {
		wire.EvidenceDigest = &evidence
	}
	var out bytes.Buffer
	err = encode.Value(&out, wire)
	return out.Bytes(), err
}

// TestForgottenAsItPasses holds that taking people out of a report token by token gives the same
// bytes as taking them out of all of it at once; nothing is written if these are the bytes before.
func TestForgottenAsItPasses(t *testing.T) {
	documents := reporttest.Documents()
	names := slices.Sorted(maps.Keys(documents))
	texts := map[string][]byte{}
	for _, name := range names {
		if documents[name].Single() {
			texts[name] = jsonText(t, documents[name])
		}
	}
	word := regexp.MustCompile(`[A-Za-z][A-Za-z0-9_-]{1,38}`)
	number := regexp.MustCompile(`"id": ([0-9]+)`)
	rapid.Check(t, func(rt *rapid.T) {
		text := texts[rapid.SampledFrom(slices.Sorted(maps.Keys(texts))).Draw(rt, "report")]
		f := &privacy.Forgotten{IDs: map[int64]int{}, Logins: map[string]int{}}
		logins := append(word.FindAllString(string(text), -1), "nobody", "\u212aelvin", "é")
		for n := range rapid.IntRange(0, 3).Draw(rt, "logins") {
			f.Logins[strings.ToLower(rapid.SampledFrom(logins).Draw(rt, "login"))] = n + 1
		}
		for n := range rapid.IntRange(0, 2).Draw(rt, "ids") {
			id := "4711"
			if all := number.FindAllStringSubmatch(string(text), -1); all != nil {
				id = rapid.SampledFrom(all).Draw(rt, "id")[1]
			}
			is, err := strconv.ParseInt(id, 10, 64)
			if err != nil {
				rt.Fatal(err)
			}
			f.IDs[is] = n + 1
		}
		evidence := rapid.SampledFrom([]string{"", "sha256:other"}).Draw(rt, "evidence")
		want, err := forgottenWhole(text, f, evidence)
		if err != nil {
			rt.Fatal(err)
		}
		write, err := Forget(f, reopened(text), Digests{Evidence: evidence})
		if err != nil {
			rt.Fatal(err)
		}
		got := text
		if write != nil {
			var out bytes.Buffer
			if err := write(&out); err != nil {
				rt.Fatal(err)
			}
			got = out.Bytes()
		}
		if !bytes.Equal(got, want) {
			rt.Fatalf("%v: got %s\nwant %s", f.Logins, got, want)
		}
		if (write == nil) != bytes.Equal(text, want) {
			rt.Fatalf("%v: written is %t", f.Logins, write != nil)
		}
	})
}
