// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
)

// Document is what is to be written.
type Document struct {
	Runs []*audit.Run // one per organization
	View View
	Tool Tool

	// Several asks for the shape of several organizations, even if only one has a run.
	Several bool

	// Pseudonymised says that names and ids are stand-ins: see [Redact].
	Pseudonymised bool

	// Failed lists the organizations that should have been audited and could not be. One of them
	// makes the whole document incomplete.
	Failed []Failure
}

// Failure says why an organization has no run.
type Failure struct {
	Organization, Reason string
}

// single reports whether the document is about one organization alone, and that one was audited.
func (d *Document) single() bool {
	return !d.Several && len(d.Runs) == 1 && len(d.Failed) == 0
}

// Tool names the program that judged.
type Tool = audit.Tool

// Format is one way to write a document.
type Format struct {
	Name   string   // as in --format
	Doc    string   // one line of help
	Ext    []string // suffixes of a path that choose it, in lower case: ".json"
	Binary bool     // not for a terminal

	// Write writes the whole document. It returns the first error of w.
	Write func(w io.Writer, d *Document) error

	// Public writes what may be read by everybody: verdict, evidence and figures, and no name of a
	// person, a token or a repository, nor an id of one. Nil: the format has no such form.
	Public func(w io.Writer, d *Document) error
}

// Formats lists every format; the first is the default.
var Formats = []Format{
	Table,
	Wide,
	JSON,
	XLSX,
	HTML,
	Markdown,
	CSV,
	JUnit,
	SARIF,
	OSCAL,
	Gemara,
	GemaraJSON,
	GemaraCatalog,
}

// Lookup finds a format by its name. The error names them all, and the one that may be meant.
func Lookup(name string) (Format, error) {
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
	return Format{}, fmt.Errorf("format %q is none of %s%s", name, safe.List(names, "or"), hint)
}

// ForPath finds the format that a path's suffix stands for; the longest matching one chooses.
func ForPath(path string) (Format, error) {
	var found Format
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
