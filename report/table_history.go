// SPDX-License-Identifier: Apache-2.0

package report

import (
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/screen"
	"github.com/complytime/pataudit/report/words"
)

// since says on the screen what changed.
func (b *block) since(marks bool) {
	if text := words.SinceCounts(b.Run, marks); text != "" {
		b.Say(screen.None, "SINCE LAST", safe.Terminal(text), "")
	}
	if text := words.Changed(b.Run); text != "" {
		b.Say(screen.Yellow, "", safe.Terminal(text), "")
	}
}

// gone names them on the screen.
func (b *block) gone() {
	if text := words.Gone(b.Run); text != "" {
		b.Say(screen.None, "GONE", text, "")
	}
}
