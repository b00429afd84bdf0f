// SPDX-License-Identifier: Apache-2.0

package main

import (
	"archive/zip"
	"encoding/csv"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
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
