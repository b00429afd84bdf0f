// SPDX-License-Identifier: Apache-2.0

package letters

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/json"
	"github.com/complytime/pataudit/report/privacy"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

func lettersOf(t *testing.T, d *view.Document) (letters []*Letter, unowned int) {
	t.Helper()
	letters, unowned, err := Of(d)
	if err != nil {
		t.Fatal(err)
	}
	return letters, unowned
}

func written(t *testing.T, l *Letter) string {
	t.Helper()
	var b bytes.Buffer
	if err := l.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// read is a letter as its reader sees it.
func read(t *testing.T, l *Letter) string {
	return reporttest.Content(reporttest.Rendered(t, written(t, l)))
}

func TestLetters(t *testing.T) {
	d := reporttest.DecidedDocument()
	letters, unowned := lettersOf(t, d)
	var files []string
	for _, l := range letters {
		files = append(files, fmt.Sprint(l.File(), " ", l.Login, " ", l.Tokens))
	}
	want := []string{"1.md jdoe 2", "2.md tsuki 2", "3.md ex-kim 1", "4.md bob 13"}
	if !slices.Equal(files, want) || unowned != 0 {
		t.Errorf("letters %q, %d unowned; want %q", files, unowned, want)
	}
	for login, says := range map[string][]string{
		"jdoe": {
			"Your tokens in complytime On 2026-11-22, 2 fine-grained tokens of yours break the policy",
			"release-bot-legacy (token 90101) What is wrong: critical: toxic-permissions: " +
				"administration:write",
			"high: all-repositories: reaches every repository",
			"Dates: granted 2026-10-23, 30 days ago; expires 2027-01-21, in 60 days; last used 2026-11-22",
			"Settings for its replacement: Expiration: at most 90 days",
			"Resource owner: complytime Repository access: Only select repositories",
			"Expiration: at most 90 days: choose Custom, and a date up to 2027-02-20",
			"Reached now: complytime/repo-01 complytime/repo-02",
			"Permissions, as far as the task needs them: Administration: Read-only " +
				"(administration:read), no longer Read and write Contents: Read and write " +
				"(contents:write) Metadata: Read-only (metadata:read)",
			"a waiver until 2027-02-10 does not cover it: over 180 days",
			"Open https://github.com/settings/personal-access-tokens/new (Generate new token",
			"Open https://github.com/settings/personal-access-tokens. To the right of the old one",
			"each audit goes on to report these tokens", "answer with its name, the reason",
		},
		"ex-kim": {
			"owner-not-member", "Decided: was to be revoked by 2026-11-13, which is over",
			"What to do: Delete it: that was decided.", "Only if it is needed after all",
			"To the right of each token that is to go, click Delete.",
		},
		"tsuki": {"was to be reduced by 2026-11-21", "sbom-upload: expires on 2026-12-03; renew it"},
		"bob": {
			"ci-publish: expires on 2026-11-25", "the waiver of long-expiration ended on 2026-11-17",
		},
	} {
		i := slices.IndexFunc(letters, func(l *Letter) bool { return l.Login == login })
		text := read(t, letters[i])
		for _, words := range says {
			if !strings.Contains(text, words) {
				t.Errorf("the letter to %s does not say %q:\n%s", login, words, text)
			}
		}
	}
}

// TestLettersAreAboutOneOwner holds that a letter names nobody else, and no token and no
// repository of anybody else.
func TestLettersAreAboutOneOwner(t *testing.T) {
	d := reporttest.DecidedDocument()
	letters, _ := lettersOf(t, d)
	for _, l := range letters {
		text := read(t, l)
		for r := range view.Both(d.Runs[0]) {
			o := r.Token.Owner
			if o.ID == l.OwnerID {
				continue
			}
			for _, name := range []string{o.Login, r.Token.Name, "marta-h"} {
				if name != "x" && strings.Contains(text, name) {
					t.Errorf("the letter to %s tells of %s:\n%s", l.Login, name, text)
				}
			}
		}
		for _, word := range strings.Fields(text) {
			if strings.HasPrefix(word, "complytime/") && !slices.ContainsFunc(
				slices.Collect(view.Both(d.Runs[0])), func(r *audit.Result) bool {
					return r.Token.Owner.ID == l.OwnerID && slices.ContainsFunc(r.Token.Repositories,
						func(repository *audit.Repository) bool {
							return strings.HasPrefix(word, repository.Name)
						})
				}) {
				t.Errorf("the letter to %s tells of %s", l.Login, word)
			}
		}
	}
}

// TestLettersOnlyToWhomItConcerns holds that what is waived, accepted debt, clean, or left out by
// the view, is no letter's affair.
func TestLettersOnlyToWhomItConcerns(t *testing.T) {
	for name, want := range map[string]int{
		"clean": 1, "empty": 0, "none": 0, // a token of the clean one expires in 3 days
	} {
		if letters, _ := lettersOf(t, reporttest.Documents()[name]); len(letters) != want {
			t.Errorf("%s: %d letters", name, len(letters))
		}
	}
	if letters, _ := lettersOf(t, reporttest.Owing()); len(letters) != 1 ||
		strings.Contains(read(t, letters[0]), "long-expiration") {
		t.Errorf("debt: %d letters", len(letters))
	}
	d := reporttest.Document(reporttest.Violating())
	d.View.Filter.Owners = []string{"JDOE"}
	if letters, _ := lettersOf(t, d); len(letters) != 1 || letters[0].Login != "jdoe" {
		t.Errorf("filtered: %d letters", len(letters))
	}
	e := reporttest.Violating()
	e.Tokens[1].Owner = nil
	e.Tokens[1].Known = reporttest.AllFacts &^ (audit.FactOwner | audit.FactMembership)
	if letters, unowned := lettersOf(t, reporttest.Document(e)); len(letters) != 4 || unowned != 1 {
		t.Errorf("%d letters, %d unowned", len(letters), unowned)
	}
}

// TestLettersOfSeveral holds that an owner in two organizations has one letter.
func TestLettersOfSeveral(t *testing.T) {
	other := reporttest.Incomplete(reporttest.Violating())
	other.Organization.Login = "acme"
	d := reporttest.Document(reporttest.Violating(), other)
	letters, _ := lettersOf(t, d)
	if len(letters) != 4 {
		t.Fatalf("%d letters", len(letters))
	}
	text := read(t, letters[0])
	for _, words := range []string{
		"Your tokens in complytime", "Your tokens in acme", "Not all was seen: there may be more.",
	} {
		if strings.Count(text, words) != 1 {
			t.Errorf("does not say once %q:\n%s", words, text)
		}
	}
	other.Organization.Host = "github.example.com"
	if _, _, err := Of(reporttest.Document(reporttest.Violating(), other)); err == nil {
		t.Error("took two hosts for one")
	}
	if letters, _ := lettersOf(t, reporttest.Document(other)); !strings.Contains(
		written(t, letters[0]),
		"<https://github.example.com/settings/personal-access-tokens>",
	) {
		t.Error("does not lead to the Enterprise Server")
	}
	redacted, err := privacy.Redact(d, []byte("0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := Of(redacted); err == nil {
		t.Error("writes to pseudonyms")
	}
}

// TestLettersOfSaved holds that a saved report has the same letters as the run that was saved.
func TestLettersOfSaved(t *testing.T) {
	for name, d := range reporttest.Documents() {
		if name == "hostile" || d.Pseudonymised { // no text that is not UTF-8 is read back
			continue
		}
		letters, _ := lettersOf(t, d)
		saved, err := json.Read(bytes.NewReader(reporttest.Write(t, json.Format, d)), name)
		if err != nil {
			t.Fatal(err)
		}
		restored, err := saved.Document(reporttest.FakeRules())
		if err != nil {
			t.Fatal(err)
		}
		again, _ := lettersOf(t, restored)
		if len(letters) != len(again) {
			t.Fatalf("%s: %d letters, not %d", name, len(again), len(letters))
		}
		for i, l := range letters {
			if diff := cmp.Diff(written(t, l), written(t, again[i])); diff != "" {
				t.Errorf("%s: %s (-want +got):\n%s", name, l.Login, diff)
			}
		}
	}
}

var steps = regexp.MustCompile(`(?m)^[123]\. .*\n`)

// TestLettersHostile holds that no name does anything in a letter, or in its file's name.
func TestLettersHostile(t *testing.T) {
	evil := reporttest.Document(reporttest.Linked())
	evil.Runs[0].Organization.Host = "github.com/@evil"
	for _, d := range []*view.Document{
		reporttest.HostileDocument(), reporttest.Document(reporttest.Hostile(), reporttest.Linked()),
		evil,
	} {
		letters, _ := lettersOf(t, d)
		if len(letters) < 50 { // each payload is somebody's name
			t.Errorf("%d letters", len(letters))
		}
		for _, l := range letters {
			l.Prefill = true
			text := written(t, l)
			reporttest.CheckPage(t, reporttest.Rendered(t, steps.ReplaceAllString(text, "")))
			if strings.Contains(text, "::") || strings.Contains(text, "##[") ||
				strings.Contains(text, "evil/settings") {
				t.Errorf("acts: %.300s", text)
			}
			if !regexp.MustCompile(`^[0-9]+\.md$`).MatchString(l.File()) {
				t.Errorf("file %q", l.File())
			}
		}
		var index bytes.Buffer
		if err := WriteIndex(&index, letters); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(&index).ReadAll()
		if err != nil || len(rows) != len(letters)+1 {
			t.Fatalf("%d rows, %v", len(rows), err)
		}
		for i, row := range rows[1:] {
			if row[0] != safe.CSVCell(letters[i].Login) || row[2] != letters[i].File() {
				t.Errorf("row %q", row)
			}
		}
	}
}

func TestLetterWriteError(t *testing.T) {
	letters, _ := lettersOf(t, reporttest.Document(reporttest.Violating()))
	for _, n := range []int{0, 1, len(written(t, letters[0])) - 1} {
		if err := letters[0].Write(
			&reporttest.FailingWriter{Left: n},
		); !errors.Is(
			err,
			reporttest.ErrFull,
		) {
			t.Errorf("after %d bytes: %v", n, err)
		}
	}
	if err := WriteIndex(
		&reporttest.FailingWriter{Left: 3},
		letters,
	); !errors.Is(
		err,
		reporttest.ErrFull,
	) {
		t.Error(err)
	}
}

func TestLetterGolden(t *testing.T) {
	letters, _ := lettersOf(t, reporttest.DecidedDocument())
	reporttest.Golden(t, "letter.markdown", []byte(written(t, letters[0])))
}

// TestReadLettersIndex holds that what was written is read back, and that nothing else is.
func TestReadLettersIndex(t *testing.T) {
	letters, _ := lettersOf(t, reporttest.HostileDocument())
	var index bytes.Buffer
	if err := WriteIndex(&index, letters); err != nil {
		t.Fatal(err)
	}
	files, err := ReadIndex(&index)
	if err != nil || len(files) != len(letters) || files[0] != letters[0].File() {
		t.Errorf("%d files, %v", len(files), err)
	}
	const head = `"owner","owner_id","file","tokens"` + "\n"
	for _, text := range []string{
		"", "name,mail\n", "a,b,c,d\n", head + "x,1,../1.md,1\n", head + "x,1,2.md,1\n",
		head + "x,0,0.md,1\n", head + "x,,1.md,1\n", head + "x,1,contact-x.md,1\n",
		head + "x,,contact-../x.md,1\n", head + "x,/1,/1.md,1\n", head + "x\n", head + "x,1,1.md,\"1\n",
	} {
		if files, err := ReadIndex(strings.NewReader(text)); err == nil {
			t.Errorf("%q: took %q", text, files)
		}
	}
}
