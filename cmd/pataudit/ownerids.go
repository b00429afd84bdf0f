// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"os"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/policy"
	"github.com/complytime/pataudit/report"
)

// offerIDs says which ids the evidence of the flags has for the owners that a policy names by
// their logins alone. Err is why the policy was refused; it is returned as a usage error.
func offerIDs(
	ctx context.Context, ui *ui, f *evidenceFlags, allowPublic bool, err error,
) error {
	logins := policy.LoginsAlone(err)
	if len(logins) == 0 || f.from == "" && f.organization == "" ||
		placeOf(allowPublic, os.Getenv).public {
		return usage(err)
	}
	evidence, _, failed := f.collect(ctx, ui, audit.FactOwner)
	if failed != nil {
		ui.warnf("the ids of owners: %v", failed)
		return usage(err)
	}
	for _, login := range logins {
		accounts := policy.OwnersCalled(login, evidence)
		for _, account := range accounts {
			ui.notef("owner: write {id: %d, login: %s}", account.ID, report.Terminal(account.Login))
		}
		if len(accounts) == 0 {
			ui.notef("owner: nobody in the evidence is called %s", report.Terminal(login))
		}
	}
	return usage(err)
}
