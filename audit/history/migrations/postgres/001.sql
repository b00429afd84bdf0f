-- SPDX-License-Identifier: Apache-2.0
-- Times are microseconds since 1970 in UTC. A run of 0 is none: what has no closed_run is open.

CREATE TABLE pataudit_schema (
	version  BIGINT NOT NULL,
	last_run BIGINT NOT NULL -- the number that was given last: none is skipped
);
INSERT INTO pataudit_schema (version, last_run) VALUES (0, 0);

CREATE TABLE pataudit_organizations (
	number   BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	identity TEXT NOT NULL UNIQUE, -- host#id; host/login where the id is not known
	host     TEXT NOT NULL,
	id       BIGINT NOT NULL,
	login    TEXT NOT NULL,        -- as the newest complete run has it
	folded   TEXT NOT NULL,        -- the login in lower case
	table_digests TEXT NOT NULL    -- JSON: by table, of the organization's rows in it
);
CREATE INDEX pataudit_organizations_by_login ON pataudit_organizations (folded);

-- What runs were judged by, each once: a policy, decisions, a baseline, a registry.
CREATE TABLE pataudit_texts (
	digest TEXT PRIMARY KEY,
	text   BYTEA NOT NULL
);

CREATE TABLE pataudit_runs (
	number          BIGINT PRIMARY KEY,
	organization    BIGINT NOT NULL REFERENCES pataudit_organizations (number),
	login           TEXT NOT NULL, -- as it was then
	folded          TEXT NOT NULL,
	as_of           BIGINT NOT NULL,
	collected_at    BIGINT NOT NULL,
	saved_at        BIGINT NOT NULL,
	verdict         TEXT NOT NULL,
	complete        BOOLEAN NOT NULL,
	incomplete      TEXT NOT NULL, -- JSON: why
	coverage        TEXT NOT NULL, -- JSON
	skipped         TEXT NOT NULL, -- JSON: facts that it did without by choice
	asked           TEXT NOT NULL, -- JSON: by rule, a digest of what was asked
	evidence_digest TEXT NOT NULL, -- as it was judged
	snapshot_digest TEXT NOT NULL, -- as it is kept
	report_digest   TEXT NOT NULL, -- likewise
	memory_digest   TEXT NOT NULL,
	compares        BIGINT NOT NULL, -- with which run; 0: none
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
	rewritten       BOOLEAN NOT NULL, -- a person was taken out of what is kept
	batch           TEXT NOT NULL, -- that several workers share; '' for none
	tokens          BIGINT NOT NULL,
	active          BIGINT NOT NULL,
	people          BIGINT NOT NULL,
	violating       BIGINT NOT NULL,
	overdue         BIGINT NOT NULL,
	requests        BIGINT NOT NULL,
	contradicted    BIGINT NOT NULL, -- settings that are not as the policy claims
	by_severity     TEXT NOT NULL, -- JSON: tokens, by their worst finding
	row_digest      TEXT NOT NULL, -- of all of the above, and of whose run it is
	UNIQUE (organization, judgement)
);
CREATE INDEX pataudit_runs_by_date ON pataudit_runs (organization, as_of);
CREATE INDEX pataudit_runs_by_login ON pataudit_runs (folded);
CREATE UNIQUE INDEX pataudit_runs_by_batch ON pataudit_runs (organization, batch)
	WHERE batch <> ''; -- workers keep one run of each organization

-- What a run was judged from, what was remembered then, and its report: gzip, the first mebibyte.
CREATE TABLE pataudit_documents (
	run      BIGINT PRIMARY KEY REFERENCES pataudit_runs (number) ON DELETE CASCADE,
	report   BYTEA NOT NULL,
	snapshot BYTEA NOT NULL,
	memory   BYTEA NOT NULL
);

ALTER TABLE pataudit_documents
	ALTER COLUMN report SET STORAGE EXTERNAL, -- it is compressed already
	ALTER COLUMN snapshot SET STORAGE EXTERNAL,
	ALTER COLUMN memory SET STORAGE EXTERNAL;

-- What a row does not hold of such a document, in pieces: a row is written in one piece.
CREATE TABLE pataudit_pieces (
	run      BIGINT NOT NULL REFERENCES pataudit_runs (number) ON DELETE CASCADE,
	document TEXT NOT NULL, -- report, snapshot or memory
	piece    BIGINT NOT NULL, -- from 1
	data     BYTEA NOT NULL,
	PRIMARY KEY (run, document, piece)
);
ALTER TABLE pataudit_pieces ALTER COLUMN data SET STORAGE EXTERNAL;

