// SPDX-License-Identifier: Apache-2.0

// Package safe makes the texts of others harmless, one function for each kind of output, and lays
// texts out by the columns that they take on a terminal.
package safe
