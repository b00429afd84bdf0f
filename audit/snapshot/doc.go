// SPDX-License-Identifier: Apache-2.0

// Package snapshot keeps evidence in a file: saved once, it can be read back and judged again, by
// another policy, on another day, by another person, without asking GitHub.
//
// A snapshot is one JSON object. [Save] writes it canonically: the same evidence gives the same
// bytes, and the digest in a report is what sha256sum says of the file. Its keys stand in this
// order, all of them, and every row of a list is a line of its own, so that files diff and grep
// well:
//
//	snapshot      1, the version of the format
//	collected_at  null if unknown
//	organization  login, id, host, two_factor_required, known
//	coverage      how well each source was seen, and why: codes, with what they fill in
//	members       the owners of tokens and requests, by id
//	repositories  every repository that is named below, by id
//	permissions   sets of [group, name, level], in the order of their first use
//	organization_repositories  ids; null if there is no list
//	tokens        by id; owner and repositories are ids, permissions is an index
//	requests      likewise, with reason and created_at
//	dropped       by id, with the reason: tokens that were listed and are not judged
//	manifest      every question to GitHub, and what came of it; null if nothing was asked
//	classic       classic tokens, by login and id; null if they were not asked for
//	contacts      people who were asked for by their logins, and what they are; the one key that is
//	              absent if nobody was
//
// Inside a row, a key is absent exactly if its field has the zero value; an empty list is written,
// a missing one is not. Times are in UTC, to the nanosecond. Characters that would act on a
// terminal are escaped: names in a snapshot are hostile text.
//
// The manifest has of each question the source that it was asked for, its route, the page and the
// pass of a list, whether that pass is the one that the evidence is made of, the status of the
// answer, how often it was sent, GitHub's name for it, its date, how many rows it had, the SHA-256
// of its body, and whether the body was cached. It holds no credentials. The counts balance: the
// pass over the list of tokens that was accepted has as many rows as there are tokens here and
// dropped ones, and so has the one before it. So it is for every list that is complete or known,
// but for those that a single pass can show to be whole.
//
// [Open] is as strict as the evidence is serious: duplicate and unknown keys, references that lead
// nowhere, ids out of order and bytes after the end are errors with their line and column. It
// reads any formatting, but the digest is that of the bytes that it read.
package snapshot
