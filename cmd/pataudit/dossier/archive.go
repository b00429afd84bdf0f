// SPDX-License-Identifier: Apache-2.0

package dossier

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"time"

	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/report/encode"
)

// archive writes a zip file of which every byte follows from what is put in, with the sums of all.
type archive struct {
	zip   *zip.Writer
	files []archived
}

// archived is a file of the archive, as the manifest has it.
type archived struct {
	Path   string `json:"path"`
	Size   int    `json:"size"`
	SHA256 string `json:"sha256"`
}

func newArchive(w io.Writer) *archive { return &archive{zip: zip.NewWriter(w)} }

// add puts in what a function writes, dated by what it is about.
func (a *archive) add(path string, at time.Time, write func(io.Writer) error) error {
	header := &zip.FileHeader{Name: path, Method: zip.Deflate, Modified: at.UTC()}
	header.SetMode(0o600)
	file, err := a.zip.CreateHeader(header)
	sum := &counter{sum: sha256.New()}
	if err == nil {
		err = write(io.MultiWriter(file, sum))
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	a.files = append(a.files, archived{path, sum.bytes, hex.EncodeToString(sum.sum.Sum(nil))})
	return nil
}

// addDocument puts in a document of a run.
func (a *archive) addDocument(path string, at time.Time, d *history.Document) error {
	return a.add(path, at, func(w io.Writer) error {
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

// close ends the archive with the sums of its files: a manifest for programs, and one that
// sha256sum -c reads, which holds the manifest's as well.
func (a *archive) close(at time.Time) error {
	manifest := struct {
		Version int        `json:"version"`
		Files   []archived `json:"files"`
	}{1, a.files}
	if err := a.add("MANIFEST.json", at, func(w io.Writer) error {
		return encode.Value(w, manifest)
	}); err != nil {
		return err
	}
	if err := a.add("SHA256SUMS", at, func(w io.Writer) (err error) {
		for _, file := range a.files {
			if err == nil {
				_, err = fmt.Fprintf(w, "%s  %s\n", file.SHA256, file.Path)
			}
		}
		return err
	}); err != nil {
		return err
	}
	return a.zip.Close()
}
