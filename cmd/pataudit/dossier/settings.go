// SPDX-License-Identifier: Apache-2.0

package dossier

import (
	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/words"
)

// claimed is a claim of a run's policy about a setting of the organization, and what became of it.
type claimed struct {
	setting audit.Setting
	text    string
}

func settingsOf(run *audit.Run) (all []claimed) {
	for i := range run.Settings {
		s := &run.Settings[i]
		all = append(all, claimed{s.Setting, words.Claimed(run, s)})
	}
	return all
}

// writeSettings writes what became of the claims about the organization's own settings: of each
// run what its predecessor did not say.
func (d *dossier) writeSettings(p *statementPage) {
	const most = 40 // lines
	said, lines := map[audit.Setting]string{}, 0
	for _, r := range d.periodParts() {
		for _, c := range r.settings {
			if said[c.setting] == c.text {
				continue
			}
			if said[c.setting] = c.text; lines == 0 {
				p.say("## The organization's own settings\n")
				p.say("GitHub does not tell them: what the policy claims is held against what was seen, " +
					"or attested by a person.\n")
			}
			if lines++; lines <= most {
				p.say("- Run %d: %s", r.Number, c.text)
			}
		}
	}
	switch {
	case lines > most:
		p.say("\n%d more lines are in the reports of the runs.\n", lines-most)
	case lines > 0:
		p.say("")
	}
}
