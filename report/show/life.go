// SPDX-License-Identifier: Apache-2.0

package show

import (
	"fmt"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/screen"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// Life is what a history knows of a token over all its runs.
type Life struct {
	FirstSeen, GoneAt    time.Time // GoneAt is zero while it is listed
	ExpiresAt, ToldSince time.Time // the last expiry that GitHub told, and since when it tells it
	States               []State   // what it could do, oldest first
}

// State is what a token could do since a run. Facts of the token that are not known were not
// learned then.
type State struct {
	Run   int64
	AsOf  time.Time
	Token *audit.Token // Known, Selection, Permissions and the names of Repositories; nothing else
}

// writeLife writes what one token gained and lost over time, and when its expiry changed.
func writeLife(p *screen.Page, t *audit.Token, life *Life) {
	if life == nil {
		return
	}
	p.Blank()
	p.Say(screen.None, "OVER TIME", lifeText(t, life), "")
	for i := 1; i < len(life.States); i++ {
		before, now := life.States[i-1].Token, life.States[i].Token
		grown := func(verb string, from, to *audit.Token) string {
			names := audit.GrownNames(audit.Grown(from, to))
			return safe.Around(verb, words.Few(names, words.MostListed), "")
		}
		changes := safe.Join("; ", grown("gained ", before, now), grown("lost ", now, before))
		if changes != "" {
			p.Say(screen.None, "", fmt.Sprintf("%s (run %d): %s", view.DayOf(life.States[i].AsOf),
				life.States[i].Run, safe.Terminal(changes)), "")
		}
	}
}

func lifeText(t *audit.Token, life *Life) string {
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
