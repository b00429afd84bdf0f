// SPDX-License-Identifier: Apache-2.0

package xlsx

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

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

// BenchmarkWorkbook tells the processor's time, of all and for a cell with a value, beside what
// exceljs takes to stream such cells, if make openers installed it; and how long the file is.
func BenchmarkWorkbook(b *testing.B) {
	const tokens = 100_000
	b.Run("write", func(b *testing.B) {
		d := crowded(tokens)
		runtime.GC()
		cells := filledCells(b, crowded(tokens/100)) * 100
		var length counter
		before := processorTime()
		for b.Loop() {
			length = 0
			if err := Format.Write(&length, d); err != nil {
				b.Fatal(err)
			}
		}
		took := (processorTime() - before) / time.Duration(b.N)
		b.ReportMetric(took.Seconds(), "cpu-s")
		b.ReportMetric(float64(took.Microseconds())/float64(cells), "cpu-µs/cell")
		b.ReportMetric(float64(length)/1e6, "MB")
	})
	b.Run("exceljs", func(b *testing.B) {
		if os.Getenv(modules) == "" {
			b.Skip("no exceljs: make openers, and " + modules)
		}
		for b.Loop() {
			said := runs(b, "node", script(b, "stream-exceljs.cjs"),
				filepath.Join(b.TempDir(), "exceljs.xlsx"), fmt.Sprint(tokens))
			perCell, err := strconv.ParseFloat(strings.TrimSpace(string(said)), 64)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(perCell, "cpu-µs/cell")
		}
	})
}

// filledCells counts the cells with a value of the sheets of tokens and of findings.
func filledCells(b *testing.B, d *view.Document) (n int) {
	b.Helper()
	var workbook bytes.Buffer
	if err := Format.Write(&workbook, d); err != nil {
		b.Fatal(err)
	}
	of := parts(b, workbook.Bytes())
	for _, sheet := range []string{"xl/worksheets/sheet2.xml", "xl/worksheets/sheet3.xml"} {
		n += strings.Count(of[sheet], "</c>")
	}
	return n
}

// processorTime is what the process took of the processor so far.
func processorTime() time.Duration {
	var usage syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// counter counts what is written.
type counter int

func (c *counter) Write(p []byte) (int, error) { *c += counter(len(p)); return len(p), nil }
