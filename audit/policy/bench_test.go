// SPDX-License-Identifier: Apache-2.0

package policy_test

import (
	"testing"

	"github.com/complytime/pataudit/audit/policy"
)

// BenchmarkGuide measures what each run waits for first: the policy is read and checked.
func BenchmarkGuide(b *testing.B) {
	known := rules()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := policy.Guide(known); err != nil {
			b.Fatal(err)
		}
	}
}
