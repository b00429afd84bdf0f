// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
)

// likeIDs draws texts that look like ids: owners choose the names of tokens.
func likeIDs() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.SampledFrom([]string{
			"95013", "grant:5", "grant:95013", "name:95013", "name:", "grant:", "", " 95013", "95013 ",
			"+95013", "095013", "95_013", "9.5013e4", "0x17325", "９５０１３", "٩٥٠١٣", "95013\u200b", "-1",
			"0", "grant:05", "Grant:5", "name: x", "9223372036854775808",
		}),
		rapid.StringMatching(`(name:|grant:|[+ ])?[0-9 ]{1,6}`),
		rapid.String(),
	)
}

// TestIdentityOfNames holds that no name captures an id, whatever it is: a number finds tokens by
// their ids alone, grant: by grants' ids, and name: by names; and that each token is found by the
// identity that is printed of it.
func TestIdentityOfNames(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		result := func(label string) *audit.Result {
			r := &audit.Result{Token: &audit.Token{
				ID:      rapid.Int64Range(1, 9).Draw(t, label+" grant"),
				TokenID: rapid.SampledFrom([]int64{0, 1, 5, 9, 95013}).Draw(t, label+" id"),
				Name:    likeIDs().Draw(t, label+" name"),
			}}
			if rapid.Bool().Draw(t, label+" asked for") {
				r.Request = &audit.Request{}
			}
			return r
		}
		r := result("a token")
		text := rapid.OneOf(likeIDs(), rapid.Just(r.Token.Name),
			rapid.Just(strconv.FormatInt(r.Token.ID, 10))).Draw(t, "typed")
		identity, err := audit.ParseIdentity(text)
		if err == nil && identity.Is(r) {
			id := r.Token.Identity().String()
			switch text {
			case "name:" + r.Token.Name:
			case strconv.FormatInt(r.Token.TokenID, 10):
			case "grant:" + strconv.FormatInt(r.Token.ID, 10):
				if r.Request != nil {
					t.Fatalf("%q is a pending request", text)
				}
			default:
				t.Fatalf("%q is %s, named %q", text, id, r.Token.Name)
			}
		}
		if err == nil && identity.String() != text {
			t.Fatalf("%q is read as %s", text, identity)
		}
		if again, err := audit.ParseIdentity(r.Token.Identity().String()); err != nil ||
			again.Is(r) == (r.Token.TokenID == 0 && r.Request != nil) {
			t.Fatalf("%s: %v", r.Token.Identity(), err)
		}
	})
}
