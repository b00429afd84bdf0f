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

They do not depend on the output format. --exit-zero turns 3 into 0, --allow-incomplete turns 4
into 0 and 5 into 3; the reports keep saying what was found and what was not seen. 1 comes before
all of these: a job that takes violations for an answer must not take a run for one that is
remembered.

2 is also for a flag or an argument that is empty, for a flag whose value is another flag, and for
a command that is misspelt or not named: a shell variable that is not set, or a slip in a crontab,
must not read as a flag left out, nor as a job done. An environment variable that is empty or blank
is not set, for workflows set a missing secret to nothing. PATAUDIT_REDACT_KEY switches nothing on
or off: --redact does, and without a key of 16 bytes it is refused.

A file of another kind than the one that belongs there is 2, and the message says what to type for
it: also a list of requests, repositories or people where tokens belong, and a snapshot whose keys
were sorted. Evidence and reports are read in UTF-16 with a byte order mark, as PowerShell's >
writes, and packed by gzip, up to 1 GiB, too. 2 is also for a baseline of another organization,
though GitHub was asked by then. An output whose reader has seen enough, as head has, ends with 1
and without a message, for it is not whole.

# The project file

"pataudit init" writes pataudit.yaml, a policy and a file for decisions; on a terminal it asks for
what no flag says. What stands in the project file, commands take where neither a flag nor the
environment says it: organizations, policy (a file, or written out), decisions, baseline, history,
history_required, cache, snapshot, outputs (of an audit that asks GitHub), sources (audit-log,
classic), redact, fail_on_requests and fail_on_overdue. Where organizations is a mapping, each may
have a policy, decisions, a baseline and sources of its own. "pataudit config show" and --verbose
say where each setting is from; "pataudit config schema" is for editors. A key that is misspelt is
an error, and so is a secret.

Paths are relative to the file's folder, or to the one above if that is .github. A file that is
found in the working folder, or its .github, cannot set api_url, ca_file, app_id, app_key_file,
exit_zero, allow_incomplete, allow_empty or allow_public, nor name a server or a path out of its
folder, be it by a link: --config FILE names one that can. Under CI none is found, for whoever
changes a repository would change what judges the change; --no-config reads none. What is set for
one organization is not taken for evidence that may be of another, as with --from: that is an error
where it makes a difference.

# What is in the way

"pataudit doctor ORG" says what is in the way of an audit and what to do: the network, the clock,
the App and its installation, each permission and what is lost without it, an IP allow list, the
quota and what an audit takes of it. It exits with 0, 1 or 4, as an audit without findings would,
as far as one page of each list tells; --format json is for machines.

"pataudit doctor ORG --probe" asks what GitHub does not document and no test can learn, such as
whether an App sees second factors, or what the filters of the list of tokens mean: with at most 30
requests, all to read. It answers yes, no or cannot say, with counts, and holds no name, id or text
of the organization, so that the table, and the JSON of -o probe.json, may be shown to others. No
verdict rests on it.

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

"pataudit audit acme complytime", or --all-installations for every one in which the App is
installed, audits them at once, each with its own token and quota, by one policy: one report with a
part for each, and a total. One that cannot be audited leaves the others whole, and makes the whole
incomplete. With 1 all of them failed.

--shard I/N leaves to this process a part of them, always the same for a name. A part may be empty:
then nothing is written, which exits 4 if files were named: what stands there is of an earlier run.
With --batch NAME, what has a run of that batch in the history is not audited again, so that a
worker that was killed goes on. A run that was judged by anything else (policy, decisions,
baseline, flags, another version) is no run of the batch: that is an error, and the batch needs
another name.

# GitHub Enterprise

--audit-log adds who approved each token and when it was made, as far back as the log goes (180
days), so that lifetimes are exact, and asks one rule more, self-approved: whether a token's owner
approved it without being an organization owner on that day. A history remembers what the log told
of a grant, and what runs saw its owner as. --classic lists members' classic tokens with SAML
authorization, the worst first, and judges none. Both need one permission more: "pataudit setup ORG
--enterprise".

# Reports

"pataudit report audit.json" writes any other format without auditing again; what the report left
out is not there, and every format says so. --owners writes a letter for each owner with something
to do: what is wrong, since when, the settings of the replacement, and where to click. It prints a
line about them, and no report unless --format asks for one. With --prefill, a letter has links to
GitHub's form with the settings filled in, too: name, organization, lifetime and permissions, none
of them beyond the policy; repositories have to be chosen there. github.com and ghe.com have such a
form, an Enterprise Server has not. "pataudit show token|owner|repository NAME" tells everything
about one; a shell that "pataudit completion" taught offers the ids of the tokens in --from.

In Markdown and letters, what others wrote stands in code spans, in which GitHub acts on nothing;
so do permissions and repositories. Rules lead to their pages.

