// SPDX-License-Identifier: Apache-2.0

package rules

// defaultCombinations returns the table that the page of toxic-permissions repeats. It is longer
// than a function should be, for it is data.
func defaultCombinations() []Combination {
	const critical, high, medium = "critical", "high", "medium"
	return append(organizationCombinations(), []Combination{
		{
			"repo-admin",
			[]string{"administration:write"},
			critical,
			"full control: removes protections, adds collaborators and deploy keys, " +
				"changes visibility, deletes",
		},
		{
			"write-ci",
			[]string{"contents:write", "workflows:write"},
			high,
			"any CI job: a workflow on any branch runs with the repository's secrets and identity",
		},
		{
			"plant-secrets",
			[]string{anySecrets, "contents:write|actions:write"},
			critical,
			"plants credentials: replaces one of deployment or signing, and can have it used",
		},
		{
			"persist",
			[]string{"other:*:write"},
			critical,
			"access that survives the revocation of the token",
		},
		{
			"plant-secrets",
			[]string{anySecrets},
			high,
			"plants credentials: replaces one of deployment or signing",
		},
		{
			"run-agent",
			[]string{"agent_tasks:write"},
			high,
			"starts a coding agent with any prompt, which writes code and may hold secrets",
		},
		{
			"agent-fence",
			[]string{"copilot_agent_settings:write|organization_copilot_agent_settings:write"},
			high,
			"opens the firewall and the tools of coding agents",
		},
		{
			"drive-ci",
			[]string{"contents:write", "actions:write"},
			high,
			"own CI scripts: changes one that a workflow calls, then runs it; approves runs of forks",
		},
		{
			"oidc-and-logs",
			[]string{"actions:write"},
			high,
			"cloud identity: rewrites the subject claim that clouds trust; deletes runs and logs",
		},
		{
			"own-gate",
			[]string{"deployments:write", "contents:write|actions:write"},
			high,
			"approves its own deployment",
		},
		{
			"forge-checks",
			[]string{"statuses:write", "contents:write"},
			high,
			"writes the required status, then merges",
		},
		{
			"repo-hooks",
			[]string{"repository_hooks:write"},
			high,
			"leaks pushes: sends them to any address; redirects a hook that deploys",
		},
		{
			"self-approve",
			[]string{
				"*dismissal_requests:write|*bypass_requests:write", "contents:write",
			},
			high,
			"approves the bypass of its own push",
		},
		{
			"provenance",
			[]string{"attestations:write", "contents:write"},
			high,
			"replaces a release and its attestation",
		},
		{
			"embargo",
			[]string{"repository_advisories:write"},
			high,
			"reads and edits undisclosed vulnerabilities",
		},
		{
			"codespace",
			[]string{"codespaces:write"},
			high,
			"a machine with the owner's rights and secrets",
		},
		{
			"hide-tracks",
			[]string{
				"security_events:write|vulnerability_alerts:write|secret_scanning_alerts:write",
			},
			medium, "dismisses alerts",
		},
	}...)
}

const anySecrets = "secrets:write|environments:write|dependabot_secrets:write|" +
	"codespaces_secrets:write|agent_secrets:write"

// organizationCombinations returns those of permissions over the organization: data, too, and so
// longer than a function should be.
func organizationCombinations() []Combination {
	const critical, high, medium = "critical", "high", "medium"
	return []Combination{
		{
			"org-settings",
			[]string{"organization_administration:write"},
			critical,
			"changes organization settings, rulesets, which actions may run, and OIDC claims",
		},
		{
			"make-owners",
			[]string{"members:write"},
			critical,
			"makes owners, and members, and assigns roles",
		},
		{
			"redefine-roles",
			[]string{
				"organization_custom_org_roles:write|organization_custom_roles:write",
			},
			critical,
			"changes a role that people already hold",
		},
		{
			"org-runners",
			[]string{"organization_self_hosted_runners:write"},
			critical,
			"a rogue runner gets jobs with their secrets",
		},
		{
			"org-secrets",
			[]string{"organization_secrets:write|" +
				"organization_dependabot_secrets:write|organization_codespaces_secrets:write|" +
				"organization_agent_secrets:write"},
			critical,
			"hands an existing secret to a repository one controls, or overwrites it",
		},
		{
			"revoke-others",
			[]string{"organization_credentials:write"},
			critical,
			"revokes the credentials that members use in the organization",
		},
		{
			"approve-bypass",
			[]string{"organization_secret_scanning_bypass_requests:write"},
			high,
			"approves anybody's bypass of push protection",
		},
		{
			"org-hooks",
			[]string{"organization_hooks:write"},
			high,
			"sends every event to any address; redirects a hook that deploys",
		},
		{
			"move-fences",
			[]string{"organization_custom_properties:write|" +
				"repository_custom_properties:write|custom_properties_for_organizations:write"},
			high,
			"rulesets and cloud trust may follow properties",
		},
		{
			"org-supply",
			[]string{"organization_private_registries:write|" +
				"organization_network_configurations:write"},
			high,
			"feeds builds with other packages, by other networks",
		},
		{
			"org-values",
			[]string{"organization_actions_variables:write|organization_agent_variables:write"},
			medium,
			"feeds builds and agents with other values",
		},
	}
}
