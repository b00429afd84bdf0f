// SPDX-License-Identifier: Apache-2.0

package report

import (
	"github.com/complytime/pataudit/report/csv"
	"github.com/complytime/pataudit/report/gemara"
	"github.com/complytime/pataudit/report/html"
	"github.com/complytime/pataudit/report/json"
	"github.com/complytime/pataudit/report/junit"
	"github.com/complytime/pataudit/report/markdown"
	"github.com/complytime/pataudit/report/oscal"
	"github.com/complytime/pataudit/report/sarif"
	"github.com/complytime/pataudit/report/table"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/xlsx"
)

// Formats lists every format; the first is the default.
var Formats = view.Formats[*view.Document]{
	table.Format,
	table.Wide,
	json.Format,
	xlsx.Format,
	html.Format,
	markdown.Format,
	csv.Format,
	junit.Format,
	sarif.Format,
	oscal.Format,
	gemara.Format,
	gemara.Catalog,
}
