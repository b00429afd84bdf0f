// SPDX-License-Identifier: Apache-2.0

package words

import (
	"net/url"
	"regexp"

	"github.com/complytime/pataudit/audit"
)

// SettingsURL is GitHub's page where an owner of the organization reviews and revokes tokens; ""
// if the names are none that GitHub gives.
func SettingsURL(o *audit.Organization) string {
	if !PlainHost.MatchString(o.Host) || !plainLogin.MatchString(o.Login) {
		return ""
	}
	return "https://" + o.Host + "/organizations/" + url.PathEscape(o.Login) +
		"/settings/personal-access-tokens/active"
}

// PlainHost matches a host that may stand in a link.
var PlainHost = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?$`)
