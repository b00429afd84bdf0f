// SPDX-License-Identifier: Apache-2.0

// Package reporttest holds what the tests of report and of its rooms share: organizations with
// something of everything, hostile texts, readers of what was written, and the goldens.
package reporttest
