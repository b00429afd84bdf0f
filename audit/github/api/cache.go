// SPDX-License-Identifier: Apache-2.0

package api

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"math"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// Bounds of one organization's cache. What was not asked for in a month is dropped, then what was
// not for the longest time.
const (
	maxCached = 1 << 30 // bytes, compressed
	cachedFor = 30 * 24 * time.Hour
)

// cache keeps the bodies of answers between runs, in one folder per organization. GitHub is asked
// each time whether a body still stands: the ETag that it would have is computed from the body as
// it was read back and the headers of this very request, after GitHub's way, which an outsider
// found out and GitHub does not document. So a body that was changed in the cache, by whomever,
// is sent again, and if GitHub changes its way, every body is.
//
// An ETag does not cover the Link header, so only what has none is kept: lists of a single page,
// and what is no list. One that may fill its page is not asked about: it may have got a second one
// since. How much a page of this server holds at least, the lists of this very run have shown.
//
// The methods of a nil cache do nothing. It is never closed: nothing is ever pending in it.
//
// Its folder is opened for each question: an audit of many organizations has many caches.
type cache struct {
	dir  string
	part string // the organization's folder within it
	now  func() time.Time
	log  *slog.Logger
	size atomic.Int64 // bytes
	page atomic.Int64 // the most items that a page of this run held
}

// openCache returns the part of a cache that belongs to one organization as one installation of
// one App sees it. Only the owner can read it: it names people and private repositories.
func openCache(
	dir string, now func() time.Time, log *slog.Logger, part ...string,
) (*cache, error) {
	sum := sha256.Sum256([]byte(strings.Join(part, "\x00")))
	name := hex.EncodeToString(sum[:16])
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("opening the cache: %w", err)
	}
	parent, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("opening the cache: %w", err)
	}
	defer func() { _ = parent.Close() }() // only looked up in
	if err := parent.Mkdir(name, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("opening the cache: %w", err)
	}
	if err := parent.Chmod(name, 0o700); err != nil {
		return nil, fmt.Errorf("opening the cache: nobody else may read %s: %w", name, err)
	}
	c := &cache{dir: dir, part: name, now: now, log: log}
	if err := c.within(c.prune); err != nil {
		log.Warn("cache", "error", err.Error())
	}
	return c, nil
}

// within opens the organization's folder for as long as something is done in it.
func (c *cache) within(do func(root *os.Root) error) error {
	parent, err := os.OpenRoot(c.dir)
	if err != nil {
		return err
	}
	defer func() { _ = parent.Close() }() // only looked up in
	root, err := parent.OpenRoot(c.part)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }() // likewise
	return do(root)
}

// prune drops what is old or too much.
func (c *cache) prune(root *os.Root) error {
	entries, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		return err
	}
	var files []fs.FileInfo
	for _, entry := range entries {
		if info, err := entry.Info(); err == nil { // else another run has dropped it
			files = append(files, info)
		}
	}
	slices.SortFunc(files, func(a, b fs.FileInfo) int { return b.ModTime().Compare(a.ModTime()) })
	for _, file := range files {
		if c.size.Add(file.Size()) > maxCached || c.now().Sub(file.ModTime()) > cachedFor {
			c.size.Add(-file.Size())
			if err := root.RemoveAll(file.Name()); err != nil {
				return err
			}
		}
	}
	return nil
}

// recall returns the body that was kept for a request, and makes the request ask whether it still
// stands; nil if there is none.
func (c *cache) recall(request *http.Request) []byte {
	if c == nil || request.Method != http.MethodGet || request.Header.Get("If-None-Match") != "" {
		return nil
	}
	body, err := c.read(keyOf(request))
	if err != nil || len(body) == 0 || c.mayGoOn(body) {
		return nil
	}
	request.Header.Set("If-None-Match", ExpectedETag(request.Header, body))
	return body
}

