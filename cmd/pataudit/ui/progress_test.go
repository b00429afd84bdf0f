// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"bytes"
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
