// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/report/xlsx"
)

// rows returns what is to be decided: by the arguments, or by a workbook's Decision columns.
func (f *decideFlags) rows(args []string) ([]xlsx.Filled, error) {
	kind := flags.KindOfFile(f.evidence.From)
	if kind == flags.SheetFile || kind == flags.ArchiveFile {
		return nil, flags.CheckKind(kind, flags.WorkbookFile, f.evidence.From)
	}
	if kind == flags.WorkbookFile {
		return f.workbook(args)
	}
	if len(args) != 2 || !slices.Contains(kinds, args[1]) {
		return nil, fmt.Errorf("decide what? pataudit decide ID %s, or pataudit decide ORG attest",
			strings.Join(kinds, "|"))
	}
	err := f.stray(args[1])
	if err == nil {
		f.token, err = audit.ParseIdentity(args[0])
	}
	return []xlsx.Filled{{Decision: args[1]}}, err
}

// workbook returns what reviewers filled into the Decision columns of a workbook.
func (f *decideFlags) workbook(args []string) ([]xlsx.Filled, error) {
	if len(args) > 0 {
		return nil, errors.New("a workbook says which tokens: leave ID and the kind out")
	}
	text, err := os.ReadFile(f.evidence.From)
	if err != nil {
		return nil, fmt.Errorf("reading the workbook: %w", err)
	}
	rows, err := xlsx.ReadDecisions(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.evidence.From, err)
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("%s: no Decision column is filled", f.evidence.From)
	}
	f.evidence.From = f.workbookEvidence
	return rows, nil
}

// stray refuses a flag that says nothing of a decision of that kind: whoever gave it would think
// that the decision is as it says.
func (f *decideFlags) stray(kind string) error {
	for _, given := range []struct {
		flag, value string
		of          []string // kinds
	}{
		{"rule", f.rule, []string{audit.Waive, audit.Reduce}},
		{"basis", strings.Join(f.basis, " "), []string{audit.Reduce}},
		{"purpose", f.purpose, []string{audit.Keep}},
		{"consumer", f.consumer, []string{audit.Keep}},
		{"setting", f.setting, []string{audit.Attest}},
	} {
		if given.value != "" && !slices.Contains(given.of, kind) {
			return fmt.Errorf("--%s is not for a decision to %s: leave it out", given.flag, kind)
		}
	}
	return nil
}
