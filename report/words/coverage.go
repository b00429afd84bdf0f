// SPDX-License-Identifier: Apache-2.0

package words

import (
	"strings"

	"github.com/complytime/pataudit/audit"
)

// unsaved is how the formats for people say that a run is not in the history.
const unsaved = "this run by the history, which could not save it"

// NotSeen returns what no verdict of a run speaks of, and that the history does not have the run.
func NotSeen(run *audit.Run) string {
	texts := run.NotSeen.Texts()
	if run.Unsaved {
		texts = append([]string{unsaved}, texts...)
	}
	return strings.Join(texts, "; ")
}

// CoverageTitles are the titles of a list of what was seen, and how well.
var CoverageTitles = [...]string{"Source", "Status", "Items", "Requests", "Reason or note"}

// CoverageCells returns a row of that list: texts and numbers.
func CoverageCells(c *audit.Coverage) [len(CoverageTitles)]any {
	return [...]any{
		strings.ReplaceAll(c.Source, "_", " "), strings.ReplaceAll(string(c.Status), "_", " "),
		c.Items, c.Requests, c.Reason,
	}
}
