-- SPDX-License-Identifier: Apache-2.0
-- Times are microseconds since 1970 in UTC. A run of 0 is none: what has no closed_run is open.

CREATE TABLE pataudit_schema (
	version  INTEGER NOT NULL,
	last_run INTEGER NOT NULL -- the number that was given last: none is skipped
) STRICT;
INSERT INTO pataudit_schema (version, last_run) VALUES (0, 0);

CREATE TABLE pataudit_organizations (
	number   INTEGER PRIMARY KEY AUTOINCREMENT,
	identity TEXT NOT NULL UNIQUE, -- host#id; host/login where the id is not known
	host     TEXT NOT NULL,
	id       INTEGER NOT NULL,
	login    TEXT NOT NULL,        -- as the newest complete run has it
	folded   TEXT NOT NULL,        -- the login in lower case
	table_digests TEXT NOT NULL    -- JSON: by table, of the organization's rows in it
) STRICT;
CREATE INDEX pataudit_organizations_by_login ON pataudit_organizations (folded);

-- What runs were judged by, each once: a policy, decisions, a baseline, a registry.
CREATE TABLE pataudit_texts (
	digest TEXT PRIMARY KEY,
	text   BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE pataudit_runs (
	number          INTEGER PRIMARY KEY,
	organization    INTEGER NOT NULL REFERENCES pataudit_organizations (number),
	login           TEXT NOT NULL, -- as it was then
	folded          TEXT NOT NULL,
	as_of           INTEGER NOT NULL,
	collected_at    INTEGER NOT NULL,
	saved_at        INTEGER NOT NULL,
	verdict         TEXT NOT NULL,
	complete        INTEGER NOT NULL,
	incomplete      TEXT NOT NULL, -- JSON: why
	coverage        TEXT NOT NULL, -- JSON
	skipped         TEXT NOT NULL, -- JSON: facts that it did without by choice
	asked           TEXT NOT NULL, -- JSON: by rule, a digest of what was asked
	evidence_digest TEXT NOT NULL, -- as it was judged
	snapshot_digest TEXT NOT NULL, -- as it is kept
	report_digest   TEXT NOT NULL, -- likewise
	memory_digest   TEXT NOT NULL,
	compares        INTEGER NOT NULL, -- with which run; 0: none
	judgement       TEXT NOT NULL, -- digest of the report, and of what it is of
	policy_digest   TEXT NOT NULL, -- of what it asks
	policy_name     TEXT NOT NULL,
	fail_on         TEXT NOT NULL,
	tool            TEXT NOT NULL,
	criteria        TEXT NOT NULL, -- digest of all that it was judged by
	policy          TEXT NOT NULL, -- digests of texts
	decisions       TEXT NOT NULL, -- '' for none
	baseline        TEXT NOT NULL, -- likewise
	registry        TEXT NOT NULL, -- likewise
	flags           TEXT NOT NULL, -- JSON: the rest of what it was judged by
	rewritten       INTEGER NOT NULL, -- a person was taken out of what is kept
	batch           TEXT NOT NULL, -- that several workers share; '' for none
	tokens          INTEGER NOT NULL,
	active          INTEGER NOT NULL,
	people          INTEGER NOT NULL,
	violating       INTEGER NOT NULL,
	overdue         INTEGER NOT NULL,
	requests        INTEGER NOT NULL,
	contradicted    INTEGER NOT NULL, -- settings that are not as the policy claims
	by_severity     TEXT NOT NULL, -- JSON: tokens, by their worst finding
	row_digest      TEXT NOT NULL, -- of all of the above, and of whose run it is
	UNIQUE (organization, judgement)
) STRICT;
CREATE INDEX pataudit_runs_by_date ON pataudit_runs (organization, as_of);
CREATE INDEX pataudit_runs_by_login ON pataudit_runs (folded);
CREATE UNIQUE INDEX pataudit_runs_by_batch ON pataudit_runs (organization, batch)
	WHERE batch <> ''; -- workers keep one run of each organization

-- What a run was judged from, what was remembered then, and its report: gzip, the first mebibyte.
CREATE TABLE pataudit_documents (
	run      INTEGER PRIMARY KEY REFERENCES pataudit_runs (number) ON DELETE CASCADE,
	report   BLOB NOT NULL,
	snapshot BLOB NOT NULL,
	memory   BLOB NOT NULL
) STRICT;

-- What a row does not hold of such a document, in pieces: a row is written in one piece.
CREATE TABLE pataudit_pieces (
	run      INTEGER NOT NULL REFERENCES pataudit_runs (number) ON DELETE CASCADE,
	document TEXT NOT NULL, -- report, snapshot or memory
	piece    INTEGER NOT NULL, -- from 1
	data     BLOB NOT NULL,
	PRIMARY KEY (run, document, piece)
) STRICT;

-- Which runs were pruned: that of a report of one is not that of none.
CREATE TABLE pataudit_pruned (
	number          INTEGER PRIMARY KEY,
	organization    INTEGER NOT NULL,
	as_of           INTEGER NOT NULL,
	collected_at    INTEGER NOT NULL, -- at the latest, where that is not known
	evidence_digest TEXT NOT NULL
) STRICT;

-- No organization is ever deleted: the rows below are too many to have that checked for each.

CREATE TABLE pataudit_tokens (
	organization INTEGER NOT NULL,
	id           INTEGER NOT NULL, -- of the grant
	token_id     INTEGER NOT NULL,
	owner_id     INTEGER NOT NULL,
	owner        TEXT NOT NULL,
	name         TEXT NOT NULL,
	first_seen   INTEGER NOT NULL,
	gone_run     INTEGER NOT NULL,
	gone_at      INTEGER NOT NULL,
	rights       TEXT NOT NULL,    -- digests of what it can do now; '' while not known
	reach        TEXT NOT NULL,
	PRIMARY KEY (organization, id)
) STRICT, WITHOUT ROWID;

-- One row for each change of what a token can do; '' is what that run did not learn.
CREATE TABLE pataudit_states (
	organization INTEGER NOT NULL,
	token        INTEGER NOT NULL,
	run          INTEGER NOT NULL,
	as_of        INTEGER NOT NULL,
	rights       TEXT NOT NULL,
	reach        TEXT NOT NULL,
	PRIMARY KEY (organization, token, run, as_of)
) STRICT, WITHOUT ROWID;

-- What states speak of, each once: selection and permissions, or the names of repositories.
CREATE TABLE pataudit_contents (
	organization INTEGER NOT NULL,
	digest       TEXT NOT NULL,
	text         TEXT NOT NULL, -- JSON
	PRIMARY KEY (organization, digest)
) STRICT, WITHOUT ROWID;

-- One row for each change of when a grant expires.
CREATE TABLE pataudit_expiries (
	organization INTEGER NOT NULL,
	token        INTEGER NOT NULL,
	run          INTEGER NOT NULL, -- that saw it first
	expires_at   INTEGER NOT NULL,
	expired      INTEGER NOT NULL, -- then GitHub tells no date
	first_seen   INTEGER NOT NULL,
	last_seen    INTEGER NOT NULL, -- the greatest number while it lasts
	PRIMARY KEY (organization, token, run)
) STRICT;

-- One row for each change of who approved a grant, as an audit log told, which forgets it.
CREATE TABLE pataudit_approvals (
	organization INTEGER NOT NULL,
	token        INTEGER NOT NULL,
	run          INTEGER NOT NULL, -- that saw it first
	own          INTEGER NOT NULL, -- the token's owner did
	role         TEXT NOT NULL,    -- of the owner then; '' if the log did not tell
	role_since   INTEGER NOT NULL, -- when that changed, before the approval and after it
	role_until   INTEGER NOT NULL,
	first_seen   INTEGER NOT NULL,
	last_seen    INTEGER NOT NULL,
	PRIMARY KEY (organization, token, run)
) STRICT;

-- One row for each change of what a token's owner is to the organization.
CREATE TABLE pataudit_roles (
	organization INTEGER NOT NULL,
	person       INTEGER NOT NULL, -- the owner's id
	run          INTEGER NOT NULL, -- that saw it first
	role         TEXT NOT NULL,
	first_seen   INTEGER NOT NULL,
	last_seen    INTEGER NOT NULL, -- the greatest number while it lasts
	PRIMARY KEY (organization, person, run)
) STRICT;

-- Since when, and until when, a token fails a rule, by each question that policies ask by it.
CREATE TABLE pataudit_findings (
	organization INTEGER NOT NULL,
	token        INTEGER NOT NULL,
	rule         TEXT NOT NULL,
	asked        TEXT NOT NULL, -- a digest of what a policy asks by the rule
	first_run    INTEGER NOT NULL,
	first_seen   INTEGER NOT NULL,
	severity     TEXT NOT NULL,
	status       TEXT NOT NULL, -- fail, waived
	closed_run   INTEGER NOT NULL,
	closed_at    INTEGER NOT NULL,
	PRIMARY KEY (organization, token, rule, asked, first_run)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX pataudit_findings_open ON pataudit_findings (organization, token, rule, asked)
	WHERE closed_run = 0;
