// SPDX-License-Identifier: Apache-2.0

package githubtest

import (
	"context"
	"net"
	"sync"
)

// Listener is a net.Listener in memory, whose connections are net.Pipes: goroutines that wait on
// one are durably blocked, so that testing/synctest can move its clock.
type Listener struct {
	connections chan net.Conn
	closed      chan struct{}
	close       sync.Once
}

// NewListener makes one that is open.
func NewListener() *Listener {
	return &Listener{connections: make(chan net.Conn), closed: make(chan struct{})}
}

// DialContext connects to the listener, whatever the address: for http.Transport.DialContext.
func (l *Listener) DialContext(ctx context.Context, _, _ string) (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case l.connections <- server:
		return client, nil
	case <-l.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Accept waits for the next connection.
func (l *Listener) Accept() (net.Conn, error) {
	select {
	case connection := <-l.connections:
		return connection, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close ends Accept and DialContext. Connections stay open.
func (l *Listener) Close() error {
	l.close.Do(func() { close(l.closed) })
	return nil
}

// Addr is no address that could be dialled otherwise.
func (l *Listener) Addr() net.Addr { return address{} }

type address struct{}

func (address) Network() string { return "pipe" }
func (address) String() string  { return "pipe" }