Each format for machines says things where its readers look: OSCAL has a finding for each rule and
an observation for each token, whose titles say how it fared, and a risk for each failure with its
severity as a characterization and the remedy as a remediation; --ssp names the system security
plan that its assessment plan imports. The format gemara is YAML, or JSON to a path like x.json.

--only, --severity, --rule, --owner and --repository choose which rows a report has, and never the
verdict.

On a terminal the table shows the twelve worst tokens, and counts the others; 150 columns have room
for a token's id, its expiry and the rule. Where there is no terminal, as in a workflow's log or a
file, each token that breaks the policy or could not be judged has a row, up to 5,000 of them, and
nothing of it is cut. COLUMNS says how wide it is otherwise. A "?" is what is not known.

Below the table stands what to type next. It repeats the run's own flags and files, quoted for a
shell, and the snapshot in place of GitHub if one was saved, so that it gives the same verdict.
User and password of a URL are left out. In a saved text it is a command with a token's id or a
rule alone; a pseudonymised or a public report suggests nothing.

The settings are tried: the policy judges the replacement as it judged the token. What passes
stays, what does not is lowered to read or left out, and what must not meet in one token is told as
two. Which repositories the task needs its owner chooses; those that must not be chosen are named.
A waiver is of one token, so one on which the settings rest is told: the reviewers have to accept
the same of the replacement. JSON has them as successors, with repositories_left_out, needs_waivers
and the rules that fail all the same, such as those about the owner. It says why a run is incomplete
and what was not seen as codes, too, beside the sentences: incomplete_codes and not_seen_codes.

Reports name people and what their tokens reach. Files are written readable by you alone. In a
workflow whose repository is public, or whose event does not say that it is private, the log and
the job's summary get figures and no name, unless --allow-public insists; artifacts are yours to
keep. --redact puts pseudonyms for people, tokens, ids and repositories that are not public into
every format, always the same for one PATAUDIT_REDACT_KEY, and leaves out roles and second factors.
A finding is told by its rule's title and the permissions that it rests on. Figures, verdict and
dates stay.

# Policies and decisions

What a policy does not mention stays as the guide has it. "pataudit policy init" prints a start
with every rule and its defaults, "check" tells all that is wrong at once, with --from
evidence.json what matches nothing there, and prints the effective policy, "test" runs the examples
that the file carries, "schema" helps editors, and "compare guide policy.yaml --from evidence.json"
lists who breaks if you tighten it; so does "audit --set long-expiration.max_days=30" for one
parameter. A name that no permission has is an error: one that is newer than the table of
permissions ("pataudit version" shows its day) is declared under permissions.

An override that names owners or tokens by their ids replaces the policy. Any other is judged
beside it, and of all answers the worst counts, in whatever order they stand: owners choose a
token's name, permissions and repositories, so such an override can only tighten. "policy check"
says which each is, and with --from evidence.json the id of a login, for logins change hands.

A number is always a token's id, as GitHub's settings show it. grant:25381 names a token by its
grant, and name:ci-publish by its name, if only one has it.

Reviewers see all that policies, decisions and baselines say. Characters that a diff does not show
are errors with their place, in comments, too: those at which YAML ends a line and a diff does not
(U+2028, U+2029, U+0085, a carriage return alone), those that reorder a line or have no width,
control characters, and spaces that are not the plain one. A byte order mark at the start and lines
that end with CRLF are allowed. What a value needs of them stands escaped in double quotes.

A baseline names no person and no repository, only ids, and the organization, whose id tells it
from one that has its old name. It never grows without --accept. A waiver and a baseline cover what
a finding rested on that day, and the repositories that the token reached then (reach in the file:
all, none, or a list of ids), no more: a token that can do more, or reaches another repository,
fails again, and the report says by what. With fewer it stays covered. Where it is not known which
repositories a token reaches, what was accepted for some of them covers nothing, and what rests on
repositories cannot be accepted; an owner, a life, a name, a use and permissions over the
organization do not rest on them (reach: unknown covers these alone). Two active grants that claim
one token make the list of tokens incomplete, and no decision about that token counts. A decision
to reduce names what has to go: by default the rights that the token's failing findings rest on, or
what --rule or --basis say. It is done when nothing of that is left and nothing came in its place.

"decide --from audit.xlsx" takes over what a reviewer wrote in a workbook's Decision columns. A
file of decisions or a baseline that somebody else wrote meanwhile is left as it is (1). Expired,
unused, exceeded and overdue decisions are in every report. Pending requests are judged by the same
rules, and by two of their own (no reason is given, no answer for 7 days), with a ready text for
the denial: what the requester can do, and settings that pass. They count only with
--fail-on-requests.

# History

