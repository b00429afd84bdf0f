// SPDX-License-Identifier: Apache-2.0

package audit

// count sums up what was judged.
func (r *Run) count(j *judge) {
	s := &r.Summary
	people := map[int64]struct{}{}
	for _, result := range r.results {
		s.Tokens++
		if !result.Token.Expired {
			s.Active++
		}
		if result.Token.Owner != nil {
			people[result.Token.Owner.ID] = struct{}{}
		}
		s.ByWorst[result.Severity]++
		if result.Severity > NoSeverity {
			s.Failing++
		}
		undecided := false // it may violate, or does for what is overdue
		for _, f := range result.Findings {
			if f.Status == Fail {
				s.BySeverity[f.Severity]++
			}
			if f.Overdue {
				s.Overdue++
			}
			undecided = undecided || f.Status == Indeterminate && f.Rule.Required ||
				f.Overdue && r.Policy.FailOnOverdue
		}
		switch {
		case result.New >= r.Policy.FailOn:
			s.Violating++
			s.ViolatingBy[result.New]++
		case result.Severity >= r.Policy.FailOn && !undecided:
			s.IndebtedBy[result.Severity]++
		}
	}
	s.People = len(people)
	for i := range r.Rules {
		for status, n := range r.Rules[i].Counts {
			s.Findings[status] += n
		}
	}
	for _, result := range r.requests {
		s.Requests++
		if result.New >= r.Policy.FailOn {
			s.RequestsViolating++
		}
	}
}
