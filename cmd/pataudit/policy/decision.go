// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/xlsx"
)

// How long a decision holds unless --until says otherwise, in days. A waiver holds as long as the
// policy lets it.
const (
	keepDays = 365
	todoDays = 30 // to reduce or to revoke
)

// decide makes the decisions of one row: of a waiver without a rule, one for each finding.
func (f *decideFlags) decide(
	u *ui.UI, run *audit.Run, p *audit.Policy, row xlsx.Filled,
) ([]*audit.Decision, *audit.Token, error) {
	result, err := find(run, row.TokenID)
	if err != nil {
		return nil, nil, err
	}
	base := audit.Decision{
		TokenID: row.TokenID, OwnerID: result.Token.Owner.ID, Kind: row.Decision,
		Purpose: f.purpose, Consumer: f.consumer, Reason: cmp.Or(row.Note, f.reason),
		By: cmp.Or(row.Reviewer, f.by), Ticket: f.ticket, On: row.Date,
	}
	if base.On.IsZero() {
		base.On = u.Now()
	}
	base.On = base.On.UTC().Truncate(24 * time.Hour)
	if base.Until, err = ui.ParseTime(f.until); err != nil {
		return nil, nil, fmt.Errorf("--until: %w", err)
	}
	switch base.Kind {
	case audit.Keep:
		base.Purpose = cmp.Or(base.Purpose, row.Note)
		if result.Token.Known.Has(audit.FactPermissions) {
			base.Held, base.Reach = audit.Held(result.Token), audit.ReachOf(result.Token)
		}
		lasts(&base, keepDays)
	case audit.Waive:
		decisions, err := f.waivers(base, result, p)
		return decisions, result.Token, err
	case audit.Reduce:
		lasts(&base, todoDays)
		if err := f.reduces(&base, result); err != nil {
			return nil, nil, err
		}
	default:
		lasts(&base, todoDays)
	}
	return []*audit.Decision{&base}, result.Token, nil
}

// lasts sets the last day, if none was given.
func lasts(d *audit.Decision, days int) {
	if d.Until.IsZero() {
		d.Until = d.On.AddDate(0, 0, days)
	}
}

// find returns the result of the token with an id: of its active grant, if it has one.
func find(run *audit.Run, tokenID int64) (*audit.Result, error) {
	var found *audit.Result
	for result := range run.Results() {
		switch token := result.Token; {
		case token.TokenID != tokenID:
		case found == nil || found.Token.Expired:
			found = result
		case !token.Expired:
			return nil, fmt.Errorf(
				"the grants %d and %d are both active and claim token %d: nothing can "+
					"be decided of it",
				found.Token.ID,
				token.ID,
				tokenID,
			)
		}
	}
	switch {
	case found != nil && found.Token.Owner == nil:
		return nil, fmt.Errorf(
			"token %d has no owner that GitHub tells: it cannot be bound",
			tokenID,
		)
	case found != nil:
		return found, nil
	}
	for result := range run.Results() {
		if result.Token.ID == tokenID && result.Token.TokenID != 0 {
			return nil, fmt.Errorf("%d is the id of a grant; its token's is %d", tokenID,
				result.Token.TokenID)
		}
	}
	for result := range run.Requests() {
		if result.Token.TokenID == tokenID {
			return nil, fmt.Errorf(
				"the token %d is only asked for: approve or deny the request on GitHub; "+
					"decisions are about approved tokens",
				tokenID,
			)
		}
	}
	return nil, fmt.Errorf("no token with the id %d is in the evidence", tokenID)
}

// about returns the name of a token for people who read the decisions file. Nothing is bound to
// names.
func about(token *audit.Token) string {
	return safe.Terminal(token.Name) + " of " + safe.Terminal(token.Owner.Login)
}

// rows returns what is to be decided: by the arguments, or by a workbook's Decision columns.
func (f *decideFlags) rows(args []string) ([]xlsx.Filled, error) {
	kind := flags.KindOfFile(f.evidence.From)
	if kind == flags.SheetFile || kind == flags.ArchiveFile {
		return nil, flags.CheckKind(kind, flags.WorkbookFile, f.evidence.From)
	}
	if kind == flags.WorkbookFile {
		if len(args) > 0 {
			return nil, errors.New("a workbook says which tokens: leave TOKEN_ID and the kind out")
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
	kinds := []string{audit.Waive, audit.Keep, audit.Reduce, audit.Revoke}
	if len(args) != 2 || !slices.Contains(kinds, args[1]) {
		return nil, fmt.Errorf("decide what? pataudit decide TOKEN_ID %s",
			strings.Join(kinds, "|"))
	}
	id, err := strconv.ParseInt(args[0], 10, 64)
	if err != nil || id <= 0 {
		return nil, fmt.Errorf("%q is not a token's id: reports and GitHub's settings show it",
			args[0])
	}
	return []xlsx.Filled{{TokenID: id, Decision: args[1]}}, nil
}
