// SPDX-License-Identifier: Apache-2.0

package words

import (
	"fmt"
	"slices"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
)

// changed returns why the verdict is not that of the last complete run, and that another policy
// judged it; "" if neither is so.
func changed(run *audit.Run) string {
	s, verdict := run.Since, verdictChange(run)
	if s == nil || s.PolicyDigest == "" || s.PolicyDigest == run.Policy.Digest ||
		verdict != "" && slices.Contains(s.ChangedBy, audit.CausePolicy) {
		return verdict
	}
	return safe.Join("; ", verdict, fmt.Sprintf("the policy is another one now (%s then)",
		ShortDigest(s.PolicyDigest)))
}

// verdictChange returns why the verdict is not that of the last complete run; "" if it is.
func verdictChange(run *audit.Run) string {
	if run.Since == nil || run.Since.Outcome == run.Outcome() {
		return ""
	}
	now, then := run.Outcome(), run.Since.Outcome
	word := func(o audit.Outcome) string { return strings.ReplaceAll(o.String(), "_", ", ") }
	text := fmt.Sprintf("%s now, %s then, by ", word(now), word(then))
	if len(run.Since.ChangedBy) == 0 {
		return text + "what cannot be told"
	}
	var causes []string
	for _, cause := range run.Since.ChangedBy {
		causes = append(causes, causeText(run, cause))
	}
	return text + safe.List(causes, "and")
}

// causeText returns one reason why the verdict is another one.
func causeText(run *audit.Run, cause audit.Cause) string {
	s := run.Since
	worse := run.Outcome().Violated() && !s.Outcome.Violated()
	switch {
	case cause == audit.CausePolicy && s.PolicyDigest == run.Policy.Digest:
		return "other flags"
	case cause == audit.CausePolicy:
		return fmt.Sprintf("another policy (%s then)", ShortDigest(s.PolicyDigest))
	case cause == audit.CauseAcceptances && worse:
		return "what is not accepted any more"
	case cause == audit.CauseAcceptances:
		return "what was accepted since"
	case cause == audit.CauseTool:
		return fmt.Sprintf("another version (%s %s then, with GitHub's permissions as of %s)",
			s.Tool.Name, s.Tool.Version, s.Tool.Permissions)
	case run.Complete:
		return "tokens that changed or grew older"
	case worse:
		return "tokens that changed or grew older, and evidence that is incomplete"
	}
	return "evidence that is incomplete"
}
