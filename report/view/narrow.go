// SPDX-License-Identifier: Apache-2.0

package view

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
)

// Narrow returns the view in which a document that was read back is shown, if asked is wanted of
// it. What asked leaves open is as the document has it; and it can only choose from what is there,
// so that a wider choice is an error.
func (d *Document) Narrow(asked View) (View, error) {
	held, v := &d.View, asked
	v.Saved = true
	var err error
	switch {
	case asked.Only == "":
		v.Only = held.Only
	case asked.Only == OnlyAll && held.Only == "":
		return v, errors.New("it holds no answers of rules that pass: it was written without " +
			"--only all")
	case asked.Only != held.Only && (asked.Only == OnlyAll || held.Only == OnlyFailing):
		return v, fmt.Errorf("it has no rows for %q: it was written as with --only %s",
			asked.Only, held.Only)
	}
	f, h := &v.Filter, &held.Filter
	for _, part := range []struct {
		noun        string
		asked, held *[]string
	}{
		{"rule", &f.Rules, &h.Rules},
		{"owner", &f.Owners, &h.Owners},
		{"repository", &f.Repositories, &h.Repositories},
	} {
		if *part.asked, err = narrowed(part.noun, *part.asked, *part.held); err != nil {
			return v, err
		}
	}
	if f.Severity < h.Severity && asked.Filter.Severity > audit.NoSeverity {
		return v, fmt.Errorf("it holds severity %s or worse only", h.Severity)
	}
	f.Severity = max(f.Severity, h.Severity)
	return v, nil
}

// narrowed returns the asked values, if all of them are among those that were not left out.
func narrowed(noun string, asked, held []string) ([]string, error) {
	switch {
	case len(asked) == 0:
		return held, nil
	case len(held) == 0:
		return asked, nil
	}
	for _, value := range asked {
		if !slices.ContainsFunc(held, func(h string) bool { return strings.EqualFold(h, value) }) {
			return nil, fmt.Errorf("it holds %s %s only, and not %s", noun, safe.List(held, "or"), value)
		}
	}
	return asked, nil
}
