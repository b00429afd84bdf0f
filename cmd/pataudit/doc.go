// SPDX-License-Identifier: Apache-2.0

// This file is longer than others, for the manual is one text.

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
	pataudit decide ID keep …                        record what a person decided of a token
	pataudit decide ORG attest …                     record that a setting is as the policy claims
	pataudit baseline create -o baseline.yaml …      accept today's findings as debt, with a date
	pataudit show token ID …                         everything known of one token

Only a GitHub App may list an organization's tokens; "pataudit setup ORG" says how to create one.
It needs four permissions, all to read: Personal access tokens, Personal access token requests,
Members and Metadata. In a workflow, give PATAUDIT_TOKEN what actions/create-github-app-token
returns, with its owner set. For an Enterprise Server set GITHUB_API_URL.

# Exit codes

	0        clean: the evidence is complete, and nothing is at or above --fail-on
	1        the job could not be done: GitHub refused the list, an output could not be written, or
	         the history could not save the run (then the outputs are written, and say so)
	2        usage, configuration or policy is wrong; nothing was contacted
	3        violations; the evidence is complete
	4        no violations were found, but the evidence is incomplete
	5        violations, and the evidence is incomplete
	130, 143 interrupted (129: the terminal was closed); no file was touched and no run saved, or
	         the message says which
	134      the Go runtime gave up; no core file is left, and the next run clears up

They do not depend on the output format. --exit-zero turns 3 into 0. --allow-incomplete turns 4
into 0 and 5 into 3. The reports keep saying what was found and what was not seen. Neither flag
changes 1: a job that takes violations for an answer must not take a run that was not saved for one
that was.

An argument or a flag that is empty is 2, and so are a flag whose value is another flag and a
command that is misspelt or not named. A shell variable that is not set, or a slip in a crontab,
must not read as a flag that was left out. An environment variable that is empty or blank counts as
not set, because workflows set a missing secret to nothing. PATAUDIT_REDACT_KEY alone switches
nothing on: --redact does, and it needs a key of at least 16 bytes.

A file of the wrong kind is 2, and the message says which command reads it. That holds for a list
of requests, repositories or people where tokens belong, for a snapshot whose keys were sorted, and
for a baseline of another organization (which is only known once GitHub was asked). Evidence and
reports may also be in UTF-16 with a byte order mark, as PowerShell's > writes them, or packed by
gzip, up to 1 GiB. Where the reader of standard output closes it early, as head does, the exit code
is 1 without a message: the output is not whole.

# The project file

"pataudit init" writes pataudit.yaml, a policy and a file for decisions; on a terminal it asks for
what no flag says. What stands in the project file, commands take where neither a flag nor the
environment says it: organizations, policy (a file, or written out), decisions, baseline, registry
(a file, or written out), history, history_required, cache, snapshot, outputs (of an audit that
asks GitHub), sources (audit-log, classic), redact, fail_on_requests and fail_on_overdue. Where
organizations is a mapping, each may have a policy, decisions, a baseline, a registry and sources
of its own. "pataudit config show" and --verbose say where each setting is from; "pataudit config
schema" is for editors. A key that is misspelt is an error, and so is a secret.

Paths are relative to the file's folder, or to the one above if that is .github. A file that is
found in the working folder, or its .github, cannot set api_url, ca_file, app_id, app_key_file,
exit_zero, allow_incomplete, allow_empty or allow_public, nor name a server or a path out of its
folder, be it by a link: --config FILE names one that can. Under CI none is found, for whoever
changes a repository would change what judges the change; --no-config reads none. What is set for
one organization is not taken for evidence that may be of another, as with --from: that is an error
where it makes a difference.

# Evidence

Some tools take a list that GitHub refuses for an empty one, and find nothing wrong. Here

  - a list is read twice and believed when both readings agree, since a deletion between two pages
    hides a token;
  - every question to GitHub is in the snapshot's manifest, with its answer's hash: what was listed
    is judged or dropped with a reason;
  - all requests share one governor: 850 a minute, 75 s of GitHub's time a minute, 10 at once, and
    a reserve of the quota for others;
  - facts are three-valued: an unknown one makes a rule indeterminate, never a pass;
  - an App that sees selected repositories, or may not read members, is found out, not trusted;
  - two values for one thing, as a repository that one list calls public and another private, are a
    doubt that the coverage names, whichever came first;
  - GitHub's clock dates the evidence, and tokens are judged by it. From an hour between it and
    this machine's clock on, every report says how far they are apart; beyond a day the list of
    tokens is unverified, and the evidence incomplete. Both are told from a snapshot, too, whenever
    it is judged; one that was collected in the future is refused with 2;
  - a test makes each request of an audit fail in eighteen ways, and none that a rule needs may end
    in "complete".

