// SPDX-License-Identifier: Apache-2.0

package xlsx

import (
	"fmt"
	"io"
	"runtime"
	"testing"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/view"
)

// crowded returns the report of n tokens, of which each has five findings.
func crowded(n int) *view.Document {
	e := reporttest.Violating()
	no := false
	owners := make([]*audit.Member, 1000)
	for i := range owners {
		owners[i] = reporttest.Member(int64(i+1), fmt.Sprintf("person-%d", i+1), audit.RoleNone)
		owners[i].TwoFactor = &no
	}
	repositories := reporttest.Repositories(20)
	e.Tokens = e.Tokens[:0]
	for i := range n {
		t := reporttest.Token(int64(i+1), fmt.Sprintf("nightly-build-%d", i+1), owners[i%len(owners)])
		reporttest.Administers(t)
		t.TokenID, t.Repositories = int64(i+1_000_000), repositories
		t.ExpiresAt = t.GrantedAt.AddDate(0, 0, 100+i%300)
		e.Tokens = append(e.Tokens, t)
	}
	return reporttest.Document(e)
}

func BenchmarkWorkbook(b *testing.B) {
	d := crowded(100_000)
	for b.Loop() {
		var n counter
		if err := Format.Write(&n, d); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(n)/1e6, "MB")
	}
}

// counter counts what is written.
type counter int64

func (c *counter) Write(p []byte) (int, error) { *c += counter(len(p)); return len(p), nil }

var _ io.Writer = (*counter)(nil)

func BenchmarkDocumentAlone(b *testing.B) {
	for b.Loop() {
		d := crowded(100_000)
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		b.ReportMetric(float64(m.HeapAlloc>>20), "live-MB")
		runtime.KeepAlive(d)
	}
}
