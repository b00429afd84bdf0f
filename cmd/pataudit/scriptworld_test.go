// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"net"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/complytime/pataudit/audit/github/githubtest"
)

// This file is about the world in which scripts run: GitHub, and the clock.

// clockVariable says how far the clock of the program under test is from the real one. Only this
// test binary knows it.
const clockVariable = "PATAUDIT_TEST_CLOCK"

// program is main, with the clock of the script's world.
func program() {
	now := time.Now
	if text := os.Getenv(clockVariable); text != "" {
		off, err := time.ParseDuration(text)
		if err != nil {
			panic(err)
		}
		now = func() time.Time { return time.Now().Add(off) }
	}
	abort()
	os.Exit(run(context.Background(), os.Args, now, os.Stdin, os.Stdout, os.Stderr))
}

// scriptServers holds each script's server, by its folder.
type scriptServers struct {
	mu      sync.Mutex
	running map[string]*scriptServer
}

type scriptServer struct {
	*githubtest.Server
	world    *githubtest.World
	listener net.Listener
	later    time.Duration // than this machine's clock
}

func (s *scriptServers) github(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: github WORLD.json")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	s.serve(ts, args[0], listener, 0)
}

// becomes gives the running GitHub another world, at the same address and a week later, or so much
// later as is said.
func (s *scriptServers) becomes(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: becomes WORLD.json [LATER]")
	}
	later := 7 * 24 * time.Hour
	if len(args) == 2 {
		var err error
		later, err = time.ParseDuration(args[1])
		ts.Check(err)
	}
	s.mu.Lock()
	running := s.running[ts.Getenv("WORK")]
	s.mu.Unlock()
	// A second descriptor keeps the port, which other scripts could get in between.
	socket, err := running.listener.(*net.TCPListener).File()
	ts.Check(err)
	defer func() { ts.Check(socket.Close()) }()
	ts.Check(running.Close())
	listener, err := net.FileListener(socket)
	ts.Check(err)
	s.serve(ts, args[0], listener, running.later+later)
}

// serve serves a world, so much later than now.
func (s *scriptServers) serve(
	ts *testscript.TestScript, path string, listener net.Listener, later time.Duration,
) {
	now := func() time.Time { return time.Now().Add(later) }
	world, err := githubtest.Read(strings.NewReader(ts.ReadFile(path)), now)
	ts.Check(err)
	server, err := githubtest.New(world)
	ts.Check(err)
	go func() { _ = server.Serve(listener) }()
	url := "http://" + listener.Addr().String()
	ts.Defer(func() { _ = server.Close() })
	key, err := server.KeyPEM()
	ts.Check(err)
	keyPath := ts.MkAbs("app.pem")
	ts.Check(os.WriteFile(keyPath, key, 0o600))
	ts.Setenv(clockVariable, time.Until(world.Now()).String())
	ts.Setenv("GITHUB_API_URL", url)
	ts.Setenv("PATAUDIT_APP_ID", strconv.FormatInt(world.App.ID, 10))
	ts.Setenv("PATAUDIT_APP_KEY_FILE", keyPath)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running[ts.Getenv("WORK")] = &scriptServer{server, world, listener, later}
}

func (s *scriptServers) clock(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: clock OFF")
	}
	off, err := time.ParseDuration(args[0])
	ts.Check(err)
	s.mu.Lock()
	defer s.mu.Unlock()
	ts.Setenv(clockVariable, (time.Until(s.running[ts.Getenv("WORK")].world.Now()) + off).String())
}

// evidence collects that of a world. Each world's GitHub has a port of its own: the host is made
// the same.
func (s *scriptServers) evidence(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: evidence WORLD.json EVIDENCE.json [FLAG...]")
	}
	ours := ts.Getenv(clockVariable)
	s.github(ts, false, args[:1])
	ts.Check(ts.Exec("pataudit",
		append([]string{"collect", "complytime", "-o", args[1]}, args[2:]...)...))
	ts.Setenv(clockVariable, ours) // evidence is judged when it is of the past
	host := regexp.MustCompile(`"host":"[^"]*"`)
	text := host.ReplaceAllString(ts.ReadFile(args[1]), `"host":"github.com"`)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(text), 0o600))
}

func (s *scriptServers) requests(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: requests N [PATTERN]")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, entry := range s.running[ts.Getenv("WORK")].Log() {
		if len(args) == 1 || strings.Contains(entry.URL, args[1]) {
			n++
		}
	}
	if strconv.Itoa(n) != args[0] {
		ts.Fatalf("%d requests, want %s", n, args[0])
	}
}
