// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
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

// String says what was recorded.
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

// complete refuses a decision that lacks what a person has to say, and says where it is said.
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
	return nil
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

// recorded counts the decisions in the file that a row of a workbook made, so that reading it
// again accepts nothing that has come since: what the same person decided of the token for the
// same reason, on the day that the row names, or else what still holds.
func (r *recording) recorded(d *audit.Decision, row xlsx.Filled) (n int) {
	if row.Sheet == "" {
		return 0
	}
	for _, old := range r.policy.Decisions {
		switch {
		case old.TokenID != d.TokenID, old.OwnerID != d.OwnerID, old.Kind != d.Kind, old.By != d.By,
			old.Reason != d.Reason, old.Purpose != d.Purpose,
			d.Kind == audit.Waive && r.rule != "" && old.Rule != r.rule:
		case !row.Date.IsZero() && old.On.Equal(d.On), row.Date.IsZero() && !old.Until.Before(d.On):
			n++
		}
	}
	return n
}

// holds reports whether the file has a decision that says the same, and holds as long as is asked
// for.
func (r *recording) holds(d *audit.Decision) bool {
	return slices.ContainsFunc(r.policy.Decisions, func(old *audit.Decision) bool {
		return old.TokenID == d.TokenID && old.OwnerID == d.OwnerID && old.Kind == d.Kind &&
			strings.EqualFold(old.Organization, d.Organization) && old.Setting == d.Setting &&
			old.Value == d.Value &&
			old.By == d.By && old.Reason == d.Reason && old.Purpose == d.Purpose &&
			old.Consumer == d.Consumer && old.Ticket == d.Ticket &&
			slices.Equal(sorted(old.Basis), sorted(d.Basis)) &&
			slices.Equal(sorted(old.Held), sorted(d.Held)) && old.Exact() == d.Exact() &&
			old.Reach.Equal(d.Reach) && !old.Until.Before(d.On) &&
			(r.until == "" || !old.Until.Before(d.Until))
	})
}

// sorted returns texts in their order, each once.
func sorted(texts []string) []string { return slices.Compact(slices.Sorted(slices.Values(texts))) }

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
