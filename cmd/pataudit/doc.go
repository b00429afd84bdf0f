// SPDX-License-Identifier: Apache-2.0

/*
Pataudit lists the approved fine-grained personal access tokens of a GitHub organization, flags
what breaks the organization's token guide, and says whether it saw all of them.

	pataudit audit complytime                        audit, and print a table
	pataudit audit complytime -o audit.xlsx          a workbook for reviewers, too
	pataudit audit complytime --snapshot today.json  keep the evidence
	pataudit audit --from today.json                 judge it again, offline
	pataudit report audit.json -o audit.html         another format, without auditing again
	pataudit report audit.json --owners letters      a letter for each owner with something to do
	pataudit report audit.json --verify today.json   is the report what its evidence says?
	pataudit diff old.json audit.json                what changed, worst first
	pataudit audit complytime --history pataudit.db  remember the run, and tell what changed
	pataudit history trend complytime                what is stored: list, show, trend, evidence, …
	pataudit history check --max-age 8d              4 if the last complete run is older
	pataudit doctor complytime                       can an audit be complete?
	pataudit demo                                    the same for a sample organization
	pataudit policy init                             start a policy of your own
	pataudit decide TOKEN_ID keep …                  record what a person decided of a token
	pataudit baseline create -o baseline.yaml …      accept today's findings as debt, with a date
	pataudit show token NAME …                       everything known of one token

Only a GitHub App may list an organization's tokens; "pataudit setup ORG" says how to create one.

# Exit codes

	0        clean: the evidence is complete, and nothing is at or above --fail-on
	1        the job could not be done: GitHub refused the list, or an output could not be written
	2        usage, configuration or policy is wrong; nothing was contacted
	3        violations; the evidence is complete
	4        no violations were found, but the evidence is incomplete
	5        violations, and the evidence is incomplete
	130, 143 interrupted; no file was touched

They do not depend on the output format. --exit-zero turns 3 into 0, --allow-incomplete turns 4
into 0 and 5 into 3; the reports keep saying what was found and what was not seen.

# Limitations

GitHub does not list classic tokens, SSH keys, deploy keys or Apps here; every report says so. Nor
does it tell when a token was created or what it was used for: a lifetime is counted from the
approval.
*/
package main
