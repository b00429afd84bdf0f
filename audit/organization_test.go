// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
)

// TestOrganizationSame holds that an organization is the same by its id whatever it is called,
// that of two on different hosts none is the other, and that equal keys are of the same one.
func TestOrganizationSame(t *testing.T) {
	any := rapid.Custom(func(t *rapid.T) *audit.Organization {
		return &audit.Organization{
			Host:  rapid.SampledFrom([]string{"github.com", "ghe.example", "GHE.example"}).Draw(t, "host"),
			ID:    rapid.Int64Range(0, 3).Draw(t, "id"),
			Login: rapid.SampledFrom([]string{"acme", "Acme", "other", "1"}).Draw(t, "login"),
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := any.Draw(t, "a"), any.Draw(t, "b")
		same := a.Same(b)
		switch known := a.ID != 0 && b.ID != 0; {
		case same != b.Same(a):
			t.Fatal("one is the other, and not the other way round")
		case same && !strings.EqualFold(a.Host, b.Host):
			t.Fatal("the same on two hosts")
		case known && same != (strings.EqualFold(a.Host, b.Host) && a.ID == b.ID):
			t.Fatal("not as their ids say")
		case a.Key() == b.Key() && !same:
			t.Fatalf("the key %s is of both", a.Key())
		}
	})
}
