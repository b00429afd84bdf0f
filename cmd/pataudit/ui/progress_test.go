// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"bytes"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit/github"
)

// TestProgressOfSeveral: what the organizations say comes together in one line of sums.
func TestProgressOfSeveral(t *testing.T) {
	u := New(time.Now, nil, new(bytes.Buffer), new(bytes.Buffer))
	u.Organizations(3)
	for _, step := range []struct {
		word github.Progress
		want string
	}{
		{github.Progress{Organization: "a", Act: "tokens", Done: 9}, "organizations 0 of 3"},
		{
			github.Progress{Organization: "a", Act: "token repositories", Done: 1, Total: 4},
			"organizations 0 of 3, repository lists 1 of 4",
		},
		{
			github.Progress{Organization: "b", Act: "token repositories", Done: 2, Total: 5},
			"organizations 0 of 3, repository lists 3 of 9",
		},
		{
			github.Progress{Organization: "a", Act: "request repositories", Done: 1, Total: 1},
			"organizations 0 of 3, repository lists 4 of 10",
		},
		{
			github.Progress{Organization: "a", Act: "token repositories", Done: 4, Total: 4},
			"organizations 0 of 3, repository lists 7 of 10",
		},
	} {
		if got := u.organizations.line(step.word); got != step.want {
			t.Errorf("%+v: %q, want %q", step.word, got, step.want)
		}
	}
	u.OrganizationDone()
	const want = "organizations 1 of 3, repository lists 7 of 10"
	if got := u.organizations.line(github.Progress{}); got != want {
		t.Errorf("after one is done: %q, want %q", got, want)
	}
}

// TestMessagesAtOnce: the lines of a message stay together, whoever else has something to say.
func TestMessagesAtOnce(t *testing.T) {
	const speakers, times = 8, 100
	told := new(yielding)
	u := New(time.Now, nil, nil, told)
	var all sync.WaitGroup
	for range speakers {
		all.Go(func() {
			for range times {
				u.Notef("one\ntwo\nthree")
			}
		})
	}
	all.Wait()
	const message = "pataudit: one\npataudit: two\npataudit: three\n"
	if told.String() != strings.Repeat(message, speakers*times) {
		t.Error("messages are mixed")
	}
}

// yielding lets others go on before it writes.
type yielding struct{ bytes.Buffer }

func (y *yielding) Write(p []byte) (int, error) {
	runtime.Gosched()
	return y.Buffer.Write(p)
}