--repositories failing reads the repositories of failing tokens alone, and --repositories none
reads none. Either saves most requests. Rules that need repositories are not asked then, as every
report says.

--cache DIR lets the next run have GitHub confirm what this one read: of 516 requests that cost
quota, 15 still do (BenchmarkCache, 1,000 tokens, nothing changed). An audit that the quota does
not allow for says so before it spends it.

# Several organizations

"pataudit audit acme complytime" audits several organizations at once, by one policy.
--all-installations audits each in which the App is installed. Each organization has its own token
and quota. The report has a part for each, and a total. If one cannot be audited, the others are,
and the whole is incomplete. The exit code is 1 only if all of them failed.

--shard I/N leaves to this process a part of the organizations; the same name always falls to the
same part. A part may be empty. Then nothing is written, and the exit code is 4 if files were
named, for what stands there is of an earlier run.

With --batch NAME, an organization that has a run of that batch in the history is not audited
again. So a worker that was killed can go on. A run counts only if it was judged by the same
policy, decisions, baseline, flags and version. One that was judged by anything else is an error;
give the batch another name.

# GitHub Enterprise

--audit-log reads who approved each token and when it was made, as far back as the log goes (180
days). Lifetimes are exact then, and one rule more is asked: self-approved, whether a token's owner
approved it without being an organization owner on that day. A history keeps what the log told of a
grant, and which role earlier runs saw its owner in.

--classic lists members' classic tokens with SAML authorization, the worst first. It judges none of
them.

Both need one permission more: "pataudit setup ORG --enterprise".

# Reports

"pataudit report audit.json" writes any other format without auditing again. What the report left
out is not there, and every format says so. "pataudit show token|owner|repository NAME" tells
everything about one; a shell that "pataudit completion" taught offers the ids of the tokens in
--from.

The settings of a replacement were tried: the policy judged it as it judged the token. A permission
that passes stays. One that does not is lowered to read, or left out. Permissions that must not
meet in one token are spread over two. Its owner chooses the repositories that the task needs;
those that must not be chosen are named. A waiver is of one token, so the settings say where they
rest on one: the reviewers have to accept the same of the replacement. The JSON report has them as
successors, with repositories_left_out, needs_waivers and the rules that fail all the same, such as
those about the owner.

The JSON report says why a run is incomplete and what was not seen as codes, too, beside the
sentences: incomplete_codes and not_seen_codes. Beside the reason of a source stand its
reason_codes; their words and whole may name people, the rest never does.

In Markdown and letters, what others wrote stands in code spans, in which GitHub acts on nothing;
so do permissions and repositories. Rules lead to their pages.

The formats for machines use the words of their readers. OSCAL has a finding for each rule, an
observation for each token, whose title says how the token fared, and a risk for each failure, with
its severity as a characterization and the remedy as a remediation. --ssp names the system security
plan that its assessment plan imports. The format gemara is YAML, or JSON to a path like x.json.

--only, --severity, --rule, --owner and --repository choose which rows a report has. They never
change the verdict.

On a terminal the table shows the twelve worst tokens, and counts the others. With 150 columns or
more, a token's id and the rule have columns of their own, and so has its expiry. Elsewhere, as in
a workflow's log or a file, each token that breaks the policy or could not be judged has a row, up
to 5,000 of them, and nothing is cut. COLUMNS says how wide the table is there. A "?" stands for
what is not known.

Below the table are the commands to type next. They repeat the run's own flags and files, quoted
for a shell. If a snapshot was saved, they read it in place of asking GitHub, so that they give the
same verdict. User and password of a URL are left out. In a saved text they have a token's id or a
rule alone. A pseudonymised report and one that is public suggest nothing.

Reports name people and what their tokens reach. Files are written readable by you alone. In a
workflow, the log and the job's summary get figures and no name, unless the event says that the
repository is private, or --allow-public is given. What happens to artifacts is for the workflow to
answer.

--redact puts pseudonyms for people, tokens, ids and repositories that are not public into every
format. One PATAUDIT_REDACT_KEY always gives the same ones. Roles and second factors are left out.
A finding has its rule's title and the permissions that it rests on. Figures, verdict and dates
stay.

# Policies and decisions

What a policy does not mention stays as the guide has it.

	pataudit policy init                    a start, with every rule and its defaults
	pataudit policy check policy.yaml       all that is wrong, and the effective policy
	pataudit policy test policy.yaml        runs the examples that the file carries
	pataudit policy schema                  a JSON Schema, for editors
	pataudit policy compare guide policy.yaml --from evidence.json   who breaks if you tighten it

With --from evidence.json, "policy check" also says what matches nothing there. "audit --set
long-expiration.max_days=30" tries another value of one parameter. A name that no permission has is
an error. One that is newer than the table of permissions ("pataudit version" shows its day) is
declared in the policy, under permissions.

