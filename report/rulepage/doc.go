// SPDX-License-Identifier: Apache-2.0

// Package rulepage reads as much of the rules' pages, which are Markdown, as reports show of them,
// and knows their addresses.
package rulepage
