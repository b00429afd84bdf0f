// SPDX-License-Identifier: Apache-2.0

// Package letters writes what owners are told about their tokens: a letter each, and an index of
// the letters.
package letters
