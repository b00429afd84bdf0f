// SPDX-License-Identifier: Apache-2.0

package table

import (
	"fmt"

	"github.com/complytime/pataudit/report/screen"
	"github.com/complytime/pataudit/report/words"
)

// classic shows the worst of the classic tokens.
func (b *block) classic() {
	shown := words.ClassicOf(b.Run, &b.Doc.View)
	const most = 10
	more := 0
	if b.Doc.View.Only == "" && len(shown) > most+1 {
		shown, more = shown[:most], len(shown)-most
	}
	for _, c := range shown {
		b.Say(screen.None, "", b.ClassicLine(c, b.Run.AsOf), "")
	}
	if more > 0 {
		b.Say(screen.None, "", fmt.Sprintf("and %d more", more), "")
	}
}
