// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github"
)

// bareArray is a list of n grants as GitHub sends them, about 1.5 kB each.
func bareArray(n int) []byte {
	var owner strings.Builder
	for _, name := range []string{
		"avatar_url", "gravatar_id", "url", "html_url", "followers_url", "following_url",
		"gists_url", "starred_url", "subscriptions_url", "organizations_url", "repos_url",
		"events_url", "received_events_url",
	} {
		fmt.Fprintf(&owner, `,%q:"https://api.github.com/users/octocat/%s{/other_user}"`, name, name)
	}
	selections := []string{"subset", "subset", "all"}
	buf := bytes.NewBuffer(make([]byte, 0, n*1600))
	for i := range n {
		separator := ","
		if i == 0 {
			separator = "["
		}
		fmt.Fprintf(buf, `%s{"id":%d,"owner":{"login":"user-%d","id":%[3]d,"node_id":"MDQ6VXNlcjE="%s,`+
			`"type":"User","site_admin":false},"repository_selection":%q,"repositories_url":`+
			`"https://api.github.com/organizations/652551/personal-access-tokens/%[2]d/repositories",`+
			`"permissions":{"repository":{"metadata":"read","contents":"write","p%[6]d":"read"},`+
			`"organization":{},"other":{}},"access_granted_at":"2026-0%[7]d-16T08:47:09.000-07:00",`+
			`"token_id":%[2]d,"token_name":"ci-publish-%[2]d","token_expired":false,`+
			`"token_expires_at":"2026-12-16T08:47:09.000-07:00","token_last_used_at":null}`,
			separator, i+1, i%3000+1, owner.String(), selections[i%3], i%50, i%9+1)
	}
	buf.WriteString("]\n")
	return buf.Bytes()
}

// BenchmarkList reads a bare list of 100,000 grants, and judges it.
func BenchmarkList(b *testing.B) {
	const tokens = 100_000
	data := bareArray(tokens)
	guide := guide(b)
	read := func(b *testing.B) *audit.Evidence {
		list := &github.List{Login: "acme", Name: "bench", R: bytes.NewReader(data)}
		evidence, err := list.Collect(context.Background())
		if err != nil || len(evidence.Tokens) != tokens {
			b.Fatalf("%d tokens, %v", len(evidence.Tokens), err)
		}
		return evidence
	}
	b.Run("read", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for b.Loop() {
			read(b)
		}
	})
	b.Run("read and judge", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		now := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
		for b.Loop() {
			if audit.Evaluate(read(b), guide, audit.Options{AsOf: now}).Outcome() == audit.Clean {
				b.Fatal("a bare list is never clean")
			}
		}
	})
}
