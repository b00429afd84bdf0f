// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"strconv"
	"strings"
)

// Key returns what tells an organization from all others, whatever it is called at the time: its
// host with its id, or with its login in lower case where the id is not known. Reports make lasting
// ids of it.
func (o *Organization) Key() string {
	if o.ID == 0 {
		return o.Host + "/login/" + strings.ToLower(o.Login)
	}
	return o.Host + "/" + strconv.FormatInt(o.ID, 10)
}

// Same reports whether two are one organization, which may have changed its login: by their ids,
// or by their logins where one of the ids is not known.
func (o *Organization) Same(other *Organization) bool {
	if o.ID == 0 || other.ID == 0 {
		return o.Host == other.Host && strings.EqualFold(o.Login, other.Login)
	}
	return o.Key() == other.Key()
}
