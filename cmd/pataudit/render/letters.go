// SPDX-License-Identifier: Apache-2.0

package render

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/letters"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

// folder is where letters go. The zero value writes none.
type folder struct {
	path    string
	letters []*letters.Letter
	unowned int
	stale   []string // letters of an earlier run that go; of those in paths none
}

// folder prepares the letters, if they are asked for.
func (r *Rendering) folder(u *ui.UI, document *view.Document) (*folder, error) {
	if r.Letters == "" {
		return &folder{}, nil
	}
	if r.Redact {
		return nil, fmt.Errorf("--owners writes to people, and %s leaves them out",
			u.Setting("redact"))
	}
	if info, err := os.Stat(r.Letters); err == nil && !info.IsDir() {
		return nil, fmt.Errorf("--owners %s is not a folder", r.Letters)
	}
	if r.Prefill {
		warnPrefill(u, document)
	}
	letters, unowned, err := letters.Of(document)
	if err != nil {
		return nil, fmt.Errorf("--owners: %w", err)
	}
	if p := ui.PlaceOf(r.AllowPublic); p.Public && len(r.Outputs) == 0 {
		p.Warn(u) // else it was said of those
	}
	for _, l := range letters {
		l.Prefill = r.Prefill
	}
	f := &folder{path: r.Letters, letters: letters, unowned: unowned}
	if err := f.findOld(); err != nil {
		return nil, err
	}
	return f, nil
}

// warnPrefill names the hosts that have no prefilled form.
func warnPrefill(u *ui.UI, document *view.Document) {
	warned := map[string]bool{}
	for _, run := range document.Runs {
		if host := run.Organization.Host; !letters.Prefills(host) && !warned[host] {
			warned[host] = true
			u.Warnf("--prefill: GitHub documents no prefilled form on %s; its letters list the settings "+
				"alone", safe.Terminal(host))
		}
	}
}

// paths returns those of the letters, and of their index at the end.
func (f *folder) paths() (paths []string) {
	if f.path == "" {
		return nil
	}
	for _, l := range f.letters {
		paths = append(paths, filepath.Join(f.path, l.File()))
	}
	return append(paths, filepath.Join(f.path, letters.Index))
}

// write writes the letters beside their places, one after another: there may be more of them than
// a program may hold open.
func (f *folder) write(ctx context.Context, files *ui.Files) error {
	if f.path == "" {
		return nil
	}
	if err := os.Mkdir(f.path, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("making the folder for the letters: %w", err)
	}
	for i, path := range f.paths() {
		if err := ctx.Err(); err != nil {
			return err
		}
		write := func(w io.Writer) error { return letters.WriteIndex(w, f.letters) }
		if i < len(f.letters) {
			write = f.letters[i].Write
		}
		if err := files.Add(path, write); err != nil {
			return err
		}
	}
	files.Earlier = func() ([]string, error) {
		err := f.findOld() // again: another run may have written meanwhile
		return f.stale, err
	}
	return nil
}

// findOld looks for letters of an earlier run, which its index names, and refuses a folder with a
// file that could be taken for one: it is not ours to remove, and would be sent.
func (f *folder) findOld() error {
	entries, err := os.ReadDir(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("--owners: %w", err)
	}
	named, err := f.index()
	if err != nil {
		return fmt.Errorf("--owners: %s is not a list of letters as pataudit writes it (%w): move it "+
			"away, or name another folder", filepath.Join(f.path, letters.Index), err)
	}
	f.stale = nil
	written := setOf(f.paths())
	ours := setOf(named)
	for _, entry := range entries {
		path := filepath.Join(f.path, entry.Name())
		switch {
		case !letters.IsFile(entry.Name()):
		case !entry.Type().IsRegular() || !ours[entry.Name()]:
			return fmt.Errorf("--owners: %s looks like a letter, and %s does not name it as one: move "+
				"it away, or name another folder", path, letters.Index)
		case !written[path]:
			f.stale = append(f.stale, path)
		}
	}
	return nil
}

func setOf(names []string) map[string]bool {
	set := make(map[string]bool, len(names))
	for _, name := range names {
		set[name] = true
	}
	return set
}

// index returns the names of the letters that an earlier run wrote. What is no file is no index.
func (f *folder) index() (files []string, err error) {
	path := filepath.Join(f.path, letters.Index)
	if info, err := os.Lstat(path); err != nil || !info.Mode().IsRegular() {
		return nil, nil // as [ui.Files] says, if that is in the way
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	files, err = letters.ReadIndex(file)
	return files, errors.Join(err, file.Close())
}

// note prints what was written, and removed.
func (f *folder) note(u *ui.UI) {
	if f.path == "" {
		return
	}
	removed := ""
	if n := u.Files.Removed; n > 0 {
		removed = fmt.Sprintf("; removed %s of an earlier run", safe.Plural(n, "letter"))
	}
	if len(f.letters) == 0 {
		u.Notef("%s: no letters: no owner that is known has something to do%s", f.path, removed)
	} else {
		u.Notef("%s: %s, and %s, which says whose they are%s", f.path,
			safe.Plural(len(f.letters), "letter"), letters.Index, removed)
	}
	orphaned := 0
	for _, l := range f.letters {
		if l.Orphaned {
			orphaned++
		}
	}
	if orphaned > 0 {
		u.Warnf("%s to a bot itself, for who answers for it has left the organization: name another "+
			"contact in the registry", safe.Plural(orphaned, "letter"))
	}
	if n := f.unowned; n == 1 {
		u.Warnf("1 token needs something to be done, and has no owner that is known")
	} else if n > 1 {
		u.Warnf("%d tokens need something to be done, and have no owner that is known", n)
	}
}
