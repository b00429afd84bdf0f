// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/xuri/excelize/v2"

	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

var update = flag.Bool("update", false, "rewrite what the scripts expect")

// rarely has the garbage of a process collected when there is some to speak of: a third of the
// time of the many short ones here went into it.
const rarely = "GOGC=400"

func TestMain(m *testing.M) {
	// Many scripts wait, as the program does before it asks again, while others compute.
	if err := flag.Set("test.parallel", "16"); err != nil {
		panic(err)
	}
	testscript.Main(m, map[string]func(){"pataudit": program, "pataudit-v0": oldTool})
}

// TestScripts runs testdata/script: whole runs of the real program against a GitHub that the
// script describes. Beside testscript's own commands there are
//
//	exec pataudit-v0 ...      an earlier version of the program: see oldTool
//	github WORLD.json         serve a world (see githubtest.Read), and set credentials for its App
//	                          and this machine's clock
//	becomes WORLD.json        the same GitHub, with another world, a week later
//	clock OFF                 set this machine's clock off from GitHub's: 2h, -31h
//	bare TOKEN                use this installation token in place of the App
//	exits CODE COMMAND...     run a command, which must end with just this code
//	field FILE PATH WANT      compare one value of a JSON file: tokens.0.owner.login; a WANT in
//	                          double quotes is JSON
//	same FILE FILE KEY...     two JSON files differ in the values of these keys alone
//	mode PERM FILE            compare a file's permissions
//	requests N [PATTERN]      count the requests whose URL contains a text
//	nothing FOLDER            the folder holds no file, not even a hidden one
//	fill XLSX TOKEN HEADER=TEXT...   write into a workbook's row of a token, as a reviewer does
//	publish VERSION [PROGRAM]   make a release, of pataudit unless told, for action.yml to download
//	repository NAME VISIBILITY   say who can read a repository, or what GitHub answers about it
//	action CODE INPUT=VALUE...   run action.yml, which must end with just this code
//	workflow CODE WORKFLOW EXPRESSION=VALUE...   run all steps of an example workflow
//	hints N CODE              run each of the N hints on standard output as it is printed: those
//	                          that make a report again end with this code and begin with the same
//	                          verdict, all others with 0
//	unzip FILE FOLDER         take a zip file apart
//	verifies CSV RUN          run the command that runs.csv has for a run
//	signed FILE PUBLIC-KEY   the signature beside the file is of it, and by the key
//	sql DB STATEMENT   run SQL in the file of a history, which no foreign key keeps
//	forge DB FORGED   make a history that agrees with itself, of a run that was judged mildly
//	edit DB RUN DOCUMENT OLD NEW   replace a text in a stored report, snapshot or memory
//	paste CODE LABEL [WORD=VALUE...]   run the command that the last output has beside a label,
//	                          with values for the words that a person fills in
//	step CODE WORKFLOW ID EXPRESSION=VALUE...   run one step of an example workflow
func TestScripts(t *testing.T) {
	t.Parallel()
	servers := &scriptServers{running: map[string]*scriptServer{}}
	dir, files := scripts()
	testscript.Run(t, testscript.Params{
		Dir:                 dir,
		Files:               files,
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"github":     servers.github,
			"becomes":    servers.becomes,
			"requests":   servers.requests,
			"evidence":   servers.evidence,
			"clock":      servers.clock,
			"bare":       bare,
			"exits":      exits,
			"field":      field,
			"same":       same,
			"mode":       mode,
			"nothing":    nothing,
			"fill":       fill,
			"publish":    publish,
			"action":     action,
			"workflow":   workflow,
			"repository": repository,
			"step":       step,
			"unzip":      unzip,
			"hints":      hints,
			"paste":      paste,
			"verifies":   verifies,
			"sql":        statement,
			"signed":     signed,
			"edit":       edit,
			"forge":      forge,
		},
		// [full] holds where nothing is to be skipped.
		Condition: func(name string) (bool, error) {
			if name != "full" {
				return false, fmt.Errorf("unknown condition %q", name)
			}
			return os.Getenv("PATAUDIT_TEST_FULL") != "", nil
		},
		Setup: func(env *testscript.Env) error {
			env.Vars = append(env.Vars, "GITHUB_TOKEN=", "PATAUDIT_TOKEN=", "COLUMNS=",
				"NO_PROXY=127.0.0.1", "GOCOVERDIR="+os.Getenv("GOCOVERDIR"), rarely)
			return nil
		},
	})
}

func bare(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: bare TOKEN")
	}
	ts.Setenv("PATAUDIT_APP_ID", "")
	ts.Setenv("PATAUDIT_APP_KEY_FILE", "")
	ts.Setenv("PATAUDIT_TOKEN", args[0])
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

func mode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: mode PERM FILE")
	}
	info, err := os.Stat(ts.MkAbs(args[1]))
	ts.Check(err)
	if got := fmt.Sprintf("%04o", info.Mode().Perm()); got != args[0] {
		ts.Fatalf("%s has mode %s, want %s", args[1], got, args[0])
	}
}

func nothing(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: nothing FOLDER")
	}
	entries, err := os.ReadDir(ts.MkAbs(args[0]))
	ts.Check(err)
	if len(entries) > 0 {
		ts.Fatalf("%s holds %v", args[0], entries)
	}
}

func fill(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: fill XLSX TOKEN HEADER=TEXT...")
	}
	book, err := excelize.OpenFile(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Check(fillRow(book, args[1], args[2:]...))
	ts.Check(book.Save())
}

const tokensSheet = "Tokens"

// fillRow writes into a token's row of a workbook, below headers: each cell is HEADER=TEXT.
func fillRow(book *excelize.File, token string, cells ...string) error {
	rows, err := book.GetRows(tokensSheet)
	if err != nil {
		return err
	}
	headerAt := slices.IndexFunc(rows, func(row []string) bool {
		return slices.Contains(row, "Decision")
	})
	at := slices.IndexFunc(rows, func(row []string) bool { return slices.Contains(row, token) })
	if headerAt < 0 || at < 0 {
		return fmt.Errorf("no Decision column, or no row with %s", token)
	}
	for _, cell := range cells {
		header, text, _ := strings.Cut(cell, "=")
		column := slices.Index(rows[headerAt], header)
		name, err := excelize.CoordinatesToCellName(column+1, at+1)
		if err != nil {
			return err
		}
		if err := book.SetCellStr(tokensSheet, name, text); err != nil {
			return err
		}
	}
	return nil
}

// TestExitCodesCovered holds that there is a script for each exit code of the promise.
func TestExitCodesCovered(t *testing.T) {
	var names []string
	err := filepath.WalkDir(filepath.Join("..", "..", "testdata", "script"),
		func(path string, _ fs.DirEntry, err error) error {
			names = append(names, filepath.Base(path))
			return err
		})
	if err != nil {
		t.Fatal(err)
	}
	for code := ui.ExitClean; code <= ui.ExitViolationsIncomplete; code++ {
		if !slices.ContainsFunc(names, func(name string) bool {
			return strings.HasPrefix(name, "exit"+strconv.Itoa(code)+"_")
		}) {
			t.Errorf("no script named exit%d_…", code)
		}
	}
}
