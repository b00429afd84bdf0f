// SPDX-License-Identifier: Apache-2.0

package flags

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github"
	"github.com/complytime/pataudit/audit/snapshot"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// OpenSnapshot returns what reads a snapshot that is to be judged. How far GitHub's clock was from
// ours was judged when it was collected; only from the future no evidence can be.
func OpenSnapshot(now time.Time) func(io.Reader, string) (*audit.Evidence, error) {
	return func(reader io.Reader, name string) (*audit.Evidence, error) {
		evidence, err := snapshot.Open(reader, name)
		if err != nil {
			return nil, err
		}
		if at := evidence.CollectedAt; at.After(now.Add(audit.SkewBelieved)) {
			return nil, fmt.Errorf("%s says that it was collected at %s, a day to come: it is %s by "+
				"this machine's clock; set the clock that is wrong, or collect it anew", name,
				at.UTC().Format(time.RFC3339), now.UTC().Format(time.RFC3339))
		}
		return evidence, nil
	}
}

// fileSource reads evidence from a snapshot, or from a bare list of grants.
type fileSource struct {
	name  string // "-" is standard input
	ui    *ui.UI
	login string // of the organization; a snapshot knows its own
	host  string
}

var _ audit.Source = (*fileSource)(nil)

// Collect reads the file. What is wrong with it is the user's to mend.
func (f *fileSource) Collect(ctx context.Context, _ audit.Facts) (*audit.Evidence, error) {
	evidence, err := f.read(ctx)
	if err != nil && ctx.Err() == nil {
		err = ui.Usage(err)
	}
	return evidence, err
}

func (f *fileSource) read(ctx context.Context) (*audit.Evidence, error) {
	reader, name := f.ui.In, StandardInput
	if f.name != "-" {
		file, err := os.Open(f.name)
		if err != nil {
			return nil, fmt.Errorf("reading evidence: %w", err)
		}
		defer func() { _ = file.Close() }() // only read
		reader, name = file, f.name
	}
	buffered, kind, err := Recognize(reader, name)
	switch {
	case err != nil:
		return nil, err
	case kind == SnapshotFile:
		return f.open(buffered, name)
	}
	if err := CheckKind(kind, SnapshotFile, name); err != nil {
		return nil, err
	}
	start, _ := buffered.Peek(1 << 10)
	if array := bytes.HasPrefix(bytes.TrimSpace(start), []byte("[")); f.login == "" && array {
		return nil, fmt.Errorf("%s is no snapshot; for a bare list of grants name the "+
			"organization, too: pataudit audit ORG --from %[1]s", name)
	}
	if f.login == "" {
		return nil, fmt.Errorf("%s is neither a snapshot nor a list of grants", name)
	}
	list := &github.List{Login: f.login, Host: f.host, Name: name, R: buffered}
	return list.Collect(ctx)
}

// Learn learns nothing: a file holds what it holds.
func (f *fileSource) Learn(
	context.Context, *audit.Evidence, []*audit.Token, audit.Facts,
) error {
	return nil
}

func (f *fileSource) open(reader io.Reader, name string) (*audit.Evidence, error) {
	evidence, err := OpenSnapshot(f.ui.Now())(reader, name)
	if err != nil {
		return nil, err
	}
	if o := evidence.Organization; f.login != "" && !o.Called(f.login) {
		return nil, fmt.Errorf("%s is a snapshot of %s, not of %s", name, o.Login, f.login)
	}
	return evidence, nil
}