A history is an SQLite file that only you can read, or postgres://… for many runners, whose
password is told by PGPASSWORD, PGPASSFILE or PATAUDIT_HISTORY, never by a flag. A pooler may stand
before the server, PgBouncer in transaction mode: all is asked in transactions, and what the URL
sets is set in each, as in postgres://db/audit?search_path=pataudit; what stands in its options is
not. It remembers what GitHub forgets: since when a finding stands, when an expired token was to
expire, what a token could do when it was first seen. So every report begins with what changed
since the last complete run, "widened" is asked, and with sla in the policy findings are due,
marked when overdue, and fail the run with --fail-on-overdue. Policies may take turns in a history:
only a complete run closes a finding, by a policy that asks the very same by its rule. What is
asked by another policy goes on with the clock of what is open, and the report says that the policy
is another one. A run that a wrong clock dated in the future is taken back by "history prune --run
N".

Where the verdict is not that of the last complete run, the line below says by what: tokens that
changed or grew older, another policy or other flags, what is accepted, or another version of this
program or of its table of permissions. It is found by judging the last run again with one of these
as it is now.

What a token gained since it was first seen fails "widened" at every run until it is taken back or
accepted: by "decide ID keep" for good (what the evidence of that decision showed), by a
waiver or a baseline until a date. Nothing is accepted because a run saw it, and acceptance is not
stored: it is in the decisions that a run is given. A new history has nothing to compare with.
Where one is expected, --history-required makes a run that finds no earlier one incomplete (4):
once, so that somebody looks why there was none.

Runs may overlap: none of them mixes its files with another's, and what was reported as saved is
there, whatever is killed. The run is saved first, and then its files are put into their places:
once it is saved, an interruption waits for them. A history that is locked, full, read-only or not
to be reached loses no report: all outputs are written, say that the history lacks the run, and the
exit code is 1. If the history could not even be read, the evidence is judged without, and is
incomplete. "history add audit.json evidence.json" adds the run later, or one that was made
elsewhere: the report has to be what its evidence says, and what is saved is what would have been
saved then. With --batch each run is saved as soon as it is judged. "history forget" takes a person
out of all stored runs. "history evidence" puts each run's report and evidence of a period, with
their sums, into one file, with a page on who, what, when, by what, against what, gaps, exceptions,
and what is not covered; each report in it can be judged again, with "report --verify", and no
network.

An SQLite history that cannot be written, on a read-only share or another user's, can be listed,
shown, checked, trended and judged by all the same, and nothing is left beside it. If what was
written last is still in the log beside it (-wal), and cannot be read, that is said; so is that
somebody wrote it meanwhile.

What is shown of a run is held against what is kept of it, on every reading: verdict, figures and
dates against its report, and every document and text against its digest. "history list" names a
run that was changed, and shows neither its verdict nor its figures; all else refuses it (1), and
no audit begins with such a history. Numbers of runs have no gaps, so that one is named that is
missing and was not pruned. What is remembered of tokens and findings beside the runs, such as when
they were first seen, is held against a digest for each organization and table before an audit uses
it. Nothing is judged with a table that was changed, or where a trigger could change one: a copy of
the history from before is the way out. "history check" looks at all of that, and judges the
evidence of each run again with --judge-again.

This, and "report --verify", tells that the parts agree, not who wrote them: whoever can write the
history can write its digests, too. --sign KEY writes a signature, FILE.sig, beside each report,
snapshot and evidence archive, as "ssh-keygen -Y sign -n pataudit" does, and the reader checks it:

	ssh-keygen -Y verify -f allowed_signers -I SIGNER -n pataudit -s FILE.sig < FILE

The key is an OpenSSH private key without a passphrase, which its owner alone can read. A file that
is written without --sign takes the signature away that stood beside an earlier one.

# Scheduled audits

The action, the Kubernetes manifests and the systemd units of the repository are successful only if
their audit is clean. 2 and 3 are not tried again: a mistake stays one, and violations are an
answer. What is known already belongs into a baseline. "history check" does not mind violations: it
fails once the last complete audit is older than --max-age.

The action's step fails with pataudit's exit code, and so does whatever it does not understand. Its
summary is the Markdown report; annotations and outputs are figures alone. The path of the SARIF
report is an output only if the evidence is complete. pataudit is the release of the tag by which
the action is used, or of the input version, with the checksum and the attestation that it should
have: by the project's release workflow, from that tag. A runner without gh says that nobody
checked the attestation. With build it is made from the commit to which the action is pinned. It
runs on Linux and macOS, and needs jq. Releases ("make archives" builds the same without releasing)
have reproducible archives with man pages, checksums.txt, their attestation and an SBOM for each
archive.

# Limitations

GitHub does not list classic tokens, SSH keys, deploy keys or Apps here; every report says so. Nor
does it tell when a token was created or what it was used for: a lifetime is counted from the
approval.
*/
package main
