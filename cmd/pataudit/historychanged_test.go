// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"database/sql"
	"io"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/audit/policy"
	"github.com/complytime/pataudit/audit/rules"
	"github.com/complytime/pataudit/cmd/pataudit/records"
	"github.com/complytime/pataudit/report/json"
	"github.com/complytime/pataudit/report/view"
)

// statement runs SQL in a history's file, as somebody does who has it in hand.
func statement(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: sql DB STATEMENT")
	}
	db, err := sql.Open("sqlite", ts.MkAbs(args[0])+"?_pragma=busy_timeout(5000)")
	ts.Check(err)
	defer func() { _ = db.Close() }()
	_, err = db.Exec(args[1])
	ts.Check(err)
}

// edit replaces a text in a document of a run: report, snapshot or memory.
func edit(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 5 {
		ts.Fatalf("usage: edit DB RUN DOCUMENT OLD NEW")
	}
	db, err := sql.Open("sqlite", ts.MkAbs(args[0])+"?_pragma=busy_timeout(5000)")
	ts.Check(err)
	defer func() { _ = db.Close() }()
	var stored []byte
	ts.Check(db.QueryRow("SELECT "+args[2]+" FROM pataudit_documents WHERE run = $1",
		args[1]).Scan(&stored))
	reader, err := gzip.NewReader(bytes.NewReader(stored))
	ts.Check(err)
	text, err := io.ReadAll(reader)
	ts.Check(err)
	if !strings.Contains(string(text), args[3]) {
		ts.Fatalf("the %s of run %s does not contain %s", args[2], args[1], args[3])
	}
	var zipped bytes.Buffer
	writer := gzip.NewWriter(&zipped)
	_, err = io.WriteString(writer, strings.ReplaceAll(string(text), args[3], args[4]))
	ts.Check(err)
	ts.Check(writer.Close())
	_, err = db.Exec("UPDATE pataudit_documents SET "+args[2]+" = $2 WHERE run = $1", args[1],
		zipped.Bytes())
	ts.Check(err)
}

// forge makes a history in which every digest agrees, of a run that was judged more mildly than
// its policy says: as somebody does who can write all that the history holds.
func forge(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: forge DB FORGED")
	}
	ctx := context.Background()
	from, to := &history.Store{}, &history.Store{}
	for i, s := range []**history.Store{&from, &to} {
		at, err := history.Parse(ts.MkAbs(args[i]))
		ts.Check(err)
		*s, err = history.Open(ctx, at)
		ts.Check(err)
		defer func() { ts.Check((*s).Close()) }()
	}
	document, err := records.Document(ctx, from, 1)
	ts.Check(err)
	evidence, err := records.Evidence(ctx, from, 1)
	ts.Check(err)
	criteria, err := from.Criteria(ctx, 1)
	ts.Check(err)
	p, err := policy.OfCriteria(criteria, rules.All)
	ts.Check(err)
	told := document.Runs[0].Policy
	p.FailOn = audit.Critical
	run := audit.Evaluate(evidence, p, audit.Options{})
	run.Policy.FailOn, run.Policy.Digest, run.Policy.Name = told.FailOn, told.Digest, told.Name
	run.Summary.Violating, run.Summary.ViolatingBy = 0, [audit.Critical + 1]int{}
	text, err := from.Snapshot(ctx, 1)
	ts.Check(err)
	forged, err := history.NewDocument(func(w io.Writer) error {
		return json.Format.Write(w, &view.Document{Runs: []*audit.Run{run}, Tool: document.Tool})
	})
	ts.Check(err)
	_, _, err = to.Save(ctx, time.Now(), &history.Entry{
		Run: run, Criteria: criteria, Tool: document.Tool.Name + " " + document.Tool.Version,
		Report: forged, Snapshot: text,
	})
	ts.Check(err)
}
