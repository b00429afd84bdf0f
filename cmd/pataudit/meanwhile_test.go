// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// TestWrittenMeanwhile holds that a file which a command reads and writes anew keeps what somebody
// else wrote into it meanwhile.
func TestWrittenMeanwhile(t *testing.T) {
	t.Chdir(t.TempDir())
	sampled(t, "evidence.json")
	evidence, err := os.ReadFile("evidence.json")
	if err != nil {
		t.Fatal(err)
	}
	for name, args := range map[string][]string{
		"decide": {
			"decide", "70002", "keep", "--by", "al", "--purpose", "x", "--decisions", "decide",
		},
		"create": {"baseline", "create", "-o", "create"},
		"grow":   {"baseline", "create", "-o", "grow", "--accept", "x"},
		"prune":  {"baseline", "prune", "prune"},
	} {
		t.Run(name, func(t *testing.T) {
			if name == "grow" || name == "prune" {
				if code, _, why := typed(t, "baseline", "create", "-o", name, "--from",
					"evidence.json"); code != ui.ExitClean {
					t.Fatal(why)
				}
			}
			const theirs = "version: 1 # theirs\n"
			other := &writes{path: name, text: theirs, Reader: bytes.NewReader(evidence)}
			var out, messages bytes.Buffer
			code := run(context.Background(), append([]string{"pataudit"}, append(args, "--from", "-")...),
				time.Now, other, &out, &messages)
			if code != ui.ExitFailed || !strings.Contains(messages.String(), "somebody else wrote "+name) {
				t.Errorf("exit %d: %s", code, &messages)
			}
			if text, err := os.ReadFile(name); err != nil || string(text) != theirs {
				t.Errorf("%v: it has\n%s", err, text)
			}
		})
	}
}

// writes is evidence during whose reading somebody writes a file.
type writes struct {
	path, text string
	io.Reader
}

func (w *writes) Read(p []byte) (int, error) {
	if err := os.WriteFile(w.path, []byte(w.text), 0o600); err != nil {
		return 0, err
	}
	return w.Reader.Read(p)
}
