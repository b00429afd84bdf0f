// SPDX-License-Identifier: Apache-2.0

package report

// debt says what became of the baseline.
func (b *block) debt() {
	if b.run.Debt != nil {
		sgr := sgrNone
		if b.run.Debt.Worse+b.run.Debt.Ended > 0 {
			sgr = sgrYellow
		}
		b.say(sgr, "DEBT", debtText(b.run.Debt, b.figures), "")
	}
}
