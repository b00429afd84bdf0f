// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"slices"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
)

// decisive gives the finding to tell of a token: the worst one that counts, of a token that breaks
// the policy; else the worst one. It is nil if none fails.
func decisive(run *audit.Run, s standing, findings []*audit.Finding) *audit.Finding {
	if s == violates {
		for _, passes := range []func(*audit.Finding) bool{
			func(f *audit.Finding) bool { return weigh(run, f) != weightViolation },
			func(f *audit.Finding) bool { return f.InBaseline },
		} {
			if f := worst(slices.DeleteFunc(slices.Clone(findings), passes)); f != nil {
				return f
			}
		}
	}
	return worst(findings)
}

// accepted says who accepted a finding, until when, and why.
func accepted(d *audit.Decision) string {
	text := fmt.Sprintf("%s (by %s, until %s", d.Reason, d.By, d.Until.UTC().Format(time.DateOnly))
	if d.Ticket != "" {
		text += ", " + d.Ticket
	}
	return safe.Prose(text+")", safe.MostProse)
}
