// SPDX-License-Identifier: Apache-2.0

package report

import (
	"net/url"
	"regexp"

	"github.com/complytime/pataudit/audit"
)

// settingsURL is GitHub's page where an owner of the organization reviews and revokes tokens; ""
// if the names are none that GitHub gives.
func settingsURL(o *audit.Organization) string {
	if !plainHost.MatchString(o.Host) || !plainLogin.MatchString(o.Login) {
		return ""
	}
	return "https://" + o.Host + "/organizations/" + url.PathEscape(o.Login) +
		"/settings/personal-access-tokens/active"
}

var plainHost = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?$`)
