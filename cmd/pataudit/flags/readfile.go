// SPDX-License-Identifier: Apache-2.0

package flags

import (
	"fmt"
	"io"
	"os"

	"github.com/complytime/pataudit/report/json"
)

// ReadText reads a file of a person's words: a policy, decisions, a baseline.
func ReadText(path, what string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", what, err)
	}
	for kind, name := range map[FileKind]string{
		SnapshotFile: "a snapshot", ReportFile: "a report", WorkbookFile: "a workbook",
		SheetFile: "a spreadsheet", ArchiveFile: "an archive (.zip)",
	} {
		if kindOfStart(text) == kind {
			return nil, fmt.Errorf("reading %s: %s is %s", what, path, name)
		}
	}
	return text, nil
}

// ReadFile opens a file of a kind for a reader that wants its name for errors.
func ReadFile[T any](
	path string, want FileKind, read func(io.Reader, string) (T, error),
) (got T, err error) {
	file, err := os.Open(path)
	if err != nil {
		return got, fmt.Errorf("reading: %w", err)
	}
	defer func() { _ = file.Close() }() // only read
	return readKind(file, path, want, read)
}

// readKind reads a file that is open already.
func readKind[T any](
	file io.Reader, name string, want FileKind, read func(io.Reader, string) (T, error),
) (got T, err error) {
	buffered, kind, err := Recognize(file, name)
	if err == nil {
		err = CheckKind(kind, want, name)
	}
	if err != nil {
		return got, err
	}
	return read(buffered, name)
}

// ReadReport reads a JSON report; - is standard input.
func ReadReport(path string, stdin io.Reader) (*json.Saved, error) {
	if path == "-" {
		return readKind(stdin, StandardInput, ReportFile, json.Read)
	}
	return ReadFile(path, ReportFile, json.Read)
}
