// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/api"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/records"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/view"
)

// AtOnce is how many organizations are collected at once. How many requests are in flight is the
// client's to bound, over all of them.
const AtOnce = 8

// outcome is what became of one organization.
type outcome struct {
	*records.Judged
	err   error // why there is no run
	panic any   // to be raised where it is recovered
}

// auditSeveral fills the document with a part for each organization, in their order. One's failure
// leaves the others whole; it is an error only if none could be audited.
func (j *job) auditSeveral(
	ctx context.Context, u *ui.UI, document *view.Document,
) (runs []*records.Judged, err error) {
	if err := j.resolve(ctx, u); err != nil {
		return nil, ui.Failed(err)
	}
	j.subjects = j.shard.part(j.subjects)
	outcomes := j.auditAll(ctx, u)
	if err := ctx.Err(); err != nil {
		return nil, ui.Failed(err)
	}
	for i, o := range outcomes {
		login := j.subjects[i].login
		if o.panic != nil {
			panic(o.panic)
		}
		same := o.err == nil && slices.ContainsFunc(document.Runs, o.same)
		if o.err == nil && !same && slices.ContainsFunc(document.Runs, o.contradicts) {
			o.err = errors.New("GitHub tells two organizations by one id or one name: which is which " +
				"is not known")
		}
		switch {
		case o.err != nil:
			u.Errorf("%s: %v", login, o.err)
			document.Failed = append(document.Failed,
				view.Failure{Organization: login, Reason: audit.Reason{api.RemarkOf(o.err)}})
		case same:
			u.Notef("%s is %s by another name: audited once", login, o.Run.Organization.Login)
		default:
			document.Runs = append(document.Runs, o.Run)
			runs = append(runs, o.Judged)
		}
	}
	if len(document.Runs) == 0 && len(j.subjects) > 0 {
		return nil, ui.Failed(errors.New("no organization could be audited"))
	}
	j.noteUnknownDecisions(u, document.Runs)
	return runs, j.foreignBaseline(u, document)
}

// foreignBaseline refuses a baseline that is of none of the organizations. It may be of one that
// could not be audited, or of another shard.
func (j *job) foreignBaseline(u *ui.UI, document *view.Document) error {
	b := j.policy.Baseline
	if b == nil || slices.ContainsFunc(document.Runs, func(run *audit.Run) bool {
		return b.Of(run.Organization)
	}) || slices.ContainsFunc(document.Failed, func(f view.Failure) bool {
		return strings.EqualFold(f.Organization, b.Organization)
	}) {
		return nil
	}
	err := fmt.Errorf("the baseline %s is of %s, which is none of the organizations",
		j.judged.Baseline, flags.Whose(b.Organization, b.OrganizationID))
	if j.shard.parts > 0 {
		u.Notef("%v of part %s", err, j.shard.text)
		return nil
	}
	return ui.Usage(err)
}

// auditAll audits the organizations, a few at once.
func (j *job) auditAll(ctx context.Context, u *ui.UI) []outcome {
	outcomes := make([]outcome, len(j.subjects))
	u.Organizations(len(outcomes))
	var group errgroup.Group
	group.SetLimit(AtOnce)
	for i, s := range j.subjects {
		group.Go(func() error {
			defer func() { outcomes[i].panic = recover() }()
			defer u.OrganizationDone()
			if outcomes[i].err = s.unfit; s.unfit == nil {
				outcomes[i].Judged, outcomes[i].err = j.audit(ctx, u, s)
			}
			return nil
		})
	}
	_ = group.Wait() // none returns an error
	u.Clear()
	return outcomes
}

// same reports whether the organization is that of another run: a former name leads to it, too.
func (o outcome) same(other *audit.Run) bool {
	a, b := o.Run.Organization, other.Organization
	return a.Same(b) && a.Called(b.Login)
}

// contradicts reports whether two outcomes that are not of the same organization share its id or
// its name.
func (o outcome) contradicts(other *audit.Run) bool {
	a, b := o.Run.Organization, other.Organization
	return a.Same(b) != a.Called(b.Login)
}

// noteUnknownDecisions prints how many decisions are about tokens that none of the organizations
// lists: each run leaves those out that are not about its own.
func (j *job) noteUnknownDecisions(u *ui.UI, runs []*audit.Run) {
	known := map[*audit.Decision]bool{}
	for _, run := range runs {
		for _, d := range run.Decisions {
			known[d.Decision] = true
		}
	}
	of := 0
	for _, d := range j.policy.Decisions {
		if d.Kind != audit.Attest {
			of++
		}
	}
	if n := of - len(known); n > 0 {
		u.Notef("%d of %d decisions are about tokens that none of these organizations lists", n, of)
	}
}
