// SPDX-License-Identifier: Apache-2.0

package dossier

import (
	"archive/zip"
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"time"

	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/encode"
)

// archive writes a zip file of which every byte follows from what is put in, with the sums of all.
type archive struct {
	zip   *zip.Writer
	files []archived
	err   error // the first: nothing more is put in
}

// archived is a file of the archive, as the manifest has it.
type archived struct {
	Path   string `json:"path"`
	Size   int    `json:"size"`
	SHA256 string `json:"sha256"`
}

// add puts in what a function writes, dated by what it is about.
func (a *archive) add(path string, at time.Time, write func(io.Writer) error) {
	if a.err != nil {
		return
	}
	header := &zip.FileHeader{Name: path, Method: zip.Deflate, Modified: at.UTC()}
	header.SetMode(0o600)
	file, err := a.zip.CreateHeader(header)
	sum := &counter{sum: sha256.New()}
	if err == nil {
		err = write(io.MultiWriter(file, sum))
	}
	if err != nil {
		a.err = fmt.Errorf("%s: %w", path, err)
		return
	}
	a.files = append(a.files, archived{path, sum.bytes, hex.EncodeToString(sum.sum.Sum(nil))})
}

// addDocument puts in a document of a run.
func (a *archive) addDocument(path string, at time.Time, d *history.Document) {
	a.add(path, at, func(w io.Writer) error {
		r, err := d.Reader()
		if err == nil {
			_, err = io.Copy(w, r)
		}
		return err
	})
}

// counter counts and sums up what is written to it.
type counter struct {
	sum   hash.Hash
	bytes int
}

func (c *counter) Write(p []byte) (int, error) {
	c.bytes += len(p)
	return c.sum.Write(p)
}

// close ends the archive, unless something could not be put in, with the sums of its files: a
// manifest for programs, and one that sha256sum -c reads, which holds the manifest's as well.
func (a *archive) close(at time.Time) error {
	manifest := struct {
		Version int        `json:"version"`
		Files   []archived `json:"files"`
	}{1, a.files}
	a.add("MANIFEST.json", at, func(w io.Writer) error { return encode.Value(w, manifest) })
	var sums bytes.Buffer
	for _, file := range a.files {
		fmt.Fprintf(&sums, "%s  %s\n", file.SHA256, file.Path)
	}
	a.add("SHA256SUMS", at, ui.Bytes(sums.Bytes()))
	return cmp.Or(a.err, a.zip.Close())
}
