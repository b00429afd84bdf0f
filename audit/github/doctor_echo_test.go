// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/complytime/pataudit/audit/github"
	"github.com/complytime/pataudit/audit/github/githubtest"
)

// TestExamineEcho: a credential of a form that nobody knows is hidden by its value.
func TestExamineEcho(t *testing.T) {
	const odd = "v1.1f699f1069f60xxCANARY"
	inBubble(t, func(w *githubtest.World) {
		grants(w, 3)
		w.Tokens = []*githubtest.Token{{Value: odd}}
		w.Faults = []*githubtest.Fault{{
			Path: "/installation/repositories",
			Body: body(`{"total_count": 12, "repository_selection": "` + odd + `", "repositories": []}`),
		}}
	}, func(b *bench) {
		bare(b)
		b.config.Credentials.Token = odd
		told := fmt.Sprintf("%+v", github.New(b.config).Examine(context.Background(), "complytime"))
		if strings.Contains(told, "CANARY") || !strings.Contains(told, "redacted") {
			b.t.Errorf("it tells the credential, or not what it hid: %s", told)
		}
	})
}