An override that names owners or tokens by their ids replaces the policy for them. Any other
override is judged beside the policy, and the worst answer counts, in whatever order they stand. So
it can only tighten, because owners choose a token's name, permissions and repositories. "policy
check" says which each override is, and with --from evidence.json the id behind a login, for logins
change hands.

Organization claims what the organization's own settings are, which no endpoint of GitHub tells:
{approval: required, max_lifetime: 90, classic: blocked, since: 2026-11-01}. Every report has a row
for each claim (organization_settings in JSON). It is contradicted by an active token that its
owner approved, who was no organization owner then (--audit-log); by one that certainly lives
longer than max_lifetime and was used when that many days were over since its approval; by a
classic token that is authorized and has not expired (--classic). That is a violation, whatever
--fail-on says, and weighs more than a person's word. What happened before since, the first whole
day on which all of it was in force, contradicts nothing; nor does a token that proves nothing.
Else it is attested, if somebody recorded that by "decide ORG attest", until the day that the
record names; else not shown. Neither changes an exit code: nothing shows that a claim holds.

A number is always a token's id, as GitHub's settings show it. grant:25381 names a token by its
grant, and name:ci-publish by its name, if only one has it.

Reviewers must see all that policies, decisions and baselines say. Characters that a diff does not
show are errors with their place, in comments, too: characters at which YAML ends a line and a diff
does not (U+2028, U+2029, U+0085, a carriage return alone), those that reorder a line or have no
width, control characters, and spaces that are not the plain one. Where a value needs one, write it
escaped in double quotes: "\u2028". A byte order mark at the start and lines that end with CRLF are
allowed.

A baseline names no person and no repository, only ids. It names the organization by its id, too,
for another may have its old name by now. It never grows without --accept.

A waiver and a baseline cover what a finding rested on that day, and the repositories that the
token reached then (reach in the file: all, none, or a list of ids). A token that can do more, or
reaches another repository, fails again, and the report says by what. A token that can do less
stays covered. Where it is not known which repositories a token reaches, what was accepted for some
of them covers nothing, and nothing that rests on repositories can be accepted. What rests on an
owner, a life, a name, a use or permissions over the organization can be (reach: unknown covers
these alone). If two active grants claim one token, the list of tokens is incomplete, and no
decision about that token counts.

A decision to reduce names what has to go: by default the rights that the token's failing findings
rest on, otherwise what --rule or --basis say. It is done when nothing of that is left and nothing
came in its place. Expired, unused, exceeded and overdue decisions are in every report.

"decide --from audit.xlsx" takes over what a reviewer wrote in a workbook's Decision columns. If
somebody else changed a file of decisions or a baseline meanwhile, it is left as it is, and the
exit code is 1.

Pending requests are judged by the same rules, and by two of their own: no reason is given, and no
answer for 7 days. Reports have a ready text for the denial, which says what the requester can do,
and which settings pass. Requests count only with --fail-on-requests.

# Machines

GitHub does not tell which accounts are machines. A registry does, --registry or the key of the
project file: by login the kind (bot, person), and perhaps an id, a team, a contact and a service.

	version: 1
	registry:
	  release-bot: {id: 9001, kind: bot, team: platform, contact: alice, service: releases}
	  lea-bot: {kind: person}

A bot needs a contact, who is a person. An entry with an id is of that account alone: who has the
login now, and is another account, has no entry, and every report says so. What the organization is
to a contact is asked with the evidence: "collect" takes --registry, too, and evidence that does
not tell it is incomplete for "contact-not-member", which fails where the contact has left.
"unregistered-bot", off in the guide, fails where an owner is called as machines are and has no
entry. That rule alone is answered by a registry; nothing else gets milder by one.

"report --owners" writes one letter to a contact, about all bots of that person; where the contact
has left, it goes to the bot, and is told on standard error. "show", the wide table, the page and
JSON have what a registry says of an owner; the workbook and the page count the tokens by team.

# History

