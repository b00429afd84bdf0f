// SPDX-License-Identifier: Apache-2.0

package githubtest

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

const (
	maxRequestBody    = 1 << 20
	readHeaderTimeout = 30 * time.Second
)

// Server serves a world. It is an http.Handler, and may be used from several goroutines.
type Server struct {
	routes []route
	schema schema
	http   *http.Server

	mu       sync.Mutex // guards all that follows, and the world
	world    *World
	issued   map[string]*Token
	minted   int
	budgets  map[budgetKey]*budget
	recent   []time.Time // of requests in the last minute
	rendered map[renderedKey][]byte
	seen     map[string]int // requests by method and URL, for their ids
	log      []Entry
	inFlight int
	peak     int
}

// Entry is one request in the log.
type Entry struct {
	At         time.Time // when it came, by the server's clock
	Method     string
	URL        string // path and query, as they came
	Authorized bool   // whether it carried an Authorization header
	Status     int    // 0 while it is being answered, and if the connection was reset
}

// New makes a server of the world, and fills in what the world leaves out.
func New(w *World) (*Server, error) {
	if err := w.complete(); err != nil {
		return nil, err
	}
	s := &Server{
		world:    w,
		routes:   routes(),
		schema:   newSchema(),
		issued:   map[string]*Token{},
		budgets:  map[budgetKey]*budget{},
		rendered: map[renderedKey][]byte{},
		seen:     map[string]int{},
	}
	s.http = &http.Server{
		Handler:           s,
		ReadHeaderTimeout: readHeaderTimeout,
		ErrorLog:          log.New(io.Discard, "", 0), // faults are no news
	}
	return s, nil
}

// Start serves on a free port of the loopback interface, and gives the URL of its root.
func (s *Server) Start() (url string, err error) {
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	go func() { _ = s.Serve(listener) }()
	return "http://" + listener.Addr().String(), nil
}

// Serve serves on the listener until [Server.Close]. Its error is nil then.
func (s *Server) Serve(listener net.Listener) error {
	if err := s.http.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// Close closes all listeners and connections.
func (s *Server) Close() error { return s.http.Close() }

// KeyPEM returns the App's private key, which is made now if the world has none.
func (s *Server) KeyPEM() ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.world.App.keyPEM()
}

// Log returns the requests so far, in the order in which they came.
func (s *Server) Log() []Entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Entry(nil), s.log...)
}

// PeakInFlight is how many requests were in the server at once, at most.
func (s *Server) PeakInFlight() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.peak
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n, hook, latency := s.begin(r)
	defer s.end()
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequestBody))
	if err != nil {
		http.Error(w, "cannot read the request", http.StatusBadRequest)
		return
	}
	if hook != nil {
		hook(n, r)
	}
	if !sleep(r.Context(), latency) {
		panic(http.ErrAbortHandler)
	}
	a, fault := s.answer(r, body)
	s.record(n, a, fault)
	fault.send(w, r, a)
}

// begin enters the request in the log, and gives its number and what to do before the answer.
func (s *Server) begin(r *http.Request) (int, func(int, *http.Request), time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.inFlight++
	s.peak = max(s.peak, s.inFlight)
	s.log = append(s.log, Entry{
		At: s.world.Now(), Method: r.Method, URL: r.URL.RequestURI(),
		Authorized: r.Header.Get("Authorization") != "",
	})
	return len(s.log), s.world.OnRequest, time.Duration(s.world.Latency)
}

func (s *Server) record(n int, a answer, fault *Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if fault == nil || fault.Mode != ModeReset {
		s.log[n-1].Status = a.status
	}
}

func (s *Server) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.inFlight--
}

// answer computes the answer and the fault, if any, that it suffers.
func (s *Server) answer(r *http.Request, body []byte) (answer, *Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	path, rest := s.split(r.URL.EscapedPath())
	c := &call{
		server: s, world: s.world, request: r, body: body, now: s.world.Now().UTC(),
		base: baseOf(r) + path, header: http.Header{},
	}
	c.common()
	fault := s.strike(r, rest, body)
	if fault != nil && fault.replaces() {
		return fault.answer(c), fault
	}
	a := c.answer(rest)
	if fault != nil {
		a = fault.spoil(a)
	}
	return a, fault
}

// split takes the prefix of an Enterprise Server off the path. What a server does not serve is
// left as it is, and so not found.
func (s *Server) split(path string) (prefix, rest string) {
	switch rest, ok := strings.CutPrefix(path, enterprisePrefix+"/"); {
	case ok:
		return enterprisePrefix, "/" + rest
	case path == "/api/graphql":
		return enterprisePrefix, "/graphql"
	case s.world.Enterprise:
		return "", "/not-found"
	}
	return "", path
}

const enterprisePrefix = "/api/v3"

func baseOf(r *http.Request) string {
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// sleep waits, and reports whether it was not interrupted. A synctest bubble fakes it.
func sleep(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
