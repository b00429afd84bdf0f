// SPDX-License-Identifier: Apache-2.0

package audit

import "time"

// The server's clock dates evidence, and ours bounds how far that is believed: a clock that is a
// month back makes a token that nobody uses look like one in use.
const (
	// SkewNoted is how far the server's clock may be from ours without a word.
	SkewNoted = time.Hour

	// SkewBelieved is how far it may be from ours for evidence to be verified. Evidence that was
	// collected further ahead than this is not judged at all.
	SkewBelieved = 24 * time.Hour
)
