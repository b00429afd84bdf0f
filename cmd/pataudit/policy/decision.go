// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"cmp"
	"fmt"
	"slices"
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

// kinds are those of decisions of a token, as the command takes them.
var kinds = []string{audit.Waive, audit.Keep, audit.Reduce, audit.Revoke}

// decide makes the decisions of one row about a token: of a waiver without a rule, one for each
// finding. there counts those that hold already.
func (r *recording) decide(
	result *audit.Result, row xlsx.Filled,
) (decisions []*audit.Decision, there int, err error) {
	base := audit.Decision{
		TokenID: result.Token.TokenID, OwnerID: result.Token.Owner.ID, Kind: row.Decision,
		Purpose: r.purpose, Consumer: r.consumer, Reason: cmp.Or(row.Note, r.reason),
		By: cmp.Or(row.Reviewer, r.by), Ticket: r.ticket, On: row.Date,
	}
	if base.On.IsZero() {
		base.On = r.now
	}
	base.On = base.On.UTC().Truncate(24 * time.Hour)
	if base.Until, err = ui.ParseTime(r.until); err != nil {
		return nil, 0, fmt.Errorf("--until: %w", err)
	}
	if base.Kind == audit.Keep {
		base.Purpose = cmp.Or(base.Purpose, row.Note)
	}
	if err := r.complete(&base, row); err != nil {
		return nil, 0, err
	}
	if n := r.recorded(&base, row); n > 0 {
		return nil, n, nil
	}
	switch base.Kind {
	case audit.Keep:
		if result.Token.Known.Has(audit.FactPermissions) {
			base.Held, base.Reach = audit.Held(result.Token), audit.ReachOf(result.Token)
		}
		lasts(&base, keepDays)
	case audit.Waive:
		return r.waivers(base, result, r.policy, row.Sheet != "")
	case audit.Reduce:
		lasts(&base, todoDays)
		if err := r.reduces(&base, result); err != nil {
			return nil, 0, err
		}
	default:
		lasts(&base, todoDays)
	}
	if r.holds(&base) {
		return nil, 1, nil
	}
	return []*audit.Decision{&base}, 0, nil
}

// lasts sets the last day, if none was given.
func lasts(d *audit.Decision, days int) {
	if d.Until.IsZero() {
		d.Until = d.On.AddDate(0, 0, days)
	}
}

// find returns the result of a token: of its active grant, if it has one.
func find(run *audit.Run, identity audit.Identity) (*audit.Result, error) {
	named, err := flags.TokensOf(run, identity)
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(named, granted); i >= 0 && named[i].Token.TokenID > 0 {
		identity = named[i].Token.Identity() // of which the token may have other grants
		if named, err = flags.TokensOf(run, identity); err != nil {
			return nil, err
		}
	}
	var found *audit.Result
	for _, result := range named {
		switch token := result.Token; {
		case !granted(result):
		case found == nil || found.Token.Expired:
			found = result
		case !token.Expired:
			return nil, fmt.Errorf("the grants %d and %d are both active and claim %s: nothing can be "+
				"decided of it", found.Token.ID, token.ID, token.Noun())
		}
	}
	switch {
	case found == nil && len(named) > 0:
		return nil, fmt.Errorf("the %s is only asked for: approve or deny the request on GitHub; "+
			"decisions are about approved tokens", named[0].Token.Noun())
	case found == nil && identity.TokenID() > 0:
		return nil, fmt.Errorf("no token with the id %s is in the evidence%s", identity,
			flags.NoToken(run, identity))
	case found == nil:
		return nil, fmt.Errorf("no token %q is in the evidence", identity)
	case found.Token.TokenID <= 0:
		return nil, fmt.Errorf("the id of the token of %s is not known, and decisions are bound to it",
			found.Token.Noun())
	case found.Token.Owner == nil:
		return nil, fmt.Errorf("%s has no owner that GitHub tells: it cannot be bound",
			found.Token.Noun())
	}
	return found, nil
}

// granted reports whether a result is about an approved token.
func granted(r *audit.Result) bool { return r.Request == nil }

// about returns the name of a token for people who read the decisions file. Nothing is bound to
// names.
func about(token *audit.Token) string {
	return safe.Terminal(token.Name) + " of " + safe.Terminal(token.Owner.Login)
}
