// SPDX-License-Identifier: Apache-2.0

package report

import (
	"github.com/complytime/pataudit/report/safe"
)

// headed is a page's first line.
func (p *page) headed(name, kind string) string {
	name = safe.Truncate(name, p.width-3)
	if safe.Width(name)+safe.Width(kind)+3 > p.width {
		return p.paint(sgrBold, name) + "\n" + safe.Truncate("   "+kind, p.width)
	}
	return p.paint(sgrBold, name) + "   " + kind
}
