// SPDX-License-Identifier: Apache-2.0

package report

import (
	"strings"

	"github.com/complytime/pataudit/audit"
)

// coverageTitles are the titles of a list of what was seen, and how well.
var coverageTitles = [...]string{"Source", "Status", "Items", "Requests", "Reason or note"}

// coverageCells returns a row of that list: texts and numbers.
func coverageCells(c *audit.Coverage) [len(coverageTitles)]any {
	return [...]any{
		strings.ReplaceAll(c.Source, "_", " "), strings.ReplaceAll(string(c.Status), "_", " "),
		c.Items, c.Requests, c.Reason,
	}
}
