// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"

	"github.com/complytime/pataudit/report"
)

// fileKind is what a file is, by how it begins.
type fileKind uint8

const (
	otherFile fileKind = iota
	snapshotFile
	reportFile
	workbookFile
)

// standardInput is what a file is called that has no name, but -.
const standardInput = "standard input"

// begins tells the kinds of files that this program writes and reads.
var begins = map[fileKind]*regexp.Regexp{
	snapshotFile: regexp.MustCompile(`^\s*\{\s*"snapshot"`),
	reportFile:   regexp.MustCompile(`^\s*\{\s*"version"\s*:\s*[0-9]+\s*,\s*"(tool|verdict)"`),
	workbookFile: regexp.MustCompile(`^PK\x03\x04`),
}

// fileKindOf looks at the beginning of a file, and leaves it to be read, but for a byte order
// mark.
func fileKindOf(reader *bufio.Reader, name string) (fileKind, error) {
	const mark = "\xef\xbb\xbf"
	if start, _ := reader.Peek(len(mark)); string(start) == mark {
		_, _ = reader.Discard(len(mark)) // it is there
	}
	start, err := reader.Peek(1 << 10)
	if err != nil && !errors.Is(err, io.EOF) {
		return otherFile, fmt.Errorf("reading %s: %w", name, err)
	}
	for kind, beginning := range begins {
		if beginning.Match(start) {
			return kind, nil
		}
	}
	return otherFile, nil
}

// otherKind says that a file is of another kind than the one that belongs here, and what to type
// for it; nil if it may be of the right one.
func otherKind(got, want fileKind, name string) error {
	typed := report.ShellWord(name)
	if name == standardInput {
		typed = "-"
	}
	if got == want {
		return nil
	}
	switch got {
	case snapshotFile:
		return fmt.Errorf("%s is a snapshot, and no report: `pataudit audit --from %s -o audit.json` "+
			"makes one of it", name, typed)
	case reportFile:
		return fmt.Errorf("%s is a report, and no evidence: `pataudit report %s` shows it; to judge "+
			"again takes the snapshot that `pataudit audit ORG --snapshot FILE` saves", name,
			typed)
	case workbookFile:
		return fmt.Errorf("%s is a workbook, which only `pataudit decide --from` reads: name the "+
			"JSON file beside it", name)
	default:
		return nil
	}
}

// snapshotPath refuses the path of another kind of file: who opens it later would be misled.
func snapshotPath(path string) error {
	if format, err := report.ForPath(path); err == nil && format.Name != report.JSON.Name {
		return fmt.Errorf("%s: a snapshot is JSON, and this is how a report in %s is named", path,
			format.Name)
	}
	return nil
}

// readText reads a file of a person's words: a policy, decisions, a baseline.
func readText(path, what string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", what, err)
	}
	for kind, name := range map[fileKind]string{
		snapshotFile: "a snapshot", reportFile: "a report", workbookFile: "a workbook",
	} {
		if begins[kind].Match(text) {
			return nil, fmt.Errorf("reading %s: %s is %s", what, path, name)
		}
	}
	return text, nil
}

// readFile opens a file of a kind for a reader that wants its name for errors.
func readFile[T any](
	path string, want fileKind, read func(io.Reader, string) (T, error),
) (got T, err error) {
	file, err := os.Open(path)
	if err != nil {
		return got, fmt.Errorf("reading: %w", err)
	}
	defer func() { _ = file.Close() }() // only read
	return readKind(file, path, want, read)
}

// readKind is readFile for what is open already.
func readKind[T any](
	file io.Reader, name string, want fileKind, read func(io.Reader, string) (T, error),
) (got T, err error) {
	buffered := bufio.NewReaderSize(file, 1<<16)
	kind, err := fileKindOf(buffered, name)
	if err == nil {
		err = otherKind(kind, want, name)
	}
	if err != nil {
		return got, err
	}
	return read(buffered, name)
}
