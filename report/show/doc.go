// SPDX-License-Identifier: Apache-2.0

// Package show writes what people ask of one token, one owner, one repository or one rule.
package show
