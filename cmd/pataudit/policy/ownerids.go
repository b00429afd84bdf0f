// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"context"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/policy"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/safe"
)

// offerIDs prints which ids the evidence of the flags has for the owners that a policy names by
// their logins alone. Err is why the policy was refused; it is returned as a usage error.
func offerIDs(
	ctx context.Context, u *ui.UI, f *flags.Evidence, allowPublic bool, err error,
) error {
	logins := policy.LoginsAlone(err)
	if len(logins) == 0 || f.From == "" && f.Organization == "" ||
		ui.PlaceOf(allowPublic).Public {
		return ui.Usage(err)
	}
	evidence, _, failed := f.Collect(ctx, u, audit.FactOwner)
	if failed != nil {
		u.Warnf("the ids of owners: %v", failed)
		return ui.Usage(err)
	}
	now := policy.LoginsIn(evidence)
	for _, login := range logins {
		accounts := policy.OwnersCalled(login, now)
		for _, account := range accounts {
			u.Notef("owner: write {id: %d, login: %s}", account.ID, safe.Terminal(account.Login))
		}
		if len(accounts) == 0 {
			u.Notef("owner: nobody in the evidence is called %s", safe.Terminal(login))
		}
	}
	return ui.Usage(err)
}
