// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/complytime/pataudit/audit/github/githubtest"
)

// wrongOnPurpose are the fixtures that GitHub would not answer, and why we keep them. One that is
// right after all fails.
var wrongOnPurpose = map[string]string{
	"script/bare_array.txtar/cut.json":          "the file ends too early",
	"script/bare_array.txtar/noid.json":         "a record without an id",
	"script/bare_array.txtar/empty.json":        "an empty file",
	"script/unknown_values.txtar/world.json":    "values that GitHub may have one day",
	"organizations/hostile.json":                "records that no parser should take",
	"script/override_unknown.txtar/list.json":   "an owner that is not told",
	"script/policy_unmatched.txtar/less.json":   "a record that tells hardly anything",
	"script/requests_rules.txtar/silent.json":   "requests that do not tell why or since when",
	"script/override_unknown.txtar/half.json":   "a grant that tells no date",
	"script/override_unknown.txtar/subset.json": "an owner that is not told",
	"script/identity.txtar/world.json":          "a grant that does not tell its token's id",

	"script/file_forms.txtar/requests.json":      "requests, and no tokens",
	"script/file_forms.txtar/repositories.json":  "repositories, and no tokens",
	"script/file_forms.txtar/members.json":       "members, and no tokens",
	"script/file_forms.txtar/installations.json": "installations, and no tokens",
	"script/file_forms.txtar/other.json":         "a list of something else",
}

// TestContractFixtures holds that each of GitHub's answers in testdata is one that GitHub could
// give, and so is all that githubtest makes of the worlds that are there.
func TestContractFixtures(t *testing.T) {
	c := theContract(t)
	root := filepath.Join("..", "..", "testdata")
	answers, worlds := 0, 0
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		for name, text := range jsonIn(t, filepath.ToSlash(name), path) {
			kept := fixture(t, text)
			switch {
			case kept == nil:
				continue
			case len(kept) == 1:
				answers++
			default:
				worlds++
			}
			problems := c.problems(kept)
			why, wrong := wrongOnPurpose[name]
			switch {
			case wrong && len(problems) == 0:
				t.Errorf("%s is right, but should be wrong: %s", name, why)
			case !wrong && len(problems) > 0:
				t.Errorf("%s:\n%s", name, strings.Join(problems, "\n"))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if answers == 0 || worlds == 0 {
		t.Errorf("%d answers and %d worlds were found, which cannot be", answers, worlds)
	}
}

// jsonIn returns the JSON of a file by name: its own, or that of the files in an archive.
func jsonIn(t *testing.T, name, path string) map[string][]byte {
	t.Helper()
	found := map[string][]byte{}
	switch filepath.Ext(path) {
	case ".json":
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		found[name] = text
	case ".txtar":
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range archive.Files {
			if filepath.Ext(file.Name) == ".json" {
				found[name+"/"+file.Name] = file.Data
			}
		}
	}
	return found
}

// fixture returns what GitHub answers by a fixture: by a world, every page of every list; by an
// answer, that. None is for JSON of our own.
func fixture(t *testing.T, text []byte) []*recorded {
	t.Helper()
	var object map[string]json.RawMessage
	switch err := json.Unmarshal(text, &object); {
	case err != nil:
		return lists(text)
	case object["organizations"] != nil:
		return visitWorld(t, text)
	case object["message"] != nil:
		return []*recorded{tokensAnswer(http.StatusNotFound, text)}
	}
	return nil
}

// lists reads what a bare list of tokens may be: one array, several, or arrays in an array. What
// is none of these is an answer too, and a wrong one.
func lists(text []byte) (kept []*recorded) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	for {
		var list, inner []json.RawMessage
		switch err := decoder.Decode(&list); {
		case errors.Is(err, io.EOF) && len(kept) > 0:
			return kept
		case err != nil:
			return []*recorded{tokensAnswer(http.StatusOK, text)}
		}
		if len(list) == 0 || json.Unmarshal(list[0], &inner) != nil {
			list = []json.RawMessage{encoded(list)}
		}
		for _, page := range list {
			kept = append(kept, tokensAnswer(http.StatusOK, page))
		}
	}
}

func encoded(list []json.RawMessage) json.RawMessage {
	text, err := json.Marshal(list)
	if err != nil {
		panic(err)
	}
	return text
}

// tokensAnswer is an answer to the question for the list of tokens.
func tokensAnswer(status int, body []byte) *recorded {
	return &recorded{
		method: http.MethodGet, url: &url.URL{Path: "/orgs/complytime/personal-access-tokens"},
		status: status, header: http.Header{"Content-Type": {"application/json"}}, answer: body,
	}
}

// visitWorld asks for all that there is in a world's organizations. Nothing goes wrong, or slowly.
func visitWorld(t *testing.T, text []byte) []*recorded {
	t.Helper()
	w, err := githubtest.Read(bytes.NewReader(text), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	w.Faults, w.Latency, w.RateLimit = nil, 0, githubtest.RateLimit{}
	for _, o := range w.Organizations {
		token := tourToken(o)
		token.Value += o.Login
		w.Tokens = append(w.Tokens, token)
	}
	v := visit(t, w)
	for _, o := range w.Organizations {
		for _, route := range githubtest.Routes() {
			method, pattern, _ := strings.Cut(route, " ")
			below, ok := strings.CutPrefix(pattern, "/orgs/{org}")
			if ok && method == http.MethodGet && below != "/installation" {
				v.all(fill("/api/v3"+pattern, o), fullToken+o.Login)
			}
		}
		for _, g := range o.Grants {
			if g.ID > 0 {
				v.all(fmt.Sprintf("/api/v3/orgs/%s/personal-access-tokens/%d/repositories",
					o.Login, g.ID), fullToken+o.Login)
			}
		}
	}
	return v.kept
}

// all asks for every page of a list.
func (v *visitor) all(target, credential string) {
	for next := target + "?per_page=100"; next != ""; {
		answer := v.ask(http.MethodGet, next, credential, "")
		next = ""
		for link := range strings.SplitSeq(answer.header.Get("Link"), ", ") {
			if to, ok := strings.CutSuffix(link, `>; rel="next"`); ok {
				next = strings.TrimPrefix(to, "<")
			}
		}
	}
}
