// SPDX-License-Identifier: Apache-2.0

package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// outputsOf reads what a step wrote for later ones; of two values the last counts.
func outputsOf(ts *testscript.TestScript) map[string]string {
	written := map[string]string{}
	for line := range strings.Lines(ts.ReadFile(filepath.Join(ts.Getenv("WORK"), "output"))) {
		name, value, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		if !ok {
			ts.Fatalf("an output without a name: %q", line)
		}
		written[name] = value
	}
	return written
}

var (
	annotation = regexp.MustCompile(`^::(error|warning|notice) title=[^:,\x00-\x1f]+::[^\x00-\x1f]+$`)
	stopped    = regexp.MustCompile(`^::stop-commands::([0-9a-f]{32})$`)
	enums      = map[string]*regexp.Regexp{
		"verdict": regexp.MustCompile(
			`^(clean|violations|incomplete|violations_incomplete|failed)$`),
		"complete": regexp.MustCompile(`^(true|false)$`),
		"reports":  regexp.MustCompile(`^/[\w/.-]+$`),
		"json":     regexp.MustCompile(`^/[\w/.-]+/audit\.json$`),
		"sarif":    regexp.MustCompile(`^/[\w/.-]+/audit\.sarif$`),
		"artifact": regexp.MustCompile(`^/[\w/.-]+/pataudit-artifact$`),
		"private":  regexp.MustCompile(`^(true|false)$`),
	}
	number = regexp.MustCompile(`^[0-9]{1,9}$`)
)

// checkLog holds that the runner finds no command in what was printed but ours, no more than it
// shows of a step, and that what pataudit prints holds none even where it is not obeyed.
func checkLog(ts *testscript.TestScript) {
	mark, seen := "", 0
	for line := range strings.Lines(ts.ReadFile("stdout")) {
		line = strings.TrimRight(line, "\r\n")
		start := stopped.FindStringSubmatch(line)
		switch {
		case mark != "" && line == "::"+mark+"::":
			mark = ""
		case mark == "" && start != nil:
			mark = start[1]
		case strings.HasPrefix(strings.TrimSpace(line), "::"):
			if mark != "" || !annotation.MatchString(line) {
				ts.Fatalf("a command that is not ours: %q", line)
			}
			if seen++; seen > 12 { // of pataudit ten, and two of the script
				ts.Fatalf("one annotation too many: %q", line)
			}
		case strings.Contains(line, "##["):
			ts.Fatalf("a command of the old kind: %q", line)
		}
	}
	if mark != "" {
		ts.Fatalf("commands were not resumed")
	}
}

// checkOutputs holds that the outputs are numbers, enumerations and our own paths.
func checkOutputs(ts *testscript.TestScript, written map[string]string) {
	for name, value := range written {
		want := number
		if enum, ok := enums[name]; ok {
			want = enum
		}
		if !want.MatchString(value) {
			ts.Fatalf("output %s is %q", name, value)
		}
	}
}

// publish makes a release of this pataudit, or of another program, for the script's own curl.
func publish(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: publish VERSION [PROGRAM]")
	}
	program, err := exec.LookPath("pataudit")
	ts.Check(err)
	if len(args) > 1 {
		program = ts.MkAbs(args[1])
	}
	text := fmt.Sprintf("#!/bin/sh\nexec '%s' \"$@\"\n", program)
	var archive bytes.Buffer
	packed := gzip.NewWriter(&archive)
	files := tar.NewWriter(packed)
	ts.Check(files.WriteHeader(&tar.Header{Name: "pataudit", Mode: 0o755, Size: int64(len(text))}))
	_, err = files.Write([]byte(text))
	ts.Check(errors.Join(err, files.Close(), packed.Close()))
	ts.Check(os.MkdirAll(ts.MkAbs("release"), 0o700))
	var sums bytes.Buffer
	for _, system := range []string{"linux", "darwin"} {
		for _, machine := range []string{"amd64", "arm64"} {
			name := fmt.Sprintf("pataudit_%s_%s_%s.tar.gz", args[0][1:], system, machine)
			ts.Check(os.WriteFile(ts.MkAbs("release/"+name), archive.Bytes(), 0o600))
			fmt.Fprintf(&sums, "%x  %s\n%x  %[2]s.spdx.json\n", sha256.Sum256(archive.Bytes()), name,
				sha256.Sum256(nil))
		}
	}
	ts.Check(os.WriteFile(ts.MkAbs("release/checksums.txt"), sums.Bytes(), 0o600))
	bundle := fmt.Sprintf("release/pataudit_%s.intoto.jsonl", args[0][1:])
	ts.Check(os.WriteFile(ts.MkAbs(bundle), nil, 0o600))
	ts.Setenv("SUM", fmt.Sprintf("%x", sha256.Sum256(archive.Bytes())))
	ts.Check(os.MkdirAll(ts.MkAbs("bin"), 0o700))
	ts.Check(os.WriteFile(ts.MkAbs("bin/curl"), []byte(curl), 0o700))
	if _, err := os.Stat(ts.MkAbs("repositories")); err != nil {
		repository(ts, false, []string{"complytime/audits", "private"})
	}
}

// curl downloads from one release, over HTTPS alone, and asks GitHub about repositories.
const curl = `#!/bin/bash
set -euo pipefail
url=${*: -1}
case $url in
"$GITHUB_API_URL"/repos/*)
	IFS= read -r header
	[[ $header =~ ^"Authorization: Bearer ghs_"[a-z]+$ && " $* " != *ghs_* ]]
	cat "$WORK/repositories/${url##*/repos/}" || exit 22
	exit
	;;
esac
case " $* " in *" --proto =https --proto-redir =https "*) ;; *) exit 99 ;; esac
[[ $url == https://github.com/complytime/pataudit/releases/download/v0.1.0/* ]] || exit 22
cp "$WORK/release/${url##*/}" "${*: -2:1}"
`

// repository says who can read a repository of GitHub: private, internal, public, or what GitHub
// answers to whoever asks.
func repository(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: repository OWNER/NAME VISIBILITY|ANSWER")
	}
	answer := args[1]
	if !strings.HasPrefix(answer, "{") {
		answer = fmt.Sprintf(`{"full_name": %q, "private": %t, "visibility": %q}`, args[0],
			answer != "public", answer)
	}
	path := filepath.Join(ts.Getenv("WORK"), "repositories", args[0])
	ts.Check(os.MkdirAll(filepath.Dir(path), 0o700))
	ts.Check(os.WriteFile(path, []byte(answer), 0o600))
}
