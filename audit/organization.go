// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"strconv"
	"strings"
)

// Key returns what tells an organization from all others, whatever it is called at the time: its
// host with its id, or with its login where the id is not known; both in lower case. Reports make
// lasting ids of it.
func (o *Organization) Key() string {
	host := strings.ToLower(o.Host)
	if o.ID == 0 {
		return host + "/login/" + strings.ToLower(o.Login)
	}
	return host + "/" + strconv.FormatInt(o.ID, 10)
}

// Called reports whether a login is the organization's at the time, in any case. Another one may
// have had it before, or have it on another host.
func (o *Organization) Called(login string) bool { return strings.EqualFold(o.Login, login) }

// Same reports whether two are one organization, which may have changed its login: by their ids,
// or by their logins where one of the ids is not known.
func (o *Organization) Same(other *Organization) bool {
	if o.ID == 0 || other.ID == 0 {
		return strings.EqualFold(o.Host, other.Host) && o.Called(other.Login)
	}
	return o.Key() == other.Key()
}
