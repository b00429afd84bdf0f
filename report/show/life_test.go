// SPDX-License-Identifier: Apache-2.0

package show_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/show"
	"github.com/complytime/pataudit/report/view"
)

// TestLife holds what is told of a token over time: what a run did not learn is neither gained nor
// lost.
func TestLife(t *testing.T) {
	at := func(day int) time.Time { return time.Date(2026, 11, day, 6, 0, 0, 0, time.UTC) }
	const rights, reach = audit.FactSelection | audit.FactPermissions, audit.FactRepositories
	may := func(level string) []audit.Permission {
		return []audit.Permission{{Group: audit.GroupRepository, Name: "contents", Level: level}}
	}
	reaches := func(names ...string) (list []*audit.Repository) {
		for _, name := range names {
			list = append(list, &audit.Repository{Name: name})
		}
		return list
	}
	known := &audit.Life{
		FirstSeen: at(1), ToldSince: at(8), ExpiresAt: at(30), GoneAt: at(28),
		States: []audit.State{
			{Run: 1, Sight: audit.Sight{
				At: at(1), Known: rights | reach, Selection: audit.SelectSubset,
				Permissions: may(audit.LevelRead), Repositories: reaches("acme/a", "acme/b"),
			}},
			{Run: 2, Sight: audit.Sight{
				At: at(8), Known: rights, Selection: audit.SelectSubset,
				Permissions: may(audit.LevelWrite),
			}},
			{Run: 3, Sight: audit.Sight{
				At: at(15), Known: audit.FactSelection | reach, Selection: audit.SelectSubset,
				Repositories: reaches("acme/b\x1b"),
			}},
			{Run: 4, Sight: audit.Sight{
				At: at(22), Known: rights, Selection: audit.SelectAll,
				Permissions: may(audit.LevelWrite),
			}},
		},
	}
	var results []*audit.Result
	for _, id := range []int64{7, 8, 9} {
		results = append(results, &audit.Result{Token: &audit.Token{ID: id, Name: "mirror"}})
	}
	run := audit.Restored(&audit.Run{Organization: &audit.Organization{Login: "acme"}}, results, nil)
	lives := map[int64]*audit.Life{7: known, 9: known} // the tables do not know 8
	var out bytes.Buffer
	all := func(*audit.Result) bool { return true }
	found, err := show.Token(&out, run, all, lives, view.View{Width: 100})
	if err != nil || !found {
		t.Fatal(found, err)
	}
	cards := strings.Split(out.String(), "────\n")
	for i, blocks := range []int{1, 0, 1} {
		if n := strings.Count(cards[i], "OVER TIME"); n != blocks {
			t.Errorf("card %d has %d blocks:\n%s", i, n, cards[i])
		}
	}
	want := `
 OVER TIME   grant 7: first seen 2026-11-01; since 2026-11-08 it expires 2026-11-30; gone since
             2026-11-28
             2026-11-08 (run 2): gained repository:contents:write
             2026-11-15 (run 3): gained acme/b\x1b; lost acme/a, acme/b
             2026-11-22 (run 4): gained all repositories
`
	if got := cards[0]; !strings.Contains(got, want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
