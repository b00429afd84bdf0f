// SPDX-License-Identifier: Apache-2.0

package main

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/history"
)

// unzip takes a zip file apart, in a script.
func unzip(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: unzip FILE FOLDER")
	}
	archive, err := zip.OpenReader(ts.MkAbs(args[0]))
	ts.Check(err)
	defer func() { ts.Check(archive.Close()) }()
	for _, file := range archive.File {
		from, err := file.Open()
		ts.Check(err)
		text, err := io.ReadAll(from)
		ts.Check(err)
		path := filepath.Join(ts.MkAbs(args[1]), filepath.FromSlash(file.Name))
		ts.Check(os.MkdirAll(filepath.Dir(path), 0o700))
		ts.Check(os.WriteFile(path, text, 0o600))
	}
}

// verifies runs the command that a table of runs has for one of them, in a script.
func verifies(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: verifies CSV RUN")
	}
	rows, err := csv.NewReader(strings.NewReader(ts.ReadFile(args[0]))).ReadAll()
	ts.Check(err)
	at := slices.IndexFunc(rows, func(row []string) bool { return row[0] == args[1] })
	if at < 0 {
		ts.Fatalf("%s has no run %s", args[0], args[1])
	}
	words := strings.Fields(rows[at][slices.Index(rows[0], "verify")])
	ts.Check(ts.Exec(words[0], words[1:]...))
}

// TestHostileStatement holds that texts from elsewhere stay within their lines, and act on
// nothing: in the statement, and in what history prints.
func TestHostileStatement(t *testing.T) {
	at := time.Date(2026, 3, 1, 6, 0, 0, 0, time.UTC)
	told := func(text string) (string, int) {
		run := history.Run{
			Number: 1, AsOf: at, CollectedAt: at, Verdict: text, Incomplete: []string{text}, Tool: text,
			Batch: text, EvidenceDigest: text,
		}
		run.Organization.Login, run.Organization.Host = text, text
		run.Policy.Name, run.Policy.Digest, run.Policy.FailOn = text, text, audit.High
		d := &dossier{
			from: at.AddDate(0, -1, 0), to: at.AddDate(0, 1, 0), expected: time.Hour, often: "1h",
			login: text, host: text, runs: []history.Run{run},
			parts: []*dossierRun{{
				Run: run, inPeriod: true, notSeen: []string{text}, snapshot: "sha256:1",
				ratified: &audit.Ratified{By: text}, criteria: &audit.Criteria{},
			}},
		}
		var out bytes.Buffer
		for _, write := range []func(io.Writer) error{
			d.statement,
			func(w io.Writer) error { return writeRuns(w, d.runs, asTable) },
			func(w io.Writer) error { return writeTrend(w, d.runs, asTable) },
		} {
			if err := write(&out); err != nil {
				t.Fatal(err)
			}
		}
		var table bytes.Buffer
		if err := d.runSheet().csv(&table); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(&table).ReadAll()
		if err != nil || len(rows) != 2 {
			t.Errorf("%q: %d rows: %v", text, len(rows), err)
		}
		for _, cell := range rows[1] {
			if strings.ContainsAny(cell[:min(1, len(cell))], "=+-@") {
				t.Errorf("%q: the cell %q is a formula", text, cell)
			}
		}
		return out.String(), strings.Count(out.String(), "\n")
	}
	_, lines := told("plain")
	for _, text := range []string{
		"a\n# b", "a\r\nb", "| a | b |", "=1+1", "@octocat", "\x1b[2Jx", "\u202enimda", "a\x00b",
		"![x](https://evil.example/x.png)", "<script>alert(1)</script>", "::add-mask::x", "a\tb", "`x`",
	} {
		out, n := told(text)
		if n != lines {
			t.Errorf("%q: %d lines, want %d:\n%s", text, n, lines, out)
		}
		for _, bad := range []string{
			"\x1b", "\u202e", "\x00", "::add-mask", "\t", "\r",
		} {
			if strings.Contains(out, bad) {
				t.Errorf("%q: %q stands in\n%s", text, bad, out)
			}
		}
		page, _, _ := strings.Cut(out, "\nRUN ")
		for _, bad := range []string{"<script", "![x]", "@octocat", "| a |", "`x`"} {
			if strings.Contains(page, bad) {
				t.Errorf("%q: %q stands in\n%s", text, bad, page)
			}
		}
	}
}

// TestCheckClock holds that a run is young, old, or from the future, which tells of no run at all.
func TestCheckClock(t *testing.T) {
	now := time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC)
	for age, want := range map[time.Duration]string{
		0: "ok    acme:", 8 * 24 * time.Hour: "ok    acme:", 9 * 24 * time.Hour: "LATE  acme:",
		-4 * time.Minute: "ok    acme:", -6 * time.Minute: "AHEAD  acme:", -9e16: "AHEAD  acme:",
	} {
		run := history.Run{Number: 1, Complete: true, AsOf: now.Add(-age), CollectedAt: now.Add(-age)}
		run.Organization.Login = "acme"
		s := &switchCheck{age: 8 * 24 * time.Hour, now: now}
		s.look([]history.Run{run}, nil)
		if !strings.HasPrefix(s.lines[0], want) || (s.late+s.ahead == 0) != (want[0] == 'o') {
			t.Errorf("%v: %q, want %q", age, s.lines[0], want)
		}
	}
}

// TestGaps holds that gaps are between the times at which evidence was collected, in their order,
// whenever it was judged.
func TestGaps(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2026, 3, n, 0, 0, 0, 0, time.UTC) }
	run := func(number int64, collected, asOf int, complete bool) history.Run {
		return history.Run{
			Number: number, CollectedAt: day(collected), AsOf: day(asOf), Complete: complete,
		}
	}
	d := &dossier{from: day(1), to: day(29), expected: 7 * 24 * time.Hour, runs: []history.Run{
		run(1, 1, 1, true), run(2, 12, 13, false), run(3, 15, 15, true), run(4, 22, 22, true),
		run(5, 8, 27, true), run(6, 1, 28, true),
	}}
	if gaps := d.findGaps(); gaps != nil {
		t.Errorf("gaps where there are none: %+v", gaps)
	}
	d.runs = d.runs[:4]
	gaps := d.findGaps()
	if len(gaps) != 1 || !gaps[0].from.Equal(day(1)) || !gaps[0].to.Equal(day(15)) ||
		d.within(gaps[0]) != "run 2 was incomplete ()" {
		t.Errorf("%+v", gaps)
	}
}
