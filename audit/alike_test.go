// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"reflect"
	"strconv"
	"testing"
	"time"
)

// TestAlike: tokens share a finding only if it is the same in every field.
func TestAlike(t *testing.T) {
	rule := &PolicyRule{}
	changes := map[string]func(*Finding){
		"Rule":       func(f *Finding) { f.Rule = &PolicyRule{} },
		"Status":     func(f *Finding) { f.Status = Waived },
		"Severity":   func(f *Finding) { f.Severity = Low },
		"InBaseline": func(f *Finding) { f.InBaseline = true },
		"Overdue":    func(f *Finding) { f.Overdue = true },
		"Unclear":    func(f *Finding) { f.Unclear = true },
		"perhaps":    func(f *Finding) { f.perhaps = High },
		"Missing":    func(f *Finding) { f.Missing = FactOwner },
		"Message":    func(f *Finding) { f.Message = "other" },
		"Basis":      func(f *Finding) { f.Basis = []string{"b"} },
		"Override":   func(f *Finding) { f.Override = "bots" },
		"Waiver":     func(f *Finding) { f.Waiver = &Decision{} },
		"Exceeded":   func(f *Finding) { f.Exceeded = &Decision{} },
		"More":       func(f *Finding) { f.More = []string{"m"} },
		"FirstSeen":  func(f *Finding) { f.FirstSeen = time.Unix(1, 0) },
		"Due":        func(f *Finding) { f.Due = time.Unix(2, 0) },
	}
	for i := range reflect.TypeFor[Finding]().NumField() {
		name := reflect.TypeFor[Finding]().Field(i).Name
		change, tested := changes[name]
		if !tested {
			t.Fatalf("%s of a finding is not compared", name)
		}
		same := newAlike()
		one := Finding{Rule: rule, Status: Fail, Message: "fails", Basis: []string{"a"}}
		other := one
		change(&other)
		first, second := same.finding(&one), same.finding(&other)
		if first == &one || first == second || !second.equal(&other) {
			t.Errorf("%s: %+v is taken for %+v", name, other, one)
		}
		if again := same.finding(&other); again != second {
			t.Errorf("%s: the same is not shared", name)
		}
	}
}

// TestAlikeIsBounded: findings of which each is another one are not looked for in all of them.
func TestAlikeIsBounded(t *testing.T) {
	same := newAlike()
	for i := range 2*mostAlike + 1 {
		same.finding(&Finding{Message: strconv.Itoa(i)})
	}
	if len(same.findings) > mostAlike {
		t.Errorf("%d are held", len(same.findings))
	}
}
