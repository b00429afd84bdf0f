// SPDX-License-Identifier: Apache-2.0

package report

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/reporttest"
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

// denying is a checker with a parameter.
type denying struct {
	asked audit.Checker
	Deny  []string `yaml:"deny"`
}

func (d *denying) Check(s *audit.Subject) audit.Verdict { return d.asked.Check(s) }

// telling is an organization whose every text names somebody.
func telling() *view.Document {
	e, p := reporttest.Violating(), reporttest.DecidedPolicy()
	p.Name, p.Digest = "/home/somebody-else/policy.yaml", "sha256:0123456789abcdef"
	for i := range p.Overrides {
		p.Overrides[i].Name = "the bots of jdoe"
	}
	for i := range e.Tokens {
		t := e.Tokens[i]
		t.ApprovedBy, t.Known = "the-approver", t.Known|audit.FactCreated
		t.CreatedAt = t.GrantedAt
	}
	for i, r := range e.Organization.Repositories {
		r.ID = int64(7_000_000 + i)
		if i%2 == 0 {
			r.Name, r.Visibility = fmt.Sprintf("complytime/secret-%02d", i), "private"
		}
	}
	e.Tokens[0].Repositories = e.Organization.Repositories[:6]
	e.Organization.Repositories[4].Visibility = ""
	e.Organization.Repositories[4].Name = "complytime/nobody-knows"
	says := func(r *audit.Rule, message string, basis ...string) audit.Checker {
		return reporttest.Check(
			func(s *audit.Subject) audit.Verdict { return reporttest.Fails(message, basis...) },
		)
	}
	for i := range p.Rules {
		switch r := &p.Rules[i]; r.Rule.ID {
		case "broad-selection":
			r.Checker = reporttest.Check(func(s *audit.Subject) audit.Verdict {
				text := s.Token.Name
				if s.Token.Owner != nil {
					text += " of " + s.Token.Owner.Login
				}
				return reporttest.Fails(text, text, "token "+strconv.FormatInt(s.Token.ID, 10),
					strconv.FormatInt(s.Token.TokenID, 10))
			})
		case "undescriptive-name":
			r.Checker = says(r.Rule, `reads "nightly-01"`, "reads complytime/secret-00",
				"reads complytime/unlisted-repo")
		case "all-repositories":
			r.Checker = &denying{says(r.Rule, "contents:write: as Marta-H wants it", "contents:write",
				"for-release-bot-legacy", "of “secret-00”"), []string{"stranger-three"}}
		case "expired-grant":
			r.Checker = says(r.Rule, "writes to complytime/secret-02, complytime/repo-02 and 3 more")
		}
	}
	e.Coverage[0].Reason = "token 101 is expired, yet expires in the future; grant 90101"
	e.Coverage[1].Status, e.Coverage[1].Reason = audit.Partial,
		"GET /orgs/complytime/memberships/ex-kim: 403"
	e.Coverage[2].Reason = `"secret-00" is hidden`
	e.Coverage[3].Reason = `403 "stranger-one may not" (the App needs "Members: read")`
	e.Coverage[4].Reason = `2 of 3 lists could not be had: 500 "stranger-two (may not) see them"`
	e.Requests[0].Reason = "because marta-h said so"
	e.Classic = []*audit.Credential{{
		ID: 811111, TokenID: 822222, Login: "classic-person", Note: "their old note",
		LastEight: "abcd1234", Scopes: []string{"repo"},
	}}
	d := document()
	d.Runs = []*audit.Run{audit.Evaluate(e, p, reporttest.DecidedOptions)}
	d.Failed = []view.Failure{{Organization: "acme", Reason: `403 "Tsuki is gone"`}}
	d.View.Hints = map[*audit.Run][]view.Hint{}
	for _, run := range []*audit.Run{nil, d.Runs[0]} {
		d.View.Hints[run] = []view.Hint{
			{For: "A file", Words: []string{"pataudit", "audit", "--from", "/home/jdoe/x"}},
		}
	}
	return d
}

