// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"errors"
	"fmt"
	"strings"
	"sync"
)

// Ending lets nothing that a command ends with be left half done: runs are saved in the history,
// then files are put into their places. Whoever interrupts waits until that is done, and is told
// what was.
type Ending struct {
	mu     sync.Mutex
	works  int      // how many do what must not be left half done
	worked bool     // somebody did when it was to be closed
	closed bool     // nobody begins any more
	past   bool     // runs are saved: the files have to follow
	saved  []string // "run 12 in pataudit.db"
}

// Begin reports whether there is time to do something whole. Then End has to follow.
func (e *Ending) Begin() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return false
	}
	e.works++
	return true
}

// End ends what Begin began.
func (e *Ending) End() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.works--
}

// Close lets nothing begin any more, and reports so. It does nothing if somebody works, or did
// when it was tried before: what follows takes its time, too.
func (e *Ending) Close() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	worked := e.worked
	e.worked = e.works > 0
	e.closed = !worked && !e.worked
	return e.closed
}

// AddSaved notes a run that was saved.
func (e *Ending) AddSaved(number int64, at fmt.Stringer) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.saved = append(e.saved, fmt.Sprintf("run %d in %s", number, at))
}

// Passed notes that runs are saved whose files have to follow.
func (e *Ending) Passed() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.past = true
}

// Late reports whether an interruption came too late: the command had done what it does.
func (u *UI) Late() bool {
	u.Ending.mu.Lock()
	defer u.Ending.mu.Unlock()
	return u.Ending.past || u.Files.Committed
}

// NoteInterrupted prints what an interruption left behind.
func (u *UI) NoteInterrupted() {
	words := "interrupted: no file was touched"
	switch files := len(u.Files.Files); {
	case u.Files.whole && files > 0:
		words = "interrupted: the files are written, and standard output is not whole"
	case u.Files.whole:
		words = "interrupted: standard output is not whole"
	case u.Files.Committed:
		words = "interrupted while the files were put into their places: look at them"
	}
	u.Ending.mu.Lock()
	defer u.Ending.mu.Unlock()
	if len(u.Ending.saved) == 0 {
		u.Errorf(words)
		return
	}
	u.Errorf(words+"; saved before: %s", strings.Join(u.Ending.saved, ", "))
}

// ErrInterrupted is the error of what was not begun, for the program ends.
var ErrInterrupted = errors.New("interrupted")
