// SPDX-License-Identifier: Apache-2.0

package flags

import (
	"github.com/spf13/pflag"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// Enterprise has the flags for what only GitHub Enterprise has. No rule that the guide requires
// needs it, so that its lack makes no audit incomplete; it is said, though, to whoever asked.
type Enterprise struct {
	auditLog, classic bool
}

// Register registers the flags.
func (f *Enterprise) Register(set *pflag.FlagSet) {
	set.BoolVar(&f.auditLog, "audit-log", false, "read, too, who approved tokens and when they "+
		"were made (GitHub Enterprise; the App needs Administration: read of the organization)")
	set.BoolVar(&f.classic, "classic", false, "list members' classic tokens with SAML "+
		"authorization, too (Enterprise Cloud; likewise)")
}

// Facts returns the facts that the flags ask for.
func (f Enterprise) Facts() (facts audit.Facts) {
	if f.auditLog {
		facts |= audit.FactCreated
	}
	if f.classic {
		facts |= audit.FactClassic
	}
	return facts
}

// Warn warns of what was asked for, and is not in the evidence, or not all of it.
func (f Enterprise) Warn(u *ui.UI, e *audit.Evidence) {
	for _, extra := range []struct {
		wanted       bool
		flag, source string
	}{
		{f.auditLog, "--audit-log", audit.SourceAuditLog},
		{f.classic, "--classic", audit.SourceAuthorizations},
	} {
		c := e.CoverageOf(extra.source)
		if !extra.wanted || c.Status == audit.Complete {
			continue
		}
		var reason any = c.Reason
		if c.Status == audit.NotAsked {
			reason = "it was not asked for when the evidence was collected; collect it with the flag"
		}
		u.Warnf("%s of %s: %s", extra.flag, e.Organization.Login, reason)
	}
}
