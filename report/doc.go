// SPDX-License-Identifier: Apache-2.0

// Package report writes what an audit found, for people and for machines.
//
// A view.Document holds one or several judged runs and how they shall be shown. A view.Format
// turns it into bytes; [Formats] lists them all, and is what commands, help texts and tests range
// over.
//
// Each format is a room of its own. Beneath them is what formats share: view (what is shown, in
// which order, how it counts), words (how it is said to people), screen, privacy, rulepage, encode
// and safe. None of them imports a format, and no format imports another one, but for table, which
// shows cards of show, and comparison, which is made of several.
//
// # What every format promises
//
//   - It writes the run as it was judged. view.View chooses rows; it never changes a figure or a
//     verdict, and a list that was filtered says so.
//   - Incomplete evidence is said first, and nothing is called clean then. What could not be
//     judged is shown among what was found.
//   - The same document gives the same bytes. There is no clock and no environment in this
//     package.
//   - Texts from GitHub are hostile until they went through the function of report/safe that is
//     made for the output, or the escapes of report/encode.
//   - The error of every write is returned. What was written until then is not a report.
//
// # Beside the formats
//
// Package show writes what a command was asked of one token, owner, repository or rule, comparison
// what changed between two runs, and letters what owners are told. words.Denial returns a text for
// a requester, and xlsx.ReadDecisions what reviewers filled into a workbook. json.Read reads a
// JSON report back, to hold it against a run of the same evidence.
//
// # A new format
//
// A folder with a Format variable, a line in Formats, a row among the rooms of
// cmd/pataudit/house_test.go, and goldens under testdata/report.
package report
