// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"cmp"
	"errors"
	"flag"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// The README's pictures: a page and a workbook of the demo's sample, as programs show them that
// people have. `make pictures` makes them anew.

var takePictures = flag.Bool("pictures", false, "take the README's pictures")

// pictures are the files that the README shows, and the most that one may weigh: who reads the
// README on a train reads it, too.
var pictures = []string{"page.png", "workbook.png"}

const (
	pictureBytes = 200_000
	pictureWidth = 1600 // pixels at least: twice the width of a README, for sharp screens
)

// TestPictureFiles holds that the README shows each picture and says in words what is on it, and
// that each is light.
func TestPictureFiles(t *testing.T) {
	readme := string(top(t, "README.md"))
	for _, name := range pictures {
		text := top(t, ".github", name)
		drawn, err := png.DecodeConfig(bytes.NewReader(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if len(text) > pictureBytes || drawn.Width < pictureWidth {
			t.Errorf("%s: %d bytes, %d pixels wide", name, len(text), drawn.Width)
		}
		shown := regexp.MustCompile(`!\[([^\]]*)\]\(\.github/` + regexp.QuoteMeta(name) + `\)`)
		if found := shown.FindStringSubmatch(readme); found == nil || len(found[1]) < 40 {
			t.Errorf("the README does not show %s, or not in words", name)
		}
	}
}

// TestTakePictures takes them, if it is told to.
func TestTakePictures(t *testing.T) {
	if !*takePictures {
		t.Skip("make pictures")
	}
	for _, program := range []string{"chromium", "soffice", "pdftoppm"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Fatalf("make pictures takes Chromium, LibreOffice and Poppler: %v", err)
		}
	}
	folder := t.TempDir()
	t.Run("audit", func(t *testing.T) { auditSample(t, folder) })
	file := func(name string) string { return filepath.Join(folder, name) }
	command(t, "chromium", "--headless=new", "--no-sandbox", "--hide-scrollbars", "--disable-gpu",
		"--window-size=1120,769", "--force-device-scale-factor=1.5",
		"--screenshot="+file("page.png"), "file://"+file("audit.html"))
	onlyTokens(t, file("audit.xlsx"))
	command(t, "soffice", "-env:UserInstallation=file://"+file("office"), "--headless",
		"--convert-to", "pdf", "--outdir", folder, file("audit.xlsx"))
	command(t, "pdftoppm", "-png", "-singlefile", "-r", "170", file("audit.pdf"),
		file("workbook"))
	save(t, "page.png", read(t, file("page.png")))
	save(t, "workbook.png", trimmed(read(t, file("workbook.png"))))
}

// auditSample writes the reports of the demo's sample, of a day that is always the same, and as
// if github.com had been asked.
func auditSample(t *testing.T, folder string) {
	t.Helper()
	t.Chdir(folder)
	at := time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC)
	audited := func(want int, args ...string) {
		t.Helper()
		var messages bytes.Buffer
		code := run(t.Context(), append([]string{"pataudit"}, args...),
			func() time.Time { return at }, nil, io.Discard, &messages)
		if code != want {
			t.Fatalf("%q: exit code %d: %s", args, code, &messages)
		}
	}
	audited(ui.ExitClean, "demo", ".")
	text, err := os.ReadFile("evidence.json")
	if err != nil {
		t.Fatal(err)
	}
	text = regexp.MustCompile(`"host":"[^"]*"`).ReplaceAll(text, []byte(`"host":"github.com"`))
	if err := os.WriteFile("evidence.json", text, 0o600); err != nil {
		t.Fatal(err)
	}
	audited(ui.ExitViolations, "audit", "--from", "evidence.json", "-o", "audit.html",
		"-o", "audit.xlsx")
}

// onlyTokens leaves of a workbook what the picture has room for: a sheet, and the columns in which
// a reviewer reads and decides. Three rows are decided.
func onlyTokens(t *testing.T, path string) {
	t.Helper()
	book, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = book.Close() }()
	index, err := book.GetSheetIndex(tokensSheet)
	if err != nil {
		t.Fatal(err)
	}
	book.SetActiveSheet(index)
	for _, sheet := range book.GetSheetList() {
		err = errors.Join(err, book.SetSheetVisible(sheet, sheet == tokensSheet))
	}
	for columns, width := range map[string]float64{
		"B": 19, "C": 9, "D": 15, "E": 0, "F": 46, "G": 10, "H": 10, "I": 0, "J": 26,
	} {
		if width == 0 {
			err = errors.Join(err, book.SetColVisible(tokensSheet, columns, false))
			continue
		}
		err = errors.Join(err, book.SetColWidth(tokensSheet, columns, columns, width))
	}
	if err != nil {
		t.Fatal(err)
	}
	for token, note := range map[string]string{
		"95001": "revoke=nobody uses it any more", "95022": "reduce=no settings, only teams",
		"95024": "keep=relays pushes to the mirror",
	} {
		decision, why, _ := strings.Cut(note, "=")
		if err := fillRow(book, token,
			"Decision="+decision, "Reviewer=alice", "Note="+why); err != nil {
			t.Fatal(err)
		}
	}
	if err := book.Save(); err != nil {
		t.Fatal(err)
	}
}

// trimmed returns the table of a printed sheet, down to a row: without the paper around it and its
// header.
func trimmed(sheet image.Image) image.Image {
	const rows = 0.53 // of the paper's height: as many as show what the others look like
	bounds := sheet.Bounds()
	var table image.Rectangle
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			if r, g, b, _ := sheet.At(x, y).RGBA(); r>>8 < 0x60 && b>>8 > r>>8+0x10 && g>>8 > r>>8 {
				table = table.Union(image.Rect(x, y, x+1, y+1)) // the dark blue of the header
			}
		}
	}
	table.Max.X = bounds.Max.X - table.Min.X
	table.Max.Y = table.Min.Y + int(float64(bounds.Dy())*rows)
	cut := image.NewRGBA(table)
	draw.Draw(cut, table, sheet, table.Min, draw.Src)
	return cut
}

// command runs another program.
func command(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

// read reads a picture.
func read(t *testing.T, path string) image.Image {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	drawn, err := png.Decode(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return drawn
}

// save writes one of the README's pictures, with the 256 colours that it has most of.
func save(t *testing.T, name string, full image.Image) {
	t.Helper()
	counts := map[color.RGBA]int{}
	bounds := full.Bounds()
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			counts[coarse(full.At(x, y))]++
		}
	}
	common := slices.SortedFunc(maps.Keys(counts), func(a, b color.RGBA) int {
		return cmp.Or(counts[b]-counts[a], cmp.Compare(a.R, b.R), cmp.Compare(a.G, b.G),
			cmp.Compare(a.B, b.B))
	})
	palette := color.Palette{}
	for _, c := range common[:min(len(common), 256)] {
		palette = append(palette, c)
	}
	few := image.NewPaletted(bounds, palette)
	draw.Draw(few, bounds, full, bounds.Min, draw.Src)
	var text bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&text, few); err != nil {
		t.Fatal(err)
	}
	t.Logf("%s: %d colours, %d bytes", name, len(common), text.Len())
	if err := os.WriteFile(filepath.Join(root, ".github", name), text.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// coarse returns a colour with those that nobody tells from it made the same.
func coarse(c color.Color) color.RGBA {
	const step = 0xf8
	r, g, b, _ := c.RGBA()
	low := func(v uint32) uint8 { return uint8(v>>8)&step | uint8(v>>13) }
	return color.RGBA{low(r), low(g), low(b), 0xff}
}
