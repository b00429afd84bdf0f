// SPDX-License-Identifier: Apache-2.0

package policy_test

import (
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/policy"
)

// TestCriteriaKeepOptions holds that what a run is judged by keeps every option but the memory,
// and that each of them but Shared, which changes no verdict, counts in the digest.
func TestCriteriaKeepOptions(t *testing.T) {
	p := parse(t, "fail_on: high")
	none, err := policy.Criteria(p, audit.Options{})
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		var given audit.Options
		options := reflect.ValueOf(&given).Elem()
		counts := false
		for i := range options.NumField() {
			name, field := options.Type().Field(i).Name, options.Field(i)
			if name == "Memory" || !rapid.Bool().Draw(t, name) {
				continue
			}
			switch field.Interface().(type) {
			case bool:
				field.SetBool(true)
			case time.Time:
				field.Set(reflect.ValueOf(time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)))
			case audit.Facts:
				field.Set(reflect.ValueOf(audit.FactRepositories))
			default:
				t.Fatalf("%s is of no type that this test knows", name)
			}
			counts = counts || name != "Shared"
		}
		criteria, err := policy.Criteria(p, given)
		if err != nil {
			t.Fatal(err)
		}
		if got := criteria.Options(); got != given {
			t.Errorf("%+v are kept as %+v", given, got)
		}
		if same := criteria.Digest() == none.Digest(); same == counts {
			t.Errorf("%+v: the digest is that of no options: %v", given, same)
		}
	})
}
