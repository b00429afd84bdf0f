// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit/github/githubtest"
	"github.com/complytime/pataudit/audit/rules"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/json"
	"github.com/complytime/pataudit/report/view"
)

// judgedFiles writes a snapshot, and the report that was made of it by a policy and decisions; it
// returns what runs the program in their folder.
func judgedFiles(t *testing.T) (folder string, do func(line string) (code int, said string)) {
	now := time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC)
	world := githubtest.Sample(now)
	server, err := githubtest.New(world)
	if err != nil {
		t.Fatal(err)
	}
	url, err := server.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	key, err := server.KeyPEM()
	if err != nil {
		t.Fatal(err)
	}
	folder = t.TempDir()
	for name, text := range map[string]string{
		"app.pem": string(key), "policy.yaml": "version: 1\nname: acme\nfail_on: high\n",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(folder)
	t.Setenv("GITHUB_API_URL", url)
	t.Setenv("PATAUDIT_APP_ID", strconv.FormatInt(world.App.ID, 10))
	t.Setenv("PATAUDIT_APP_KEY_FILE", "app.pem")
	do = func(line string) (int, string) {
		var out bytes.Buffer
		code := run(t.Context(), strings.Fields("pataudit "+line),
			func() time.Time { return now }, strings.NewReader(""), &out, &out)
		return code, out.String()
	}
	if code, said := do("audit complytime --policy policy.yaml -o report.json --snapshot " +
		"evidence.json --quiet"); code == ui.ExitFailed || code == ui.ExitUsage {
		t.Fatal(code, said)
	}
	return folder, do
}

// facts are what a report says when it is read, but for the tool, which is not judged.
func factsOf(t *rapid.T, text []byte) string {
	saved, err := json.Read(bytes.NewReader(text), "report")
	if err != nil {
		t.Fatal(err)
	}
	document, err := saved.Document(rules.All)
	if err != nil {
		t.Fatal(err)
	}
	document.Tool = view.Tool{}
	var again bytes.Buffer
	if err := json.Format.Write(&again, document); err != nil {
		t.Fatal(err)
	}
	return again.String()
}

// TestVerifyByte holds that one byte of a report, of its snapshot or of the policy that is another
// one than was written is refused or told, or changes nothing that was judged.
func TestVerifyByte(t *testing.T) {
	folder, do := judgedFiles(t)
	const line = "report report.json --verify evidence.json --policy policy.yaml"
	code, before := do(line)
	if code != ui.ExitClean {
		t.Fatal(code, before)
	}
	original := map[string][]byte{}
	for _, name := range []string{"report.json", "evidence.json", "policy.yaml"} {
		text, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		original[name] = text
	}
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom([]string{"report.json", "evidence.json", "policy.yaml"}).
			Draw(t, "file")
		text := slices.Clone(original[name])
		at := rapid.IntRange(0, len(text)-1).Draw(t, "at")
		switch rapid.SampledFrom([]string{"another", "one less", "one more"}).Draw(t, "edit") {
		case "another":
			text[at] ^= byte(rapid.IntRange(1, 255).Draw(t, "flips"))
		case "one less":
			text = slices.Delete(text, at, at+1)
		default:
			text = slices.Insert(text, at, rapid.Byte().Draw(t, "more"))
		}
		write := func(text []byte) {
			if err := os.WriteFile(filepath.Join(folder, name), text, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		write(text)
		defer write(original[name])
		code, said := do(line)
		if code != ui.ExitClean {
			return
		}
		if strings.Contains(said, "was not judged as of when its evidence was collected") {
			return // it can be judged as of any time, and then that is told
		}
		if said != before ||
			name == "report.json" && factsOf(t, text) != factsOf(t, original[name]) {
			t.Fatalf("byte %d of %s: verified: %s", at, name, said)
		}
		if name == "evidence.json" && !bytes.Equal(text, original[name]) {
			t.Fatalf("byte %d of %s: verified: %s", at, name, said)
		}
	})
}
