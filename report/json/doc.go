// SPDX-License-Identifier: Apache-2.0

// Package json writes a report as JSON, reads it back, holds it against a run of the same
// evidence, and takes people out of it.
package json
