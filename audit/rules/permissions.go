// SPDX-License-Identifier: Apache-2.0

package rules

import "github.com/complytime/pataudit/audit"

// PermissionsAsOf is the day on which the table of permission names was last held against GitHub's
// documentation. GitHub adds names at any time; those it does not have are unknown-permission.
const PermissionsAsOf = "2026-11-22"

// weightOf says how bad write access is where the guide does not foresee it. Known tells whether
// GitHub documented the name in that group as of [PermissionsAsOf]. An unknown name, a name in a
// strange group and an unknown level weigh the most.
func weightOf(p audit.Permission) (weight audit.Severity, known bool) {
	switch p.Group {
	case audit.GroupRepository:
		weight, known = repositoryWeight(p.Name)
	case audit.GroupOrganization:
		weight, known = organizationWeight(p.Name)
	case audit.GroupOther:
		weight, known = accountWeight(p.Name)
	}
	if !known || !knownLevel(p.Level) {
		weight = audit.High
	}
	return weight, known
}

// knownLevel reports whether GitHub documents the level.
func knownLevel(level string) bool {
	switch level {
	case audit.LevelRead, audit.LevelWrite, audit.LevelAdmin:
		return true
	}
	return false
}

// knownGroup reports whether GitHub documents the group.
func knownGroup(group string) bool {
	switch group {
	case audit.GroupRepository, audit.GroupOrganization, audit.GroupOther:
		return true
	}
	return false
}

func repositoryWeight(name string) (audit.Severity, bool) {
	switch name {
	case "artifact_metadata", "discussions", "issues":
		return audit.Low, true
	case "actions_variables", "agent_variables", "attestations", "codespaces",
		"codespaces_lifecycle_admin", "deployments", "merge_queues", "pages",
		"secret_scanning_alerts", "security_events", "statuses", "vulnerability_alerts":
		return audit.Medium, true
	case "actions", "administration", "agent_secrets", "codespaces_secrets", "contents",
		"copilot_agent_settings", "dependabot_secrets", "environments", "pull_requests",
		"repo_secret_scanning_dismissal_requests", "repository_advisories",
		"repository_custom_properties", "repository_hooks", "secret_scanning_bypass_requests",
		"secrets",
		"workflows": // only ever at write
		return audit.High, true
	case "codespaces_metadata", "metadata": // only ever at read
		return audit.High, true
	}
	return audit.High, false
}

func organizationWeight(name string) (audit.Severity, bool) {
	switch name {
	case "issue_fields", "issue_types", "organization_announcement_banners",
		"organization_projects", "team_discussions":
		return audit.Low, true
	case "organization_actions_variables", "organization_agent_variables",
		"organization_codespaces":
		return audit.Medium, true
	case "custom_properties_for_organizations", "members", "org_copilot_content_exclusion",
		"organization_administration", "organization_agent_secrets", "organization_campaigns",
		"organization_code_scanning_dismissal_requests", "organization_codespaces_secrets",
		"organization_codespaces_settings", "organization_copilot_agent_settings",
		"organization_copilot_seat_management", "organization_custom_org_roles",
		"organization_custom_properties", "organization_custom_roles",
		"organization_dependabot_secrets", "organization_hooks", "organization_knowledge_bases",
		"organization_network_configurations", "organization_private_registries",
		"organization_runner_custom_images", "organization_secrets",
		"organization_self_hosted_runners", "organization_user_blocking":
		return audit.High, true
	case "organization_api_insights", "organization_events", "organization_models",
		"organization_plan": // only ever at read
		return audit.High, true
	}
	return audit.High, false
}

// accountWeight knows the owner's account. A grant of an organization is not expected to have any.
func accountWeight(name string) (audit.Severity, bool) {
	switch name {
	case "blocking", "codespaces_user_secrets", "copilot_editor_context", "copilot_messages",
		"copilot_requests", "emails", "followers", "gists", "git_signing_ssh_public_keys",
		"gpg_keys", "interaction_limits", "keys", "plan", "private_repository_invitations",
		"profile", "starring", "user_events", "user_models", "watching":
		return audit.High, true
	}
	return audit.High, false
}
