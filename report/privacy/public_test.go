// SPDX-License-Identifier: Apache-2.0

package privacy

import (
	"fmt"
	"strings"
	"testing"

	"github.com/complytime/pataudit/audit"
)

func TestImpersonalPolicy(t *testing.T) {
	for _, test := range []struct {
		policy audit.PolicyName
		want   string
	}{
		{audit.PolicyName{Name: guideName, Digest: "sha256:0123456789"}, guideName},
		{audit.PolicyName{Name: "of jdoe", Digest: "sha256:0123456789"}, "sha256:01234567…"},
		{audit.PolicyName{Name: "of jdoe"}, withheld},
	} {
		if got := ImpersonalPolicy(test.policy); got != test.want {
			t.Errorf("%+v is %q", test.policy, got)
		}
	}
}

// TestForgedReasons holds that no text of a coverage, or of a gap, is in what everybody may read,
// where these come from a file that somebody forged.
func TestForgedReasons(t *testing.T) {
	const name = "octocat"
	forged := audit.Reason{
		{Code: name},
		{Code: audit.ReasonPermission, Words: name, Needs: []string{name}},
		{Code: audit.ReasonLists, Whole: name},
		{Code: audit.ReasonFailed},
	}
	nameless := ImpersonalRun(&audit.Run{
		Coverage: []audit.Coverage{
			{Source: audit.SourceTokens, Status: audit.Partial, Reason: forged},
			{Source: name, Reason: forged},
		},
		Incomplete: audit.Gaps{
			{Code: audit.GapSource, Source: audit.SourceTokens, Status: name, Quoted: name},
			{Code: audit.GapSource, Source: audit.SourceMembers, Status: name, Quoted: name},
			{Code: audit.GapSource, Source: name, Quoted: name},
			{Code: audit.GapLastRun, Quoted: name},
		},
		NotSeen: audit.Gaps{{Code: audit.GapPending, Source: audit.SourceRequests, Status: name}},
	})
	text := nameless.Incomplete.String() + nameless.NotSeen.String() + fmt.Sprint(nameless.Coverage)
	if strings.Contains(text, name) || !strings.Contains(text, "refused (the App needs") {
		t.Error(text)
	}
}
