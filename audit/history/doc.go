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
//	approvals      likewise of who approved a grant, which the audit log forgets
//	roles          likewise of what a token's owner is to the organization
//	states         one row for each change of what a token can do; contents are what they speak of
//	findings       since when a token fails a rule, and until when
//
// A run writes only what changed, so that one of 100,000 tokens like the day before writes little.
// The tables' names begin with pataudit_, and their comments are in the migrations.
//
// # When something is over
//
// Runs come in the order in which their evidence was collected, whenever it was judged. What a run
// saw opens at once. What it did not see is not over: a finding closes, and a token goes, only
// when a complete run says so, and no other complete run of the organization is of newer evidence:
// what is not complete is never the newest. An answer that is indeterminate closes nothing; nor do
// a token's expiry and its going: should it come back, what was wrong with it stands since then. A
// run of older evidence, found later, only adds to the past: it moves back when something open was
// first seen, unless a complete run in between tells otherwise. Once a run of later evidence was
// pruned, it ends nothing: that one may have told otherwise.
//
// A finding is a token's under what a policy asks by a rule. Policies that take turns in one
// history have their own findings: only a complete run that asked the very same closes one, and is
// the newest if no later complete run asked that. What no run ever asked goes on, when it is first
// asked, with what is open by the rule, also if that is learned later: a change of policy resets
// no clock.
//
// Evidence of a day to come is not remembered: it would be the newest until then.
// [Store.PruneAhead] takes back a run that a wrong clock left. As long as one is there, nothing is
// over; what is found meanwhile stands since then all the same, or since what that run closed did.
//
// # What was seen
//
// Every run, whatever its policy and complete or not, notes what tokens can do: a row where that
// is something else than before. One of older evidence is put in its place. [Store.Recall] gives
// them as sights, of all grants of a token; what of it is accepted, each run computes. They stay
// for as long as the token does.
//
// # Saved is saved
//
// Save is one transaction, on the disk when it returns. Two that save the same organization wait
// for each other; an SQLite file has one writer at a time. A report that is there already, or
// another one of its organization and batch, is not kept twice.
//
// # A file that can only be read
//
// [OpenExisting] opens an SQLite file that cannot be written, or whose folder cannot, to be read:
// with what others write at the moment, or, if nobody does, alone, and then an error tells that
// somebody did meanwhile. It makes no file beside it. [Open] refuses it.
//
// # What is read is checked
//
// A run's columns have a digest, its documents and texts have theirs, and the head of its report
// says what the columns say. All are held against each other on every reading; [ErrChanged] says
// what differs. Numbers of runs are given without gaps, so that [Store.Check] tells a run that was
// deleted from one that was pruned.
//
// Of the tables beside the runs an organization has a digest each, of its rows there. They are
// held against the rows before anything is recalled, pruned or forgotten. A run that is saved only
// adds the difference that it makes, so that what somebody else changed stays found. What could
// change rows as they are written, a trigger or the like, is refused on opening.
//
// That tells whether the store agrees with itself, not who wrote it.
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
