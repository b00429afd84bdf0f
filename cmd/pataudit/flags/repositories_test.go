// SPDX-License-Identifier: Apache-2.0

package flags

import (
	"context"
	"testing"

	"github.com/complytime/pataudit/audit"
)

// TestFailingNeedsNoLastRun: which tokens fail is found without the run with which the history
// compares: it would be read for nothing.
func TestFailingNeedsNoLastRun(t *testing.T) {
	read := 0
	memory := &audit.Memory{
		Earlier: true, LastRun: 1,
		Last: audit.Streamed(&audit.Run{}, func(func(*audit.Result) bool) { read++ }),
	}
	e := &audit.Evidence{
		Organization: &audit.Organization{}, Tokens: []*audit.Token{{ID: 1}}, Digest: "sha256:1",
	}
	if err := reachFailing.Learn(context.Background(), nil, e, &audit.Policy{},
		audit.Options{Memory: memory}); err != nil {
		t.Fatal(err)
	}
	if read > 0 || memory.Last == nil {
		t.Errorf("the last run is read %d times", read)
	}
	audit.Evaluate(e, &audit.Policy{}, audit.Options{Memory: memory})
	if read != 1 {
		t.Errorf("the last run is read %d times where it is compared", read)
	}
}
