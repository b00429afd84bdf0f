// SPDX-License-Identifier: Apache-2.0

// Package report writes what an audit found, for people and for machines.
//
// A view.Document holds one or several judged runs and how they shall be shown. A view.Format
// turns it into bytes; [Formats] lists them all, and is what commands, help texts and tests range
// over.
//
// The rooms below hold what formats share: view (what is shown, in which order, how it counts),
// words (how it is said to people), rulepage, encode and safe. None of them imports a format.
//
// # What every format promises
//
//   - It writes the run as it was judged. view.View chooses rows; it never changes a figure or a
//     verdict, and a list that was filtered says so.
//   - Incomplete evidence is said first, and nothing is called clean then. What could not be
//     judged is shown among what was found.
//   - The same document gives the same bytes (a workbook: the same cells). There is no clock and
//     no environment in this package.
//   - Texts from GitHub are hostile until they went through the function of report/safe that is
//     made for the output, or the escapes of report/encode.
//   - The error of every write is returned. What was written until then is not a report.
//
// # Beside the formats
//
// [ShowToken], [ShowOwner], [ShowRepository] and [Rule] print for a person what a
// command was asked for, words.Denial words a text for a requester, and [ReadDecisions] reads what
// reviewers filled into a workbook. [ReadJSON] reads a JSON report back, to hold it against a run
// of the same evidence.
//
// # A new format
//
// One file with a Format variable, one line in Formats, one golden under testdata/report.
package report
