// SPDX-License-Identifier: Apache-2.0

package history

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit"
)

// writer starts this test's program as one that saves runs until it is killed, and gives what it
// said that it saved: digests by number.
func writer(t *testing.T, at string, life time.Duration) map[int64]string {
	command := exec.Command(os.Args[0], "-test.run=^$")
	command.Env = append(os.Environ(), "PATAUDIT_TEST_WRITE="+at)
	var trouble strings.Builder
	command.Stderr = &trouble
	output, err := command.StdoutPipe()
	if err != nil {
		t.Error(err)
		return nil
	}
	if err := command.Start(); err != nil {
		t.Error(err)
		return nil
	}
	reported := map[int64]string{}
	lines := bufio.NewScanner(output)
	var timer *time.Timer
	for lines.Scan() {
		var number int64
		var digest string
		if n, _ := fmt.Sscanf(lines.Text(), "saved %d %s", &number, &digest); n == 2 {
			reported[number] = digest
		}
		if timer == nil { // its life begins with the first run that it saved
			timer = time.AfterFunc(life, func() { _ = command.Process.Kill() })
		}
	}
	if err := command.Wait(); err == nil || trouble.Len() > 0 {
		t.Errorf("the writer ended by itself: %v: %s", err, &trouble)
	}
	return reported
}

// TestKilled kills writers in the middle of their work, and looks for all that they said they had
// saved.
func TestKilled(t *testing.T) {
	times := 50
	if testing.Short() {
		times = 5
	}
	onBoth(t, func(t *testing.T, at string) {
		opened(t, at) // stays open, as another process's would
		reported := map[int64]string{}
		for range times {
			for number, digest := range writer(t, at, time.Duration(rand.N(60))*time.Millisecond) {
				reported[number] = digest
			}
		}
		checkReported(t, at, reported)
		t.Logf("%d runs by %d writers", len(reported), times)
	})
}

// TestManyProcesses holds that processes that write at once keep nobody out.
func TestManyProcesses(t *testing.T) {
	onBoth(t, func(t *testing.T, at string) {
		var lock sync.Mutex
		var wait sync.WaitGroup
		reported := map[int64]string{}
		for range 6 {
			wait.Go(func() { // the first of them makes the file
				numbers := writer(t, at, 2*time.Second)
				lock.Lock()
				defer lock.Unlock()
				for number, digest := range numbers {
					if reported[number] != "" {
						t.Errorf("run %d twice", number)
					}
					reported[number] = digest
				}
			})
		}
		wait.Wait()
		checkReported(t, at, reported)
	})
}

func checkReported(t *testing.T, at string, reported map[int64]string) {
	t.Helper()
	ctx, s := context.Background(), opened(t, at)
	for number, digest := range reported {
		run, err := s.Run(ctx, number)
		if err != nil || run.EvidenceDigest != digest {
			t.Fatalf("run %d: %v", number, err)
		}
		report, err := textOf(s.Report(ctx, number))
		if err != nil || !strings.HasSuffix(report, digest) {
			t.Fatalf("run %d: report: %v", number, err)
		}
	}
	if len(reported) == 0 {
		t.Error("nothing was saved")
	}
	if s.engine.name == "sqlite" {
		var answer string
		if err := s.db.QueryRow(`PRAGMA integrity_check`).Scan(&answer); err != nil || answer != "ok" {
			t.Errorf("%v: %s", err, answer)
		}
	}
	for query, want := range map[string]int{
		`SELECT count(*) FROM pataudit_runs r WHERE NOT EXISTS (
			SELECT 1 FROM pataudit_documents d WHERE d.run = r.number)`: 0,
		`SELECT count(*) FROM pataudit_tokens`: 50,
		`SELECT count(*) FROM pataudit_findings f WHERE NOT EXISTS (
			SELECT 1 FROM pataudit_runs r WHERE r.number = f.first_run)`: 0,
	} {
		var n int
		if err := s.db.QueryRow(query).Scan(&n); err != nil || n != want {
			t.Errorf("%v: %d, want %d: %s", err, n, want, query)
		}
	}
}

// TestManyAtOnce holds that goroutines save each run once, of one organization or of many.
func TestManyAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, at string) {
		ctx, stores := context.Background(), []*Store{opened(t, at), opened(t, at)}
		var wait sync.WaitGroup
		var lock sync.Mutex
		fresh := 0
		for worker := range 8 {
			wait.Go(func() {
				for n := range 20 {
					e := seen(day(n), token(1), token(2))
					if n%2 == 0 {
						e.Organization = &audit.Organization{Login: "many", ID: int64(100 + n)}
					}
					_, again, err := stores[worker%2].Save(ctx, present,
						judged(e, rule("r", says{1: fails, 2: {Status: audit.Status(n % 4)}})))
					if err != nil {
						t.Error(err)
						return
					}
					lock.Lock()
					if !again {
						fresh++
					}
					lock.Unlock()
				}
			})
		}
		wait.Wait()
		runs, err := stores[0].Runs(ctx, Query{})
		if err != nil || len(runs) != 20 || fresh != 20 {
			t.Errorf("%v: %d runs, %d saved", err, len(runs), fresh)
		}
		if got := since(recalled(t, stores[0], time.Time{}), 1); !got.Equal(day(1)) {
			t.Errorf("fails since %v", got)
		}
	})
}

// TestFullDisk holds that a full disk loses nothing that was saved, and leaves nothing half.
func TestFullDisk(t *testing.T) {
	ctx, at := context.Background(), t.TempDir()+"/pataudit.db"
	s := opened(t, at)
	s.db.SetMaxOpenConns(1) // the bound is a connection's
	saved(t, s, judged(seen(day(0), token(1)), rule("r", says{1: fails})))
	s.exec(t, `PRAGMA max_page_count = 60`)
	kept := 1
	for n := 1; ; n++ {
		e := judged(seen(day(n), token(1), token(int64(n)+1)), rule("r", nil))
		noise := make([]byte, 20_000)
		for i := range noise {
			noise[i] = byte(rand.N(256))
		}
		e.Report = documentOf(append(reported(e.Run, "test"), noise...))
		_, _, err := s.Save(ctx, present, e)
		if err != nil {
			if !strings.Contains(err.Error(), "full") {
				t.Error(err)
			}
			break
		}
		if kept++; kept > 50 {
			t.Fatal("the disk is never full")
		}
	}
	other := opened(t, at)
	runs, err := other.Runs(ctx, Query{})
	if err != nil || len(runs) != kept || kept < 3 {
		t.Errorf("%v: %d of %d runs", err, len(runs), kept)
	}
	if m := recalled(t, other, time.Time{}); len(m.Tokens) != kept {
		t.Errorf("%d tokens of %d", len(m.Tokens), kept)
	}
	s.exec(t, `PRAGMA max_page_count = 100000`)
	saved(t, s, judged(seen(day(99), token(1)), rule("r", nil)))
}
