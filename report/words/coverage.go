// SPDX-License-Identifier: Apache-2.0

package words

import (
	"strings"

	"github.com/complytime/pataudit/audit"
)

// CoverageTitles are the titles of a list of what was seen, and how well.
var CoverageTitles = [...]string{"Source", "Status", "Items", "Requests", "Reason or note"}

// CoverageCells returns a row of that list: texts and numbers.
func CoverageCells(c *audit.Coverage) [len(CoverageTitles)]any {
	return [...]any{
		strings.ReplaceAll(c.Source, "_", " "), strings.ReplaceAll(string(c.Status), "_", " "),
		c.Items, c.Requests, c.Reason,
	}
}
