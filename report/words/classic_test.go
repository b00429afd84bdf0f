// SPDX-License-Identifier: Apache-2.0

package words

import (
	"fmt"
	"strings"
	"testing"

	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/view"
)

// TestClassicOrder: the worst first; one that has expired can do no more harm.
func TestClassicOrder(t *testing.T) {
	run := reporttest.Document(reporttest.Enterprise()).Runs[0]
	var got []string
	for _, c := range ClassicOf(run, &view.View{})[:5] {
		got = append(got, fmt.Sprint(c.ID))
	}
	got = append(got, fmt.Sprint(ClassicOf(run, &view.View{})[len(run.Classic)-1].ID))
	if want := "7 9 6 5 20 8"; strings.Join(got, " ") != want {
		t.Errorf("order %v, want %s", got, want)
	}
	if run.Classic[0].ID != 7 || run.Classic[1].ID != 8 {
		t.Error("the run's own order has changed")
	}
}
