// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"strings"
)

// topics are what help has beside commands.
var topics = []struct {
	name, short string
	text        func() string
}{
	{"exit-codes", "What the exit codes mean", func() string { return exitCodes }},
	{"environment", "The variables that commands read", environmentText},
	{"files", "The files that commands read and write", func() string { return files }},
}

// topic returns the text of a topic; false if there is none of the name.
func topic(name string) (text string, found bool) {
	for _, t := range topics {
		if t.name == name {
			return t.text(), true
		}
	}
	return "", false
}

const exitCodes = `Exit codes of audit:
    0  clean: the evidence is complete, and nothing is at or above --fail-on
    1  the job could not be done, an output not be written, or the run not be saved
    2  usage, configuration or policy is wrong; nobody was asked
    3  violations; the evidence is complete
    4  no violations, but the evidence is incomplete, or there are no tokens at all
    5  violations, and the evidence is incomplete
  130  interrupted (143: terminated); no file was replaced
  134  the program itself gave up

--exit-zero turns 3 into 0. --allow-incomplete turns 4 into 0 and 5 into 3; --allow-empty lets an
organization without tokens be clean. Each report still says what is so.

Of several organizations: 1 if none could be audited, 4 or 5 if some could not.

All other commands end with 0, 1 or 2; collect, doctor and history check also with 4. decide ends
with 2 if something is wrong with a row of a workbook, though the others are recorded.
`

const files = `Files that commands read:
  policy       --policy: which rules are asked, and how; "pataudit policy init" prints one
  decisions    --decisions: what people decided of tokens; "pataudit decide" appends to it
  baseline     --baseline: findings that are known debt; "pataudit baseline create" makes it
  evidence     --from: a snapshot, which --snapshot and "pataudit collect" save
  project      pataudit.yaml or .github/pataudit.yaml, or --config: what is told to every command
  history      --history: a file of SQLite (pataudit.db), or PostgreSQL

Tokens stand in them by their ids, as GitHub's settings show these: token: 98716.

Files that commands write:
  reports      -o: in the format that the name ends with, or -o FORMAT=PATH
  letters      report --owners: one for each owner, and owners.csv
  cache        --cache: what GitHub answered, to be confirmed by the next run

What is written is readable by you alone, and takes its place whole or not at all. In YAML,
characters that reviewers cannot see are errors.
`

// environmentText lists the variables.
func environmentText() string {
	var b strings.Builder
	b.WriteString("Variables that commands read. A flag wins over them, and they over the project " +
		"file:\n")
	for _, v := range environment {
		fmt.Fprintf(&b, "  %-22s %s\n", v.name, v.says)
	}
	b.WriteString(`  NO_COLOR               no colours, unless --color says so
  COLUMNS                how wide a screen is

In a workflow of GitHub Actions (GITHUB_ACTIONS), names are kept out of a public repository's log.
Secrets are read from here or from files, and never from flags.
`)
	return b.String()
}
