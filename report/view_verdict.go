// SPDX-License-Identifier: Apache-2.0

package report

import (
	"strings"

	"github.com/complytime/pataudit/audit"
)

func verdictWords(o audit.Outcome) string {
	words := strings.ToUpper(strings.ReplaceAll(o.String(), "_", ", "))
	if o == audit.Incomplete {
		words += ", cannot say clean"
	}
	return words
}
