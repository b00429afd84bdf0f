// SPDX-License-Identifier: Apache-2.0

package report

import (
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/words"
)

// classicLine tells of one in a line: "jdoe: ci-legacy; repo, admin:org; never expires; used 3 d
// ago".
func (p *page) classicLine(c *audit.Credential, asOf time.Time) string {
	room := p.width - labelled
	login, note := c.Login, c.Note
	if login == "" {
		login = "?"
	}
	start := safe.Truncate(safe.Terminal(login), room/4)
	if note != "" {
		start += ": " + safe.Truncate(safe.Terminal(note), room/3)
	}
	end := "; " + words.ClassicExpiry(c, asOf) + "; " + words.ClassicUse(c, asOf)
	scopes := safe.Terminal(words.ScopesText(c))
	return start + "; " + safe.Truncate(scopes, room-safe.Width(start)-len(end)-2) + end
}
