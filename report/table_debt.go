// SPDX-License-Identifier: Apache-2.0

package report

import (
	"github.com/complytime/pataudit/report/screen"
	"github.com/complytime/pataudit/report/words"
)

// debt says what became of the baseline.
func (b *block) debt() {
	if b.Run.Debt != nil {
		sgr := screen.None
		if b.Run.Debt.Worse+b.Run.Debt.Ended > 0 {
			sgr = screen.Yellow
		}
		b.Say(sgr, "DEBT", words.Debt(b.Run.Debt, b.Figures), "")
	}
}
