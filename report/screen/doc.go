// SPDX-License-Identifier: Apache-2.0

// Package screen writes what stands on a terminal: lines of one width, labels with texts beside
// them, columns, colours and links.
package screen
