// SPDX-License-Identifier: Apache-2.0

// Package comparison writes what changed between two runs of one organization.
package comparison
