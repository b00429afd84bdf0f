// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
)

// classic says how many classic tokens there are, and shows the worst.
func (b *block) classic() {
	if b.run.Classic == nil {
		return
	}
	b.say(sgrNone, "CLASSIC", classicText(b.run), "")
	shown := classicOf(b.run, &b.doc.View)
	const most = 10
	more := 0
	if b.doc.View.Only == "" && len(shown) > most+1 {
		shown, more = shown[:most], len(shown)-most
	}
	for _, c := range shown {
		b.say(sgrNone, "", b.classicLine(c, b.run.AsOf), "")
	}
	if more > 0 {
		b.say(sgrNone, "", fmt.Sprintf("and %d more", more), "")
	}
}
