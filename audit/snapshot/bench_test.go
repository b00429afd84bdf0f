// SPDX-License-Identifier: Apache-2.0

package snapshot_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/snapshot"
)

// many makes evidence of n tokens of an organization with 2,000 people and repositories each.
func many(n int) *audit.Evidence {
	e := &audit.Evidence{
		Organization: &audit.Organization{Login: "complytime", ID: 1, Host: "github.com"},
		CollectedAt:  time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC),
	}
	owners := make([]*audit.Member, 2000)
	for i := range 2000 {
		id := int64(i + 1)
		owners[i] = &audit.Member{ID: id, Login: fmt.Sprintf("person-%d", id), Role: "member"}
		e.Organization.Repositories = append(e.Organization.Repositories,
			&audit.Repository{ID: id, Name: fmt.Sprintf("complytime/repo-%d", id)})
	}
	set := []audit.Permission{
		{Group: "repository", Name: "contents", Level: "write"},
		{Group: "repository", Name: "metadata", Level: "read"},
		{Group: "repository", Name: "pull_requests", Level: "write"},
	}
	for i := range n {
		e.Tokens = append(e.Tokens, &audit.Token{
			ID: int64(i + 1), TokenID: int64(i + 1_000_000), Name: fmt.Sprintf("token-%d", i),
			Owner: owners[i%2000], Selection: audit.SelectSubset, Permissions: set,
			Repositories: e.Organization.Repositories[i%1900 : i%1900+1+i%4],
			GrantedAt:    e.CollectedAt.AddDate(0, 0, -i%100),
			ExpiresAt:    e.CollectedAt.AddDate(0, 0, i%90),
			Known:        audit.FactOrganizationRepositories - 1,
		})
		e.Manifest = append(e.Manifest, audit.Exchange{
			Source: audit.SourceRepositories,
			Route:  fmt.Sprintf("GET /orgs/complytime/personal-access-tokens/%d/repositories", i+1),
			Page:   1, Pass: 1, Accepted: true, Status: 200, Attempts: 1,
			RequestID: fmt.Sprintf("C0DE:%X", i),
			Date:      e.CollectedAt, Rows: 1 + i%4, Hash: "sha256:" + strings.Repeat("0a", 32),
		})
	}
	return e
}

func BenchmarkSave(b *testing.B) {
	e := many(100_000)
	var file bytes.Buffer
	for b.Loop() {
		file.Reset()
		if _, err := snapshot.Save(&file, e); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(int64(file.Len()))
	b.ReportAllocs()
}

func BenchmarkOpen(b *testing.B) {
	var file bytes.Buffer
	if _, err := snapshot.Save(&file, many(100_000)); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(file.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := snapshot.Open(bytes.NewReader(file.Bytes()), "evidence.json"); err != nil {
			b.Fatal(err)
		}
	}
}
