// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/api"
	"github.com/complytime/pataudit/audit/github/githubtest"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// TestNamesAreQuoted holds that what GitHub says of people stands in quotes in each error, for a
// public log leaves out what is quoted; and that no coverage tells it to everybody.
func TestNamesAreQuoted(t *testing.T) {
	const name = "Marta-Hill"
	prepare := func(w *githubtest.World) {
		today()
		everyKind(w, 3)
		onEnterpriseCloud(w)
	}
	words := map[string]githubtest.Fault{
		"403":      {Status: http.StatusForbidden, Body: body(`{"message": "` + name + ` may not"}`)},
		"422":      {Status: 422, Body: body(`{"message": "` + name + `", "errors": ["` + name + `"]}`)},
		"200 text": {Status: http.StatusOK, Body: body(name + " is not JSON")},
		"200 list": {Status: http.StatusOK, Body: body(`["` + name + `"]`)},
		"200 errors": {Status: http.StatusOK, Body: body(
			`{"errors": [{"type": "` + name + `", "message": "` + name + ` is hidden"}]}`)},
		"link": {Header: map[string]string{"Link": "<https://" + name + ">; rel=" + name}},
	}
	paths := map[string]bool{}
	inBubble(t, prepare, func(b *bench) {
		b.also = enterpriseFacts
		b.mustCollect()
		for _, f := range distinct(b.server.Log()) {
			paths[ids.ReplaceAllString(f.Path, "/*")] = true
		}
	})
	var told atomic.Int64
	t.Run("all", func(t *testing.T) {
		for i, at := range slices.Sorted(maps.Keys(paths)) {
			for k, kind := range slices.Sorted(maps.Keys(words)) {
				if !tenth(i*len(words) + k) {
					continue
				}
				fault := words[kind]
				fault.Path = at
				t.Run(at+" "+kind, func(t *testing.T) {
					t.Parallel()
					inBubble(t, prepare, func(b *bench) {
						b.also = enterpriseFacts
						b.server.Change(func(w *githubtest.World) {
							w.Faults = append(w.Faults, &fault)
						})
						var text, nameless string
						if e, err := b.collect(); err != nil {
							text, nameless = err.Error(), ui.Impersonal(err.Error())
							nameless += audit.Reason{api.RemarkOf(err)}.Nameless().String()
						} else {
							for _, c := range e.Coverage {
								text += c.Reason.String()
								nameless += c.Reason.Nameless().String() + ui.Impersonal(c.Reason.String())
							}
						}
						if strings.Contains(text, name) {
							told.Add(1)
						}
						if strings.Contains(strings.ToLower(nameless), "marta") {
							t.Errorf("named to everybody: %s", nameless)
						}
					})
				})
			}
		}
	})
	if n := told.Load(); n < int64(len(words)) && !testing.Short() || n == 0 {
		t.Errorf("only %d texts tell what GitHub says", n)
	}
}

var ids = regexp.MustCompile(`/\d+`)
