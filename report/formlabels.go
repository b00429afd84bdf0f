// SPDX-License-Identifier: Apache-2.0

package report

import (
	"strings"

	"github.com/complytime/pataudit/audit"
)

// The words of GitHub's form for a new token, which are not those of its API.

// formPermission is a permission as the form has it, and its name in the API, which reports use:
// "Contents: Read and write (contents:write)". It is hostile text, as any permission is.
func formPermission(p audit.Permission) string {
	text := formLabel(p) + ": " + formLevel(p.Level) + " (" + permissionName(p) + ")"
	switch p.Group {
	case audit.GroupOrganization:
		return "Organization permission " + text
	case audit.GroupOther:
		return "Account permission " + text
	}
	return text
}

func formPermissions(permissions []audit.Permission) []string {
	texts := make([]string, len(permissions))
	for i, p := range permissions {
		texts[i] = formPermission(p)
	}
	return texts
}

func formLevel(level string) string {
	switch level {
	case audit.LevelRead:
		return "Read-only"
	case audit.LevelWrite:
		return "Read and write"
	case audit.LevelAdmin:
		return "Admin"
	}
	return level
}

// formLabel is mostly the name in the API, spelt for people.
func formLabel(p audit.Permission) string {
	if label := otherLabel(p.Name); label != "" {
		return label
	}
	name := p.Name
	if p.Group == audit.GroupOrganization {
		name = strings.TrimPrefix(name, "organization_")
	}
	name = strings.ReplaceAll(name, "_", " ")
	if name == "" {
		return ""
	}
	return strings.ToUpper(name[:1]) + name[1:] // the first is a letter of ASCII, or stays
}

// otherLabel gives the labels that cannot be told from the API's names, as GitHub's documentation
// of permissions for fine-grained tokens has them; "" for all others.
func otherLabel(name string) string {
	switch name {
	case "actions_variables", "organization_actions_variables":
		return "Variables"
	case "blocking":
		return "Block another user"
	case "emails":
		return "Email addresses"
	case "git_signing_ssh_public_keys":
		return "SSH signing keys"
	case "gpg_keys":
		return "GPG keys"
	case "keys":
		return "Git SSH keys"
	case "organization_copilot_seat_management":
		return "GitHub Copilot Business"
	case "organization_custom_org_roles":
		return "Custom organization roles"
	case "organization_custom_roles":
		return "Custom repository roles"
	case "organization_self_hosted_runners":
		return "Self-hosted runners"
	case "organization_user_blocking":
		return "Blocking users"
	case "repo_secret_scanning_dismissal_requests":
		return "Secret scanning alert dismissal requests"
	case "repository_advisories":
		return "Repository security advisories"
	case "repository_custom_properties":
		return "Custom properties"
	case "repository_hooks", "organization_hooks":
		return "Webhooks"
	case "secret_scanning_bypass_requests":
		return "Secret scanning push protection bypass requests"
	case "security_events":
		return "Code scanning alerts"
	case "statuses":
		return "Commit statuses"
	case "vulnerability_alerts":
		return "Dependabot alerts"
	case "organization_codespaces", "organization_codespaces_secrets",
		"organization_codespaces_settings", "organization_dependabot_secrets",
		"organization_private_registries": // with the word that others do without
		return "O" + strings.ReplaceAll(name[1:], "_", " ")
	}
	return ""
}
