// SPDX-License-Identifier: Apache-2.0

package screen

import (
	"cmp"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/words"
)

// ClassicLine returns a classic token as a line: "jdoe: ci-legacy; repo, admin:org; never expires;
// used 3 d ago".
func (p *Page) ClassicLine(c *audit.Credential, asOf time.Time) string {
	room := p.Width - LabelWidth
	start := safe.Truncate(safe.Terminal(cmp.Or(c.Login, "?")), room/4) +
		safe.Around(": ", safe.Truncate(safe.Terminal(c.Note), room/3), "")
	end := "; " + words.ClassicExpiry(c, asOf) + "; " + words.ClassicUse(c, asOf)
	scopes := safe.Terminal(words.ScopesText(c))
	return start + "; " + safe.Truncate(scopes, room-safe.Width(start)-len(end)-2) + end
}
