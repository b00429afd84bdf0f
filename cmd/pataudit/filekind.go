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
	reportFile:   regexp.MustCompile(`^\s*\{\s*"version"`),
	workbookFile: regexp.MustCompile(`^PK\x03\x04`),
}

// fileKindOf looks at the beginning of a file, and leaves it to be read, but for a byte order mark.
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
	switch {
	case got == want:
		return nil
	case got == snapshotFile:
		return fmt.Errorf("%s is a snapshot, and no report: `pataudit audit --from %s -o audit.json` "+
			"makes one of it", name, typed)
	case got == reportFile:
		return fmt.Errorf("%s is a report, and no evidence: `pataudit report %s` shows it; to judge "+
			"again takes the snapshot that `pataudit audit ORG --snapshot FILE` saves", name,
			typed)
	case got == workbookFile:
		return fmt.Errorf("%s is a workbook, which only `pataudit decide --from` reads: name the "+
			"JSON file beside it", name)
	}
	return nil
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
