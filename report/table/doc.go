// SPDX-License-Identifier: Apache-2.0

// Package table writes a report on a screen: its labelled lines, and the tokens as a table, narrow
// or wide.
package table