-- Which runs were pruned: that of a report of one is not that of none.
CREATE TABLE pataudit_pruned (
	number          BIGINT PRIMARY KEY,
	organization    BIGINT NOT NULL,
	as_of           BIGINT NOT NULL,
	collected_at    BIGINT NOT NULL, -- at the latest, where that is not known
	evidence_digest TEXT NOT NULL
);

-- No organization is ever deleted: the rows below are too many to have that checked for each.

CREATE TABLE pataudit_tokens (
	organization BIGINT NOT NULL,
	id           BIGINT NOT NULL, -- of the grant
	token_id     BIGINT NOT NULL,
	owner_id     BIGINT NOT NULL,
	owner        TEXT NOT NULL,
	name         TEXT NOT NULL,
	first_seen   BIGINT NOT NULL,
	gone_run     BIGINT NOT NULL,
	gone_at      BIGINT NOT NULL,
	rights       TEXT NOT NULL,    -- digests of what it can do now; '' while not known
	reach        TEXT NOT NULL,
	PRIMARY KEY (organization, id)
);

-- One row for each change of what a token can do; '' is what that run did not learn.
CREATE TABLE pataudit_states (
	organization BIGINT NOT NULL,
	token        BIGINT NOT NULL,
	run          BIGINT NOT NULL,
	as_of        BIGINT NOT NULL,
	rights       TEXT NOT NULL,
	reach        TEXT NOT NULL,
	PRIMARY KEY (organization, token, run, as_of)
);

-- What states speak of, each once: selection and permissions, or the names of repositories.
CREATE TABLE pataudit_contents (
	organization BIGINT NOT NULL,
	digest       TEXT NOT NULL,
	text         TEXT NOT NULL, -- JSON
	PRIMARY KEY (organization, digest)
);

-- One row for each change of when a grant expires.
CREATE TABLE pataudit_expiries (
	organization BIGINT NOT NULL,
	token        BIGINT NOT NULL,
	run          BIGINT NOT NULL, -- that saw it first
	expires_at   BIGINT NOT NULL,
	expired      BOOLEAN NOT NULL, -- then GitHub tells no date
	first_seen   BIGINT NOT NULL,
	last_seen    BIGINT NOT NULL, -- the greatest number while it lasts
	PRIMARY KEY (organization, token, run)
);

-- One row for each change of who approved a grant, as an audit log told, which forgets it.
CREATE TABLE pataudit_approvals (
	organization BIGINT NOT NULL,
	token        BIGINT NOT NULL,
	run          BIGINT NOT NULL, -- that saw it first
	own          BOOLEAN NOT NULL, -- the token's owner did
	role         TEXT NOT NULL,    -- of the owner then; '' if the log did not tell
	role_since   BIGINT NOT NULL, -- when that changed, before the approval and after it
	role_until   BIGINT NOT NULL,
	first_seen   BIGINT NOT NULL,
	last_seen    BIGINT NOT NULL,
	PRIMARY KEY (organization, token, run)
);

-- One row for each change of what a token's owner is to the organization.
CREATE TABLE pataudit_roles (
	organization BIGINT NOT NULL,
	person       BIGINT NOT NULL, -- the owner's id
	run          BIGINT NOT NULL, -- that saw it first
	role         TEXT NOT NULL,
	first_seen   BIGINT NOT NULL,
	last_seen    BIGINT NOT NULL, -- the greatest number while it lasts
	PRIMARY KEY (organization, person, run)
);

-- Since when, and until when, a token fails a rule, by each question that policies ask by it.
CREATE TABLE pataudit_findings (
	organization BIGINT NOT NULL,
	token        BIGINT NOT NULL,
	rule         TEXT NOT NULL,
	asked        TEXT NOT NULL, -- a digest of what a policy asks by the rule
	first_run    BIGINT NOT NULL,
	first_seen   BIGINT NOT NULL,
	severity     TEXT NOT NULL,
	status       TEXT NOT NULL, -- fail, waived
	closed_run   BIGINT NOT NULL,
	closed_at    BIGINT NOT NULL,
	PRIMARY KEY (organization, token, rule, asked, first_run)
);
CREATE UNIQUE INDEX pataudit_findings_open ON pataudit_findings (organization, token, rule, asked)
	WHERE closed_run = 0;
