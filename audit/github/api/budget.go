// SPDX-License-Identifier: Apache-2.0

package api

import (
	"sync"
	"sync/atomic"
	"time"
)

// span is the time in which GitHub counts for its secondary limits.
const span = time.Minute

// window counts requests and summed response time in any minute. A request counts from when it is
// sent until a minute after its answer, so that no minute holds more than allowed, by whichever
// clock and end of the wire it is measured.
type window struct {
	requests int           // at most; 0: no bound
	busy     time.Duration // at most; 0: no bound

	ended  []answered // in the last minute, by time
	took   time.Duration
	begun  map[int]time.Time // in flight, by number
	number int
}

// answered is a request that has ended.
type answered struct {
	at   time.Time
	took time.Duration
}

// wait returns how long a request has to wait from now, unless an answer to one in flight comes to
// its help; zero: not at all.
func (w *window) wait(now time.Time) time.Duration {
	w.forget(now)
	switch {
	case !w.full(now):
		return 0
	case len(w.ended) == 0:
		return span
	}
	return w.ended[0].at.Add(span).Sub(now)
}

// full reports whether one more request would be too many.
func (w *window) full(now time.Time) bool {
	n := len(w.ended) + len(w.begun)
	if w.requests > 0 && n >= w.requests {
		return true
	}
	if w.busy == 0 || n == 0 {
		return false
	}
	return w.took+w.expected(now)+w.mean() > w.busy
}

// expected returns what those in flight will have taken: the usual, or what they have taken
// already.
func (w *window) expected(now time.Time) (sum time.Duration) {
	mean := w.mean()
	for _, begun := range w.begun {
		sum += max(mean, now.Sub(begun))
	}
	return sum
}

// mean returns the usual response time of the last minute.
func (w *window) mean() time.Duration {
	if len(w.ended) == 0 {
		return 0
	}
	return w.took / time.Duration(len(w.ended))
}

// send counts a request from now on.
func (w *window) send(now time.Time) (number int) {
	if w.begun == nil {
		w.begun = map[int]time.Time{}
	}
	w.number++
	w.begun[w.number] = now
	return w.number
}

// end counts the answer of a request, or its failure.
func (w *window) end(number int, now time.Time) {
	took := now.Sub(w.begun[number])
	delete(w.begun, number)
	w.ended = append(w.ended, answered{now, took})
	w.took += took
}

func (w *window) forget(now time.Time) {
	old := 0
	for old < len(w.ended) && now.Sub(w.ended[old].at) >= span {
		w.took -= w.ended[old].took
		old++
	}
	w.ended = w.ended[old:]
}

// patience is how long a run may wait for limits in all, by the clock on the wall: --max-wait.
// Organizations that wait at the same time spend it once.
type patience struct {
	mu    sync.Mutex
	left  time.Duration
	until time.Time // what is spent already allows for waiting until then
}

// allows reports whether a request may wait until an instant, and spends what that takes.
func (p *patience) allows(until, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	from := now
	if p.until.After(now) {
		from = p.until
	}
	more := until.Sub(from)
	if more <= 0 {
		return true
	}
	if more > p.left {
		return false
	}
	p.left, p.until = p.left-more, until
	return true
}

// remaining returns how long a request may wait from now on.
func (p *patience) remaining(now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.left + max(p.until.Sub(now), 0)
}

// retries is how often a whole run sends a request again that failed: so many times, and once more
// for every ten requests. Nil has no bound.
type retries struct {
	most       int64
	sent, used atomic.Int64
}

func (r *retries) request() {
	if r != nil {
		r.sent.Add(1)
	}
}

// take reports whether there is one left, and takes it.
func (r *retries) take() bool {
	const oneIn = 10
	if r == nil || r.used.Add(1) <= r.most+r.sent.Load()/oneIn {
		return true
	}
	r.used.Add(-1)
	return false
}
