// SPDX-License-Identifier: Apache-2.0

// Package words returns the English that formats for people print: lines about a run, the facts of
// a token, its row. Formats for machines take no more from it than a subject's name and a
// finding's sentence.
package words