// told are the names and ids that no pseudonymised report may hold.
func told(d *view.Document) map[string]bool {
	names := map[string]bool{
		"marta-h": true, "Tsuki": true, "somebody-else": true, "the bots": true, "mirrors until": true,
		"SEC-7": true, "after the review": true, "release.yml": true, "because": true,
		"unlisted-repo": true, "security board": true, "classic-person": true, "their old note": true,
		"abcd1234": true, "811111": true, "822222": true, "/home": true, "stranger": true,
		"policy.yaml": true,
	}
	for _, run := range d.Runs {
		for r := range view.Both(run) {
			t := r.Token
			names[strconv.FormatInt(t.TokenID, 10)] = true
			if names[t.ApprovedBy] = true; len(t.Name) > 3 {
				names[t.Name] = true
			}
			if t.Owner != nil && t.Owner.Login != "bob" {
				names[t.Owner.Login] = true
			}
			for _, repository := range t.Repositories {
				_, bare, _ := strings.Cut(repository.Name, "/")
				if !isPublic(repository) {
					names[bare], names[strconv.FormatInt(repository.ID, 10)] = true, true
				}
			}
		}
	}
	delete(names, "")
	return names
}

// bare is all that a format writes, without its escapes and in lower case.
func bare(t *testing.T, f view.Format, d *view.Document) string {
	written := write(t, f, d)
	if f.Binary {
		written = unzipped(t, written)
	}
	text := strings.ReplaceAll(html.UnescapeString(string(written)), "<wbr>", "")
	return strings.ToLower(strings.ReplaceAll(text, `\u002d`, "-"))
}

// unzipped is every part of a workbook.
func unzipped(t *testing.T, written []byte) (all []byte) {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(written), int64(len(written)))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range archive.File {
		part, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		inside, err := io.ReadAll(part)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, inside...)
	}
	return all
}

// TestRedactTellsNobody looks for each name and id in each format.
func TestRedactTellsNobody(t *testing.T) {
	for _, only := range []string{"", view.OnlyAll} {
		d := telling()
		d.View.Only = only
		r := redacted(t, d)
		for _, f := range Formats {
			got := bare(t, f, r)
			for name := range told(d) {
				if strings.Contains(got, strings.ToLower(name)) {
					i := strings.Index(got, strings.ToLower(name))
					t.Errorf("%s tells %q: …%s…", f.Name, name, got[max(0, i-80):min(len(got), i+80)])
				}
			}
			if !strings.Contains(got, "pseudonymised") {
				t.Errorf("%s does not say that it is pseudonymised", f.Name)
			}
			if !strings.Contains(bare(t, f, d), "release-bot-legacy") && f.Name != "gemara-catalog" {
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
	d := telling()
	before, after := map[string][]float64{}, map[string][]float64{}
	numbers(decode(t, d)["audits"], "", before)
	numbers(decode(t, redacted(t, d))["audits"], "", after)
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
	all := documents()
	all["telling"] = telling()
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
		if diff := cmp.Diff(string(write(t, JSON, r)), string(write(t, JSON, again))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if _, err := Redact(again, redactKey); len(d.Runs) > 0 && err == nil {
			t.Errorf("%s: redacted twice", name)
		}
	}
}

// TestRedactIsStable holds that a key makes the same stand-ins every time, and another key others.
func TestRedactIsStable(t *testing.T) {
	d := telling()
	first := write(t, JSON, redacted(t, d))
	if !bytes.Equal(first, write(t, JSON, redacted(t, telling()))) {
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
		&first: &a, ptr(write(t, JSON, redacted(t, restored(t, d)))): &b,
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
		d := telling()
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
	r := redacted(t, document(reporttest.Violating()))
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
	calm := redacted(t, document(reporttest.Calm())).Runs[0]
	if last := calm.Rules[len(calm.Rules)-1]; last.Rule.ID == rulepage.Withheld {
		t.Error("a rule for nothing")
	}
}

// TestRedactMany holds that results come in the order of their ids, however many there are.
func TestRedactMany(t *testing.T) {
	const n = 2_000
	last, seen := int64(0), 0
	for r := range redacted(t, document(reporttest.Many(n))).Runs[0].Results() {
		if r.Token.ID <= last {
			t.Fatalf("%d after %d", r.Token.ID, last)
		}
		last, seen = r.Token.ID, seen+1
	}
	if seen != n {
		t.Errorf("%d of %d", seen, n)
	}
}
