// SPDX-License-Identifier: Apache-2.0

//go:build linux

package api

import (
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"testing"
	"time"
)

// TestCacheFolders: many organizations have many caches, and no folder of them stays open.
func TestCacheFolders(t *testing.T) {
	open := func() int {
		files, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		return len(files)
	}
	dir, before := t.TempDir(), open()
	request, err := http.NewRequest(http.MethodGet, "https://api.github.com/orgs/acme", nil)
	if err != nil {
		t.Fatal(err)
	}
	var caches []*cache
	for i := range 200 {
		c, err := openCache(dir, time.Now, slog.New(slog.DiscardHandler), fmt.Sprint(i))
		if err != nil {
			t.Fatal(err)
		}
		c.store(request, &answer{
			status: http.StatusOK, header: http.Header{}, body: []byte(`{"id": 1}`),
		})
		if !c.has("/orgs/acme") {
			t.Fatal("nothing is kept")
		}
		caches = append(caches, c)
	}
	if after := open(); after > before+10 {
		t.Errorf("%d files are open for %d caches, %d before", after, len(caches), before)
	}
}
