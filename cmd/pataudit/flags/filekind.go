// SPDX-License-Identifier: Apache-2.0

package flags

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"github.com/complytime/pataudit/report"
	"github.com/complytime/pataudit/report/json"
	"github.com/complytime/pataudit/report/view"
)

// FileKind is what a file is, by how it begins.
type FileKind uint8

// The kinds.
const (
	otherFile FileKind = iota // none of these
	SnapshotFile
	ReportFile
	WorkbookFile
	SheetFile          // a spreadsheet in another form
	ArchiveFile        // with files within
	sortedSnapshotFile // a snapshot that lost its order
)

// StandardInput is what a file is called that has no name, but -.
const StandardInput = "standard input"

// begins has how the kinds of files begin that people take for one another.
var begins = map[FileKind]*regexp.Regexp{
	SnapshotFile: regexp.MustCompile(`^\s*\{\s*"snapshot"`),
	ReportFile: regexp.MustCompile(`^\s*\{\s*("version"\s*:\s*[0-9]+\s*,\s*"(tool|verdict)"|` +
		`"(as_of|audits)"\s*:)`), // the latter if its keys were sorted
	WorkbookFile: regexp.MustCompile(`(?s)^PK\x03\x04.{26}(\[Content_Types\]|_rels/|docProps/|xl/)`),
	SheetFile:    regexp.MustCompile(`(?s)^(PK\x03\x04.{26}mimetype|\x{d0}\x{cf}\x11\x{e0})`),
	ArchiveFile:  regexp.MustCompile(`(?s)^PK\x03\x04.{26}([^\[_dxm]|d[^o]|x[^l]|m[^i])`),
	sortedSnapshotFile: regexp.MustCompile(`^\s*\{\s*"(classic|collected_at|coverage|dropped|` +
		`manifest|members|organization|organization_repositories|permissions|repositories|` +
		`requests|tokens)"\s*:`),
}

// mostInflated bounds what is unpacked of a file that was compressed: far above any report, and
// the snapshot of 100,000 tokens.
const mostInflated = 1 << 30

// Recognize looks at the beginning of a file, and returns it to be read: unpacked if it was
// compressed by gzip, and as UTF-8 without a byte order mark if it has one, as Windows' shells
// and editors write.
func Recognize(file io.Reader, name string) (*bufio.Reader, FileKind, error) {
	const size = 1 << 16
	reader := bufio.NewReaderSize(file, size)
	if start, _ := reader.Peek(2); string(start) == "\x1f\x8b" {
		packed, err := gzip.NewReader(reader)
		if err != nil {
			return nil, otherFile, fmt.Errorf("unpacking %s: %w", name, err)
		}
		reader = bufio.NewReaderSize(&bounded{packed, mostInflated}, size)
	}
	switch start, _ := reader.Peek(3); {
	case string(start) == "\xef\xbb\xbf":
		_, _ = reader.Discard(len(start)) // it is there
	case len(start) > 1 && (string(start[:2]) == "\xff\xfe" || string(start[:2]) == "\xfe\xff"):
		decoder := unicode.BOMOverride(transform.Nop)
		reader = bufio.NewReaderSize(transform.NewReader(reader, decoder), size)
	case len(start) > 1 && (start[0] == 0) != (start[1] == 0):
		return nil, otherFile, fmt.Errorf("%s is in UTF-16 without a byte order mark: save it as "+
			"UTF-8", name)
	}
	start, err := reader.Peek(1 << 10)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, otherFile, fmt.Errorf("reading %s: %w", name, err)
	}
	return reader, kindOfStart(start), nil
}

// KindOfFile returns the kind of a file; otherFile if it cannot be read.
func KindOfFile(path string) FileKind {
	file, err := os.Open(path)
	if err != nil {
		return otherFile
	}
	defer func() { _ = file.Close() }() // only read
	_, kind, _ := Recognize(file, path)
	return kind
}

// kindOfStart returns a kind by how a file begins.
func kindOfStart(start []byte) FileKind {
	latin := make([]rune, min(len(start), 1<<10)) // a regular expression sees no broken UTF-8
	for i := range latin {
		latin[i] = rune(start[i])
	}
	for kind, beginning := range begins {
		if beginning.MatchString(string(latin)) {
			return kind
		}
	}
	return otherFile
}

// bounded fails when more is read than there may be. What compresses well could fill a disk.
type bounded struct {
	io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errors.New("unpacked, it is larger than 1 GiB: unpack it first, with gunzip")
	}
	n, err := b.Reader.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}

// CheckKind returns the error that a file is of another kind than the one that belongs here, and
// what to type for it; nil if it may be of the right one.
func CheckKind(got, want FileKind, name string) error {
	typed := view.ShellWord(name)
	if name == StandardInput {
		typed = "-"
	}
	if got == want {
		return nil
	}
	switch got {
	case SnapshotFile:
		return fmt.Errorf("%s is a snapshot, and no report: `pataudit audit --from %s -o audit.json` "+
			"makes one of it", name, typed)
	case ReportFile:
		return fmt.Errorf("%s is a report, and no evidence: `pataudit report %s` shows it; to judge "+
			"again takes the snapshot that `pataudit audit ORG --snapshot FILE` saves", name,
			typed)
	case WorkbookFile:
		return fmt.Errorf("%s is a workbook, which only `pataudit decide --from` reads: name the "+
			"JSON file beside it", name)
	case SheetFile:
		return fmt.Errorf("%s is a spreadsheet in another form: open it, and save it as .xlsx, "+
			"which `pataudit decide --from` reads", name)
	case ArchiveFile:
		return fmt.Errorf("%s is an archive (.zip): unpack it, and name the file in it", name)
	case sortedSnapshotFile:
		return fmt.Errorf("%s is a snapshot whose keys were sorted, or put in another order, as by "+
			"jq -S: name the file that pataudit wrote, whose digest reports tell", name)
	default:
		return nil
	}
}

// SnapshotPath refuses the path of another kind of file: who opens it later would be misled.
func SnapshotPath(path string) error {
	if format, err := report.Formats.ForPath(path); err == nil && format.Name != json.Format.Name {
		return fmt.Errorf("%s: a snapshot is JSON, and this is how a report in %s is named", path,
			format.Name)
	}
	return nil
}
