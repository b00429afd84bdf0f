// SPDX-License-Identifier: Apache-2.0

// Package privacy takes people out of what is shown and kept: it gives a document pseudonyms,
// returns what may be read in a public place, and forgets a person in evidence and policies.
package privacy
