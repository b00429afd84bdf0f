// SPDX-License-Identifier: Apache-2.0

package api

import (
	"net/url"

	"github.com/complytime/pataudit/audit"
)

// The permissions that the App needs, all of them to read, by GitHub's names.
const (
	PermTokens   = "organization_personal_access_tokens"
	PermRequests = "organization_personal_access_token_requests"
	PermMembers  = "members"
	PermMetadata = "metadata"

	PermAdministration = "organization_administration"
)

// AppPermission is a permission that the App needs, to read.
type AppPermission struct {
	Name  string // GitHub's, in its API
	Label string // GitHub's, on its settings pages
	Why   string // what is lost without it
}

// Permissions are all that the App needs.
var Permissions = []AppPermission{
	{
		PermTokens, audit.PermissionLabel(PermTokens),
		"the list of approved tokens, and which repositories each reaches; nothing without it",
	},
	{
		PermRequests, audit.PermissionLabel(PermRequests),
		"the tokens that wait for approval; without it they are not seen",
	},
	{
		PermMembers, audit.PermissionLabel(PermMembers),
		"whether each owner still belongs to the organization; without it no audit is complete",
	},
	{
		PermMetadata, audit.PermissionLabel(PermMetadata),
		"the organization's repositories; GitHub gives it to every App",
	},
}

// Administration is the permission that the audit log and the classic tokens need beside them.
var Administration = AppPermission{
	PermAdministration, audit.PermissionLabel(PermAdministration),
	"the audit log and members' classic tokens, on Enterprise Cloud, if they are asked for",
}

// SetupQuery fills in GitHub's form for a new App of an organization, after "Registering a GitHub
// App using URL parameters" in its documentation.
func SetupQuery(organization string, permissions []AppPermission) url.Values {
	query := url.Values{
		"name":           {appName(organization)},
		"description":    {"Reads the organization's fine-grained personal access tokens."},
		"url":            {"https://github.com/complytime/pataudit"},
		"public":         {"false"},
		"webhook_active": {"false"},
	}
	for _, p := range permissions {
		query.Set(p.Name, "read")
	}
	return query
}

// appName returns a name for the App within the 34 characters that GitHub allows.
func appName(organization string) string {
	const longest = 34
	name := "pataudit-" + organization
	return name[:min(len(name), longest)]
}
