// SPDX-License-Identifier: Apache-2.0

package view

import (
	"fmt"
	"io"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
)

// Format is one way to write a report.
type Format = FormatOf[*Document]

// FormatOf is one way to write a D: a report, or a comparison.
type FormatOf[D any] struct {
	Name   string   // as in --format
	Doc    string   // one line of help
	Ext    []string // suffixes of a path that choose it, in lower case: ".json"
	Binary bool     // not for a terminal

	// Nameless reports that the format can write a D that names nobody.
	Nameless bool

	// Write writes the whole of it. It returns the first error of w.
	Write func(w io.Writer, d D) error

	// JSON writes the same to a path that ends in .json; nil: there is but one notation.
	JSON func(w io.Writer, d D) error
}

// At returns the format in the notation that a path asks for by its suffix.
func (f FormatOf[D]) At(path string) FormatOf[D] {
	if f.JSON != nil && strings.HasSuffix(strings.ToLower(path), ".json") {
		f.Write = f.JSON
	}
	return f
}

// Formats are all formats of a D; the first is the default.
type Formats[D any] []FormatOf[D]

// Names lists their names, in their order.
func (all Formats[D]) Names() []string {
	names := make([]string, len(all))
	for i := range all {
		names[i] = all[i].Name
	}
	return names
}

// Lookup returns the format of a name. The error names them all, and the one that may be meant.
func (all Formats[D]) Lookup(name string) (FormatOf[D], error) {
	for _, f := range all {
		if f.Name == name {
			return f, nil
		}
	}
	names, hint := all.Names(), ""
	if near := audit.Nearest(name, names); near != "" {
		hint = ": did you mean " + near + "?"
	}
	return FormatOf[D]{}, fmt.Errorf("format %q is none of %s%s", name, safe.List(names, "or"), hint)
}

// ForPath returns the format that a path's suffix stands for; the longest matching one chooses.
func (all Formats[D]) ForPath(path string) (found FormatOf[D], err error) {
	var suffixes []string
	longest, lower := "", strings.ToLower(path)
	for _, f := range all {
		suffixes = append(suffixes, f.Ext...)
		for _, ext := range f.Ext {
			if len(ext) > len(longest) && strings.HasSuffix(lower, ext) {
				found, longest = f, ext
			}
		}
	}
	if longest == "" {
		return found, fmt.Errorf("no format for the path %q: end it in %s, or write FORMAT=PATH",
			path, safe.List(suffixes, "or"))
	}
	return found, nil
}