// has reports whether something is kept for a request, be it worth anything or not.
func (c *cache) has(path string) bool {
	if c == nil {
		return false
	}
	return c.within(func(root *os.Root) error {
		_, err := root.Stat(keyOfURL(path))
		return err
	}) == nil
}

func (c *cache) read(key string) (body []byte, err error) {
	err = c.within(func(root *os.Root) error {
		body, err = readCached(root, key)
		return err
	})
	return body, err
}

func readCached(root *os.Root, key string) ([]byte, error) {
	// What is no file, but a pipe say, must not keep anybody waiting.
	file, err := root.OpenFile(key, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // only read
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, fs.ErrInvalid
	}
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(unzipped, MaxBody))
}

// store writes the body of a good answer. It is written in place, for a file that was cut short,
// or written by two runs at once, is like one that was tampered with: GitHub does not confirm it.
// A cache that cannot be written is no reason to fail.
func (c *cache) store(request *http.Request, a *answer) {
	if c == nil || request.Method != http.MethodGet || a.status != http.StatusOK ||
		len(a.header.Values("Link")) > 0 {
		return
	}
	key := keyOf(request)
	var err error
	if a.confirmed {
		err = c.within(func(root *os.Root) error {
			return root.Chtimes(key, c.now(), c.now()) // it is still of use
		})
	} else {
		err = c.write(key, a.body)
	}
	if err != nil {
		c.log.Warn("cache", "error", err.Error())
	}
}

func (c *cache) write(key string, body []byte) error {
	var zipped bytes.Buffer
	zip, err := gzip.NewWriterLevel(&zipped, gzip.BestSpeed)
	if err != nil {
		return err
	}
	if _, err := zip.Write(body); err != nil {
		return err
	}
	if err := zip.Close(); err != nil {
		return err
	}
	if c.size.Add(int64(zipped.Len())) > maxCached {
		return fmt.Errorf("it is full: %d MiB", maxCached>>20)
	}
	return c.within(func(root *os.Root) error {
		// A new file has the mode that is asked for, whatever was there.
		if err := root.RemoveAll(key); err != nil {
			return err
		}
		return root.WriteFile(key, zipped.Bytes(), 0o600)
	})
}

// keyOf returns the name of a request's file, which holds none of the request's words.
func keyOf(request *http.Request) string { return keyOfURL(request.URL.RequestURI()) }

func keyOfURL(uri string) string {
	sum := sha256.Sum256([]byte(uri))
	return hex.EncodeToString(sum[:])
}

// saw notes how many items a page held.
func (c *cache) saw(items int) {
	if c == nil {
		return
	}
	for most := c.page.Load(); int64(items) > most; most = c.page.Load() {
		if c.page.CompareAndSwap(most, int64(items)) {
			return
		}
	}
}

// mayGoOn reports whether a body is a list that may fill its page, so that nothing but a Link
// header could show that it ends.
func (c *cache) mayGoOn(body []byte) bool {
	return jsontext.Value(body).Kind() == jsontext.KindBeginArray &&
		int64(elements(body)) >= c.page.Load()
}

// elements counts the elements of a JSON array; of one that is cut short it returns more than any
// page has.
func elements(body []byte) (n int) {
	decoder := jsontext.NewDecoder(bytes.NewReader(body))
	if _, err := decoder.ReadToken(); err != nil {
		return math.MaxInt
	}
	for decoder.PeekKind() != jsontext.KindEndArray {
		if decoder.SkipValue() != nil {
			return math.MaxInt
		}
		n++
	}
	return n
}

// ExpectedETag returns the ETag that GitHub makes of a body: a SHA-256 of the values of the three
// headers by which its answers vary, each followed by a colon, and the body.
func ExpectedETag(request http.Header, body []byte) string {
	sum := sha256.New()
	for _, name := range []string{"Accept", "Authorization", "Cookie"} {
		for _, value := range request.Values(name) {
			sum.Write([]byte(value + ":"))
		}
	}
	sum.Write(body)
	return `"` + hex.EncodeToString(sum.Sum(nil)) + `"`
}
