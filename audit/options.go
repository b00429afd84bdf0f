// SPDX-License-Identifier: Apache-2.0

package audit

import "time"

// Options are what one run is given beside the policy: by flags, and by a history. The zero value
// judges as of when the evidence was collected, by all that the policy asks, without a history.
type Options struct {
	// AsOf is the one instant at which every token is judged; zero: the evidence's CollectedAt.
	AsOf time.Time

	// Memory is what earlier runs of the organization remember; nil without a history. Rules that
	// compare with an earlier run are asked only if it has one.
	Memory *Memory

	// HistoryRequired makes a run incomplete for which no history has an earlier run: one that was
	// lost would accept all that tokens gained.
	HistoryRequired bool

	// FailOnRequests makes pending requests count as tokens do. FailOnOverdue makes a finding that
	// stands longer than the policy's SLA lets it a violation, whatever its severity.
	FailOnRequests, FailOnOverdue bool

	// Skip are facts that this run does without by choice. Rules that need one of them are not
	// asked, and the run says so.
	Skip Facts

	// Shared reports that several organizations are judged by the policy. A decision is then left
	// out of the runs that do not list its token: it is another organization's.
	Shared bool

	// AllowEmpty accepts an organization without any token. Otherwise an empty list is a question,
	// not an answer: GitHub may give one where fine-grained tokens are restricted.
	AllowEmpty bool
}

// compares reports whether there is an earlier run to compare with.
func (o *Options) compares() bool { return o.Memory != nil && o.Memory.Earlier }
