// SPDX-License-Identifier: Apache-2.0

package table

import (
	"fmt"
	"strings"

	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/screen"
	"github.com/complytime/pataudit/report/words"
)

// lines writes what is said of a run under labels, and beneath some of them what they count.
func (b *block) lines(lines []words.Line) {
	for _, l := range lines {
		if l.Topic == words.TopicFiltered {
			continue // said where the rows are counted
		}
		sgr := screen.None
		if l.Alert {
			sgr = screen.Yellow
		}
		b.Say(sgr, strings.ToUpper(l.Topic.Label()), safe.Terminal(l.Text), "")
		switch {
		case b.Doc.Nameless:
		case l.Topic == words.TopicEvidence:
			b.coverage()
		case l.Topic == words.TopicDecisions:
			b.decisions()
		case l.Topic == words.TopicRequests:
			b.requests()
		case l.Topic == words.TopicClassic:
			b.classic()
		}
	}
}

// coverage lists the sources of the evidence, if all is asked for.
func (b *block) coverage() {
	if !b.Doc.View.Verbose {
		return
	}
	for _, c := range b.Run.Coverage {
		b.Say(screen.Dim, "", safe.Terminal(fmt.Sprintf("%s %s: %d items in %s. %s",
			c.Source, c.Status, c.Items, safe.Plural(c.Requests, "request"), c.Reason)), "")
	}
}

// foot names the policy that was applied.
func (b *block) foot() {
	by := words.Signature(b.Part)
	right := "confidential: personal data"
	if b.Doc.Nameless {
		right = ""
	}
	b.Line(safe.Spread(" "+by[0], right, b.Width))
	for _, text := range by[1:] {
		b.Line(" " + safe.Truncate(text, b.Width-1))
	}
}
