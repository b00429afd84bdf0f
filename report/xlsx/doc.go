// SPDX-License-Identifier: Apache-2.0

// Package xlsx writes a report as a workbook for reviewers, and reads what they filled in.
package xlsx
