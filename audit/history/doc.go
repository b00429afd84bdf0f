// SPDX-License-Identifier: Apache-2.0

// Package history remembers runs: in an SQLite file, or in PostgreSQL for a team or many runners.
//
// # What is kept
//
//	runs           one row per run: verdict, figures, coverage, by what it was judged
//	documents      its report and its evidence, whole, compressed
//	texts          what runs were judged by, each once: policies, decisions, baselines, registries
//	organizations  what runs are about: a renamed organization is the same one; digests of its rows
//	tokens         first seen, gone
//	expiries       one row for each change of when a token expires, which GitHub forgets
//	approvals      one row for each change of who approved a grant, which the audit log forgets
//	roles          one row for each change of what a token's owner is to the organization
//	states         one row for each change of what a token can do, by its digest
//	contents       what a state's digest stands for
//	findings       since when a token fails a rule, and until when
//
// A run writes only what changed, so that one of 100,000 tokens like the day before writes little.
// The tables' names begin with pataudit_, and their comments are in the migrations.
//
// # When something is over
//
// Runs are ordered by when their evidence was collected, not by when it was judged. What a run saw
// opens at once. What a run did not see is not over for that: a finding closes, and a token goes,
// only by a complete run whose evidence is the newest of the organization's complete runs. An
// incomplete run is never the newest. An indeterminate answer closes nothing. Nor does a token's
// expiry or its going close its findings: if the token comes back, they stand since they were
// first seen. A run of older evidence that is saved later only adds to the past: it moves back
// when something open was first seen, unless a complete run in between did not see it, and closes
// nothing that a run of later evidence opened, complete or not. Once a run of later evidence was
// pruned, it ends nothing, since the pruned run may have seen it.
//
// A finding belongs to a token and to what the policy asks by a rule. Policies that take turns in
// one history have findings of their own: only a complete run that asked the very same closes one,
// and the newest is counted among the runs that asked it. A question that no run asked before
// begins with what is open by its rule, also if that is learned later: a change of policy resets
// no clock.
//
// Evidence of a day to come is refused: it would be the newest until then. [Store.PruneAhead]
// takes back a run that a wrong clock left. As long as one is there, nothing closes; what is found
// meanwhile stands since it was found, or since what that run closed was first seen.
//
// # What was seen
//
// Every run, complete or not and whatever its policy, stores what tokens can do: a row where that
// changed. A run of older evidence is put in its place. [Store.Recall] returns the rows as sights,
// of all grants of a token; what of them is accepted, each run computes. They stay for as long as
// the token does.
//
// # Saved is saved
//
// Saving is one transaction, on the disk when it returns. Two that save the same organization wait
// for each other; an SQLite file has one writer at a time. A report that is there already, or
// another one of its organization and batch, is not stored twice.
//
// # A file that can only be read
//
// [OpenExisting] opens an SQLite file for reading that cannot be written, or whose folder cannot:
// together with those who write it at the moment, or, if nobody does, alone, and then an error is
// returned if somebody wrote meanwhile. It makes no file beside it. [Open] refuses such a file.
//
// # What is read is checked
//
// A run's columns have a digest, its documents and texts have theirs, and the head of its report
// repeats the columns. Every reading checks them against each other; [ErrChanged] names what
// differs. Runs are numbered without gaps, and a pruned run leaves its number, so that
// [Store.Check] finds one that was deleted.
//
// An organization has a digest of its rows in each table beside the runs. They are checked before
// anything is recalled, pruned or forgotten. Saving a run only adds the difference that it makes
// to the digest, so that what somebody else changed stays found. What could change rows as they
// are written, such as a trigger, is refused on opening.
//
// That proves that the store agrees with itself, not who wrote it.
//
// # One code path
//
// The same SQL runs on both engines: instants are microseconds in UTC, parameters are numbered,
// rows are written many at a time by INSERT … ON CONFLICT, to PostgreSQL as arrays. What differs
// is in sqlite.go, postgres.go and arrays.go, and in the migrations. Everything is a transaction,
// and nothing belongs to a session: a pooler gives each transaction another one. Migrations are a
// few lines of our own, for goose holds no lock on SQLite: all of them run in one transaction,
// under the lock that keeps writers out.
//
// # Privacy
//
// The store names people, what they call their tokens, and private repositories, for as long as
// runs are kept: until [Store.Forget] or [Store.Prune]. An SQLite file is its owner's alone
// (0600), as are the two beside it, and what is deleted there is overwritten. PostgreSQL keeps
// the old rows until it is vacuumed, and its backups are not ours.
//
// PostgreSQL's own environment variables and password file are honoured, so that no password has
// to stand in the URL. Unless the URL says sslmode=verify-full, the connection is not proof
// against who sits on the wire.
package history
