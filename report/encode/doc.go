// SPDX-License-Identifier: Apache-2.0

// Package encode writes JSON that shows as it is wherever it is printed, and in which what is
// unknown is null.
package encode
