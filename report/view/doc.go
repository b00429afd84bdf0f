// SPDX-License-Identifier: Apache-2.0

// Package view decides what of a document is shown, in which order, and how it counts. All formats
// read it: those for machines need little more.
package view