A history is an SQLite file that only you can read, or, for many runners, a PostgreSQL database
(postgres://…). PGPASSWORD, PGPASSFILE or PATAUDIT_HISTORY tell its password, never a flag.
PgBouncer in transaction mode may stand before the server. Every question is asked in a
transaction, which sets what the URL sets, as in postgres://db/audit?search_path=pataudit, but not
what stands in the URL's options.

A history remembers what GitHub forgets: since when a finding stands, when an expired token was to
expire, what a token could do when it was first seen. So every report begins with what changed
since the last complete run, and the rule widened is asked. GitHub's clock shows whole seconds: of
two runs in one second, the second is dated a moment later. With sla in the policy, findings are
due on a day, are marked when overdue, and fail the run with --fail-on-overdue.

Where the verdict is not that of the last complete run, the line below says by what: tokens that
changed or grew older, another policy or other flags, what is accepted, or another version of this
program or of its table of permissions. To find it, the last run is judged again with one of these
as it is now.

A policy, decisions, a baseline and a registry are files of yours; the history keeps with each run
what was read of them, by its digest. A run without decisions, baseline, registry or project file,
where the last complete run had one, says so in every report and on standard error, as it says that
the policy is another one: a flag may have been forgotten. The verdict is by what the run was given
all the same. "history show 3 --file baseline" prints what run 3 was judged by, to be used as a
file again.

What a token gained since it was first seen fails "widened" at every run until it is taken back or
accepted. "decide ID keep" accepts for good what the evidence of that decision showed; a waiver or
a baseline accepts it until a date. Nothing is accepted because a run saw it. Acceptance is not
stored: it is in the decisions that a run is given. A new history has nothing to compare with.
Where one is expected, --history-required makes a run that finds no earlier run incomplete (4),
once, so that somebody looks why there was none.

Policies may take turns in a history. Only a complete run closes a finding, and only by a policy
that asks the very same by its rule. What another policy asks goes on with the clock of what is
open, and the report says that the policy is another one. "history prune --run N" takes back a run
that a wrong clock dated in the future.

Runs may overlap. None mixes its files with another's, and what was reported as saved is there,
whatever is killed. A run is saved first, and then its files are put into their places; an
interruption waits for that. With --batch each run is saved as soon as it is judged. A history that
is locked, full, read-only or not to be reached loses no report: all outputs are written, say that
the history lacks the run, and the exit code is 1. If the history could not even be read, the
evidence is judged without it, and is incomplete. "history add audit.json evidence.json" adds such
a run later, or one that was made elsewhere. The report has to be what its evidence says.

An SQLite history that cannot be written, as on a read-only share, can be listed, shown, checked,
trended and judged by all the same. Nothing is left beside it. If what was written last is still in
the log beside it (-wal) and cannot be read, that is said, and so is that somebody wrote to it
meanwhile.

Whatever is shown of a run is checked first: verdict, figures and dates against its report, and
every document and text against its digest. "history list" names a run that was changed, and shows
neither its verdict nor its figures. All other commands refuse it (1), and no audit begins with
such a history. Numbers of runs have no gaps, so a run that is missing and was not pruned is named,
too. What is remembered beside the runs, such as when a token was first seen, has a digest for each
organization and table, which an audit checks before it uses it. Nothing is judged with a table
that was changed, or where a trigger could change one. The way out is a copy of the history from
before. "history check" looks at all of that; with --judge-again it judges the evidence of each run
again.

All this, and "report --verify", tells that the parts agree, and not who wrote them: whoever can
write the history can write its digests, too. --sign KEY writes a signature, FILE.sig, beside each
report, snapshot and evidence archive, as "ssh-keygen -Y sign -n pataudit" does, and the reader
checks it:

	ssh-keygen -Y verify -f allowed_signers -I SIGNER -n pataudit -s FILE.sig < FILE

The key is an OpenSSH private key without a passphrase, which its owner alone can read. A file that
is written without --sign takes the signature away that stood beside an earlier one.

# Scheduled audits

The action, the Kubernetes manifests and the systemd units of the repository are successful only if
their audit is clean. 2 and 3 are not tried again: a mistake stays one, and violations are an
answer. What is known already belongs into a baseline. "history check" does not mind violations: it
fails once the last complete audit is older than --max-age.

The action audits, checks (mode check: "history check"), or audits and keeps one issue in which
stands what changed since the last complete run (mode diff). An input that does nothing in a mode
is an error. Its step fails with pataudit's exit code, and so does whatever it does not understand.
Its summary is the Markdown report, its annotations are those of "report --annotations", its
outputs figures alone. GitHub is asked whether the repository is private or internal, and what it
refuses to say is taken for no: then all of them are figures, and uploads and mode diff are errors,
unless allow-public is true. The path of the SARIF report is an output only if the evidence is
complete, and only then is it sent to code scanning. An artifact holds the reports of the run and
no other file. With history-repository the history is a file on a branch of a private repository:
each run is a commit on top of the one that it began with, and none is forced. Where another run
was first, the audit is made again with what that remembered; a run that cannot be pushed fails.
pataudit is the release of the tag by which the action is used, or of the input version, with the
checksum and the attestation that it should have: by the project's release workflow, from that tag.
A runner without gh says that nobody checked the attestation. With build it is made from the commit
to which the action is pinned. It runs on Linux and macOS, and needs jq. Releases ("make archives"
builds the same without releasing) have reproducible archives with man pages, checksums.txt, their
attestation and an SBOM for each archive.

# Limitations

GitHub does not list classic tokens, SSH keys, deploy keys or Apps here; every report says so. Nor
does it tell when a token was created or what it was used for: a lifetime is counted from the
approval.
*/
package main
