// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/csv"
	"github.com/complytime/pataudit/report/gemara"
	"github.com/complytime/pataudit/report/html"
	"github.com/complytime/pataudit/report/json"
	"github.com/complytime/pataudit/report/junit"
	"github.com/complytime/pataudit/report/markdown"
	"github.com/complytime/pataudit/report/oscal"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/sarif"
	"github.com/complytime/pataudit/report/table"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/xlsx"
)

// Formats lists every format; the first is the default.
var Formats = []view.Format{
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

// Lookup finds a format by its name. The error names them all, and the one that may be meant.
func Lookup(name string) (view.Format, error) {
	var names []string
	for _, f := range Formats {
		if f.Name == name {
			return f, nil
		}
		names = append(names, f.Name)
	}
	hint := ""
	if near := audit.Nearest(name, names); near != "" {
		hint = fmt.Sprintf(": did you mean %s?", near)
	}
	return view.Format{}, fmt.Errorf("format %q is none of %s%s", name, safe.List(names, "or"), hint)
}

// ForPath finds the format that a path's suffix stands for; the longest matching one chooses.
func ForPath(path string) (view.Format, error) {
	var found view.Format
	var all []string
	longest, lower := "", strings.ToLower(path)
	for _, f := range Formats {
		all = append(all, f.Ext...)
		for _, ext := range f.Ext {
			if len(ext) > len(longest) && strings.HasSuffix(lower, ext) {
				found, longest = f, ext
			}
		}
	}
	if longest == "" {
		return found, fmt.Errorf("no format for the path %q: end it in %s, or write FORMAT=PATH",
			path, safe.List(all, "or"))
	}
	return found, nil
}
