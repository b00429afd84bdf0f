// SPDX-License-Identifier: Apache-2.0

//go:build linux

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit/github/githubtest"
)

// before is what each file holds that an earlier run left.
const before = "as it was before\n"

// trial is the real program at work in a folder. Tests are named as in the catalogue of faults;
// what needs no signal, no limit and no second process is in testdata/script/files.txtar.
type trial struct {
	*exec.Cmd
	t      *testing.T
	stderr watched
	before map[string]string
}

// prepare readies a run of the program. Its folder holds an old file at each of the paths.
func prepare(t *testing.T, dir string, old []string, env []string, args ...string) *trial {
	t.Helper()
	for _, name := range old {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(before), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r := &trial{Cmd: exec.Command("/proc/self/exe", args...), t: t, before: contents(t, dir)}
	r.Args[0] = "pataudit" // see TestMain
	r.Dir = dir
	r.Env = append(env, "PATH="+os.Getenv("PATH"), "GOCOVERDIR="+os.Getenv("GOCOVERDIR"), rarely)
	r.Stderr = &r.stderr
	return r
}

func (r *trial) start() {
	r.t.Helper()
	if err := r.Start(); err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { _ = r.Process.Kill() }) // where the test has failed
}

// ends waits for the end. The program must exit with the code, and say why.
func (r *trial) ends(code int, why string) {
	r.t.Helper()
	_ = r.Wait() // the exit code says it
	if got := r.ProcessState.ExitCode(); got != code {
		r.t.Errorf("exit code %d, want %d: %s", got, code, &r.stderr)
	}
	if !strings.Contains(r.stderr.String(), why) {
		r.t.Errorf("%q is not said: %s", why, &r.stderr)
	}
	r.tellsNoSecret()
}

// leaves holds that the folder is as it was: no file changed, and none was added.
func (r *trial) leaves() {
	r.t.Helper()
	after := contents(r.t, r.Dir)
	if !maps.Equal(after, r.before) {
		for name, text := range after {
			if old, ok := r.before[name]; !ok || text != old {
				r.t.Errorf("%s was touched: %d bytes", name, len(text))
			}
		}
		r.t.Errorf("%d files, want %d", len(after), len(r.before))
	}
}

// tellsNoSecret looks for the App's key, its JWT and the tokens that it was given.
func (r *trial) tellsNoSecret() {
	r.t.Helper()
	told := contents(r.t, r.Dir)
	told["standard error"] = r.stderr.String()
	if out, ok := r.Stdout.(*bytes.Buffer); ok {
		told["standard output"] = out.String()
	}
	for where, text := range told {
		for _, secret := range []string{"ghs_", "eyJ", "PRIVATE KEY"} {
			if strings.Contains(text, secret) {
				r.t.Errorf("%s tells a secret: %s", where, secret)
			}
		}
	}
}

// contents returns the files of a folder and of the folders in it, hidden ones too.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil // a run that still works has put it into its place
		}
		files[path] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// watched is a text that may be read while it is written.
type watched struct {
	mu   sync.Mutex
	text strings.Builder
}

func (w *watched) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.Write(p)
}

func (w *watched) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

// until waits for a moment that comes soon.
func until(t *testing.T, moment string, come func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !come(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("never came: " + moment)
		}
	}
}

const listPath = "/orgs/*/personal-access-tokens"

// serveWith serves one organization with these faults, and gives the environment that leads there.
func serveWith(t *testing.T, world *githubtest.World) (*githubtest.Server, []string) {
	t.Helper()
	one := strings.NewReader(`{"organizations": [{"grants": [{}]}]}`)
	read, err := githubtest.Read(one, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	world.Now, world.Organizations = read.Now, read.Organizations
	return serve(t, world)
}

// serve serves a world, likewise.
func serve(t *testing.T, world *githubtest.World) (*githubtest.Server, []string) {
	t.Helper()
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
	path := filepath.Join(t.TempDir(), "app.pem")
	if err := os.WriteFile(path, key, 0o600); err != nil {
		t.Fatal(err)
	}
	return server, []string{
		"GITHUB_API_URL=" + url, "NO_PROXY=127.0.0.1", "PATAUDIT_APP_KEY_FILE=" + path,
		"PATAUDIT_APP_ID=" + strconv.FormatInt(world.App.ID, 10),
	}
}

// asked reports whether the list has been asked for.
func asked(server *githubtest.Server) func() bool {
	return func() bool {
		return slices.ContainsFunc(server.Log(), func(e githubtest.Entry) bool {
			return strings.Contains(e.URL, "/personal-access-tokens")
		})
	}
}

// listOf makes a bare list of tokens that never expire, each of another owner.
func listOf(t *testing.T, n int) (path string) {
	t.Helper()
	grants := make([]map[string]any, n)
	for i := range grants {
		grants[i] = map[string]any{
			"id": i + 1, "token_id": i + 1, "token_name": fmt.Sprintf("publish-%d", i),
			"owner":                map[string]any{"id": i + 1, "login": fmt.Sprintf("user-%d", i)},
			"repository_selection": "none", "permissions": map[string]any{},
			"access_granted_at": "2026-10-01T00:00:00Z", "token_expired": false,
			"token_expires_at": nil, "token_last_used_at": "2026-11-01T00:00:00Z",
		}
	}
	text, err := json.Marshal(grants)
	if err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(t.TempDir(), "list.json")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// offline is an audit of such a list.
func offline(list string, args ...string) []string {
	audit := []string{"audit", "complytime", "--from", list, "--as-of", "2026-11-22"}
	return append(audit, args...)
}
