// SPDX-License-Identifier: Apache-2.0

package report

import (
	"strings"
)

var coverageColumns = []column{
	{title: "Source", width: 26, value: func(e entry) any {
		return strings.ReplaceAll(e.coverage.Source, "_", " ")
	}},
	{title: "Status", width: 14, value: func(e entry) any {
		return strings.ReplaceAll(string(e.coverage.Status), "_", " ")
	}},
	{title: "Items", width: 10, value: func(e entry) any { return e.coverage.Items }},
	{title: "Requests", width: 10, value: func(e entry) any { return e.coverage.Requests }},
	{title: "Reason or note", width: 80, value: func(e entry) any { return e.coverage.Reason }},
}
