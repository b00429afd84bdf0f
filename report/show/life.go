// SPDX-License-Identifier: Apache-2.0

package show

import (
	"fmt"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/screen"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// writeLife writes what one token gained and lost over time, and when its expiry changed.
func writeLife(p *screen.Page, t *audit.Token, life *audit.Life) {
	if life == nil {
		return
	}
	p.Blank()
	p.Say(screen.None, "OVER TIME", lifeText(t, life), "")
	tokens := life.Tokens()
	for i := 1; i < len(tokens); i++ {
		before, now := tokens[i-1], tokens[i]
		grown := func(verb string, from, to *audit.Token) string {
			names := audit.GrownNames(audit.Grown(from, to))
			return safe.Around(verb, words.Few(names, words.MostListed), "")
		}
		changes := safe.Join("; ", grown("gained ", before, now), grown("lost ", now, before))
		if changes != "" {
			p.Say(screen.None, "", fmt.Sprintf("%s (run %d): %s", view.DayOf(life.States[i].At),
				life.States[i].Run, safe.Terminal(changes)), "")
		}
	}
}

func lifeText(t *audit.Token, life *audit.Life) string {
	text := fmt.Sprintf("grant %d: first seen %s", t.ID, view.DayOf(life.FirstSeen))
	if !life.ToldSince.IsZero() && life.ToldSince.After(life.FirstSeen) {
		expiry := "it has no expiry"
		if !life.ExpiresAt.IsZero() {
			expiry = "it expires " + view.DayOf(life.ExpiresAt)
		}
		text += fmt.Sprintf("; since %s %s", view.DayOf(life.ToldSince), expiry)
	}
	return text + view.On("; gone since ", life.GoneAt)
}
