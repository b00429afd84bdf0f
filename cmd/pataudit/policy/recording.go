// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/policy"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/xlsx"
)

// mostWrong is how many rows with which something is wrong are printed.
const mostWrong = 50

// recording is what becomes of the rows of a workbook, or of the one decision of the flags.
type recording struct {
	*decideFlags
	now    time.Time
	run    *audit.Run
	policy *audit.Policy // with the decisions that are in the file

	added    []policy.Recorded
	there    int // decisions that are in the file already
	problems []error
}

// record notes what a row decides, or what is wrong with it.
func (r *recording) record(row xlsx.Filled) {
	if row.Wrong != nil {
		r.problems = append(r.problems, row.Wrong)
		return
	}
	identity := r.token
	if row.TokenID != 0 {
		identity = audit.IdentityOf(row.TokenID)
	}
	result, err := find(r.run, identity)
	name := ""
	if err == nil {
		name = fmt.Sprintf(" (%q)", result.Token.Name) // in quotes: nobody else is told
		var decisions []*audit.Decision
		var there int
		if decisions, there, err = r.decide(result, row); err == nil {
			err = r.recordable(decisions)
		}
		if err == nil {
			r.there += there
			for _, d := range decisions {
				r.added = append(r.added, policy.Recorded{Decision: d, Comment: about(result.Token)})
			}
			return
		}
	}
	if row.Sheet != "" {
		err = fmt.Errorf("%s row %d%s: %w", row.Sheet, row.Row, name, err)
	}
	r.problems = append(r.problems, err)
}

// String returns how many decisions were recorded.
func (r *recording) String() string {
	text := safe.Plural(len(r.added), "decision") + " added"
	if r.there > 0 {
		text += fmt.Sprintf(", %d already there", r.there)
	}
	return text
}

// wrong returns what is wrong with all rows, as a usage error; nil if nothing is.
func (r *recording) wrong() error {
	if more := len(r.problems) - mostWrong; more > 0 {
		r.problems = append(r.problems[:mostWrong], fmt.Errorf("and %d problems more", more))
	}
	if len(r.problems) == 0 {
		return nil
	}
	return ui.Usage(errors.Join(r.problems...))
}

// save appends what is to be recorded to the file, whose text was read before, and notes it.
func (r *recording) save(ctx context.Context, u *ui.UI, text []byte) error {
	if len(r.added) > 0 {
		appended, err := policy.AppendDecisions(r.path, text, r.added, r.policy)
		if err != nil {
			return ui.Usage(err)
		}
		u.Files.Read = slices.DeleteFunc(u.Files.Read, func(read string) bool {
			return read == r.path
		})
		if err := saveAnew(ctx, u, r.path, text, appended); err != nil {
			return err
		}
	}
	if len(r.added)+r.there > 0 {
		u.Notef("%s: %s", r.path, r)
	}
	return nil
}

// complete refuses a decision that lacks a person's own words, and names where they belong.
func (r *recording) complete(d *audit.Decision, row xlsx.Filled) error {
	where := func(column, flag string) string {
		if row.Sheet == "" {
			return flag
		}
		return "fill " + column + ", or " + flag
	}
	switch {
	case d.By == "":
		return fmt.Errorf("who decides is not said: %s", where("Reviewer", "--by LOGIN"))
	case d.Kind == audit.Keep && d.Purpose == "":
		return fmt.Errorf("a keep wants a purpose: %s", where("Note", "--purpose PURPOSE"))
	case d.Kind != audit.Keep && d.Reason == "":
		return fmt.Errorf("a %s wants a reason: %s", d.Kind, where("Note", "--reason WHY"))
	case d.On.After(r.now.AddDate(0, 0, 1)):
		return fmt.Errorf("the date %s is in the future", d.On.Format(time.DateOnly))
	}
	return r.stray(d.Kind)
}

// recordable refuses decisions that no file holds.
func (r *recording) recordable(decisions []*audit.Decision) error {
	for _, d := range decisions {
		if _, err := policy.AppendDecision(r.path, nil, d, "", r.policy); err != nil {
			return err
		}
	}
	return nil
}
