// SPDX-License-Identifier: Apache-2.0

package dossier

import (
	"fmt"
	"strings"

	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/safe"
)

// writeHowToVerify writes how the reader can check all this alone.
func (d *dossier) writeHowToVerify(p *statementPage) {
	p.say("## How to verify\n")
	p.say("`sha256sum -c SHA256SUMS` checks the files; MANIFEST.json has the same sums, and sizes. " +
		"pataudit, which needs no network for it, judges a report again from its evidence.\n")
	command, verifiable := d.lastVerified()
	switch {
	case verifiable == 0:
		p.say("No run of the period can be judged again from this file alone: see what is not " +
			"covered.\n")
	case verifiable < len(d.runs):
		p.say("runs.csv has the command for %d of the %s, such as this; the others cannot be judged "+
			"again from this file alone:\n\n```\n%s\n```\n", verifiable, safe.Plural(len(d.runs), "run"),
			code(command))
	default:
		p.say("runs.csv has the command for each run, such as this:\n\n```\n%s\n```\n", code(command))
	}
	if verifiable > 0 {
		p.say("What only the history of earlier runs can tell is taken from the report, and the " +
			"command says what that is: with which run it compares, since when findings and tokens " +
			"are known, and the trend. All else, due dates among it, is computed again.\n")
	}
	p.say("That all this agrees says that the history agrees with itself, not who wrote it: " +
		"whoever can write its file can write evidence, reports and digests that agree. What tells " +
		"that is a copy that others kept, or a signature.\n")
	if d.signed != "" {
		p.say("This archive was signed by whom SIGNER stands for, as a line of allowed_signers has " +
			"their name and their public key:\n")
		p.say("```\n%s\n```\n", code(ui.HowToCheck(d.signed)))
	}
	for _, r := range d.periodParts() {
		if r.compares != 0 && d.part(r.compares) == nil {
			p.say("Run %d compares with run %d, which was pruned: it cannot be judged again.\n", r.Number,
				r.compares)
		}
	}
}

// lastVerified returns the command that judges the newest run again of which that is possible, and
// how many such runs there are; "" if there is none.
func (d *dossier) lastVerified() (command string, verifiable int) {
	for i := range d.runs {
		if c := d.verify(d.part(d.runs[i].Number)); c != "" {
			command = c
			verifiable++
		}
	}
	return command, verifiable
}

// missingWords lists runs by their numbers.
func missingWords(missing []history.Problem) string {
	var words []string
	for _, p := range missing {
		if p.Last != 0 {
			words = append(words, fmt.Sprintf("runs %d to %d", p.Run, p.Last))
		} else {
			words = append(words, fmt.Sprintf("run %d", p.Run))
		}
	}
	return strings.Join(words, ", ")
}

// writeSignOff writes where the one signs who answers for this: no program can.
func writeSignOff(p *statementPage) {
	p.say("## Sign-off\n")
	p.say("| | name | date | signature |")
	p.say("| --- | --- | --- | --- |")
	for _, role := range []code{
		"operated by (who ran the audits)", "reviewed by (who acted on the findings)",
		"received by (auditor)",
	} {
		p.say("| %s | | | |", role)
	}
}
