// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/snapshot"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// BenchmarkMemory tells how much memory the program holds at most, for 20,000 tokens: while it
// audits into a history that is empty, or has a run to compare with; writes a report in another
// format; and takes a person out of two runs.
func BenchmarkMemory(b *testing.B) {
	dir := b.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	now := time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)
	for day := range 2 {
		if err := writeEvidence(at(fmt.Sprint(day)), now.AddDate(0, 0, day-1)); err != nil {
			b.Fatal(err)
		}
	}
	program := func(b *testing.B, code int, args ...string) {
		if got := run(b.Context(), append([]string{"pataudit"}, args...),
			func() time.Time { return now }, os.Stdin, io.Discard, os.Stderr); got != code {
			b.Fatalf("%q: exit %d", args, got)
		}
	}
	audited := func(b *testing.B, day, history string) {
		program(b, ui.ExitViolations, "audit", "--from", at(day), "--history", at(history), "--quiet",
			"-o", at(day+".json"))
	}
	audited(b, "0", "one.db")
	copyFile(b, at("one.db"), at("two.db"))
	audited(b, "1", "two.db")
	for _, bench := range []struct {
		name, history string // a copy of which it begins with; "": an empty one
		run           func(b *testing.B)
	}{
		{"audit", "", func(b *testing.B) { audited(b, "0", "history.db") }},
		{"audit again", "one.db", func(b *testing.B) { audited(b, "1", "history.db") }},
		{"report", "", func(b *testing.B) {
			program(b, ui.ExitClean, "report", at("1.json"), "-o", at("report.csv"), "--quiet")
		}},
		{"forget", "two.db", func(b *testing.B) {
			program(b, ui.ExitClean, "history", "forget", "person-7", "--yes", "--history",
				at("history.db"))
		}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				b.StopTimer()
				_ = os.Remove(at("history.db")) // of the round before, if there was one
				if bench.history != "" {
					copyFile(b, at(bench.history), at("history.db"))
				}
				peak := watchMemory()
				b.StartTimer()
				bench.run(b)
				b.ReportMetric(float64(peak()>>20), "peak-MiB")
			}
		})
	}
}

// copyFile copies a file.
func copyFile(b *testing.B, from, to string) {
	content, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, content, 0o600)
	}
	if err != nil {
		b.Fatal(err)
	}
}

// watchMemory tells how much of the heap was in use at most until the function that it gives is
// called, in bytes.
func watchMemory() (peak func() uint64) {
	runtime.GC()
	var most uint64
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			var stats runtime.MemStats
			runtime.ReadMemStats(&stats)
			most = max(most, stats.HeapInuse)
			select {
			case <-done:
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
	return sync.OnceValue(func() uint64 { close(done); <-ended; return most })
}

// writeEvidence saves complete evidence of 20,000 tokens, of which one in a hundred is another one
// each day, and one in four breaks a rule.
func writeEvidence(path string, at time.Time) (err error) {
	const tokens, people, repositories = 20_000, 1000, 500
	o := &audit.Organization{
		Login: "complytime", ID: 1, Host: "github.com", Known: audit.FactOrganizationRepositories,
	}
	e := &audit.Evidence{Organization: o, CollectedAt: at}
	for i := range int64(repositories) {
		o.Repositories = append(o.Repositories, &audit.Repository{
			ID: i + 1, Name: fmt.Sprintf("complytime/repo-%d", i+1), Visibility: audit.VisibilityPrivate,
		})
	}
	permissions := []audit.Permission{
		{Group: audit.GroupRepository, Name: "contents", Level: "write"},
		{Group: audit.GroupRepository, Name: "metadata", Level: "read"},
	}
	owners := make([]*audit.Member, people)
	for i := range owners {
		owners[i] = &audit.Member{
			ID: int64(i + 1), Login: fmt.Sprintf("person-%d", i+1), Role: audit.RoleMember,
			TwoFactor: new(true),
		}
	}
	for i := range tokens {
		t := &audit.Token{
			ID: int64(i + 1), TokenID: int64(i + 1), Name: fmt.Sprintf("build-%d", i),
			Owner: owners[i%people], Selection: audit.SelectNone, Permissions: permissions,
			GrantedAt: at.AddDate(0, 0, -10), ExpiresAt: at.AddDate(0, 0, 20), LastUsedAt: at,
			Known: audit.FactOrganizationRepositories - 1,
		}
		if i%4 == 0 || i%100 == at.Day() {
			t.Selection = audit.SelectAll
		}
		e.Tokens = append(e.Tokens, t)
	}
	cover(e, people)
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() {
		if closed := file.Close(); err == nil {
			err = closed
		}
	}()
	_, err = snapshot.Save(file, e)
	return err
}

// cover says that everything was asked for and had, with the manifest of that.
func cover(e *audit.Evidence, people int) {
	rows := map[string]int{
		audit.SourceTokens: len(e.Tokens), audit.SourceMembers: people,
		audit.SourceOrganizationRepositories: len(e.Organization.Repositories),
	}
	for _, source := range audit.Sources {
		c := audit.Coverage{Source: source, Status: audit.Complete, Items: rows[source], Requests: 1}
		if source == audit.SourceAuditLog || source == audit.SourceAuthorizations {
			c.Status, c.Requests = audit.NotAsked, 0
		}
		e.Coverage = append(e.Coverage, c)
		for pass := 1; pass <= 2 && c.Requests > 0; pass++ {
			e.Manifest = append(e.Manifest, audit.Exchange{
				Source: source, Route: "GET /" + source, Page: 1, Pass: pass, Accepted: pass == 2,
				Status: 200, Attempts: 1, Rows: c.Items, Date: e.CollectedAt,
			})
		}
	}
}
