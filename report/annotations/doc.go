// SPDX-License-Identifier: Apache-2.0

// Package annotations writes what a workflow of GitHub Actions shows of an audit beside its run:
// which token breaks which rule, and what to do next.
package annotations
