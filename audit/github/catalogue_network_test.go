// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/api"
	"github.com/complytime/pataudit/audit/github/githubtest"
)

// This file has section E's redirects and what happens below HTTP.

// overTLS serves the same GitHub as https. There is no encryption: what would go to it in the
// clear is told by its address.
func overTLS(b *bench) {
	b.useHTTPS()
	transport := b.config.Base.(*http.Transport)
	dial := transport.DialContext
	transport.DialTLSContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return dial(ctx, network, "127.0.0.1:80")
	}
	transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		return dial(ctx, network, "in the clear to "+address)
	}
}

func (b *bench) useHTTPS() {
	endpoint, err := api.ParseEndpoint("https://127.0.0.1")
	if err != nil {
		b.t.Fatal(err)
	}
	b.config.Endpoint = endpoint
}

// redirected is a list that is said to be elsewhere: nobody goes there.
func redirected(name, to, words string, status, asked int) situation {
	return situation{
		name: name, exit: 1, words: words,
		faults: []githubtest.Fault{{Path: tokensPath, Redirect: to, Status: status}},
		holds: func(o *outcome) {
			if n := o.asked("/personal-access-tokens"); n != asked {
				o.t.Errorf("%d requests, not %d", n, asked)
			}
		},
	}
}

func downgraded() situation {
	s := redirected("http_downgrade", "http://127.0.0.1/api/v3"+tokensPath, "another host", 302, 1)
	s.bench = overTLS
	return s
}

// renamedOrganization is asked for by its former name, and audited under its present one.
func renamedOrganization(name string, use func(*bench)) situation {
	return situation{name: name, login: "oldtime", bench: use, world: func(w *githubtest.World) {
		w.Organizations[0].FormerLogins = []string{"oldtime"}
		bareToken(w)
	}, holds: func(o *outcome) {
		if login := o.run.Organization.Login; login != "complytime" {
			o.t.Errorf("audited %q", login)
		}
		for _, c := range o.run.Coverage {
			if c.Status != audit.Complete {
				o.t.Errorf("%+v", c)
			}
		}
	}}
}

// pageTwo is the list's second page.
func pageTwo() spot { return spots()[1] }

// stays is the second page's request that is answered by hand, each time.
func stays(name, words string, attempts int64, by http.RoundTripper) situation {
	var sent *atomic.Int64
	return situation{
		name: name, grants: 150, exit: 4, words: words,
		bench: func(b *bench) { sent = b.byHand(pageTwo().is, 0, by) },
		holds: func(o *outcome) {
			o.tokens(100)
			if n := sent.Load(); n != attempts {
				o.t.Errorf("%d attempts, not %d", n, attempts)
			}
		},
	}
}

// blowsOver is the same that is answered by hand once.
func blowsOver(name string, by http.RoundTripper) situation {
	return situation{
		name: name, grants: 150, max: time.Minute,
		bench: func(b *bench) { b.byHand(pageTwo().is, 1, by) },
		holds: func(o *outcome) { o.tokens(150) },
	}
}

// trickle writes a text again and again, with pauses, for as long as somebody reads.
func trickle(text string, pause time.Duration) func(net.Conn) {
	return func(conn net.Conn) {
		for {
			if _, err := io.WriteString(conn, text); err != nil {
				return
			}
			time.Sleep(pause)
		}
	}
}

func slowloris() situation {
	slow := handMade(func(conn net.Conn) {
		ok("", "Content-Length: 100000")(conn)
		trickle("[", time.Second)(conn)
	})
	return situation{name: "slowloris", variants: []situation{
		blowsOver("once", slow), stays("always", "no whole answer within 30s", 2, slow),
	}}
}

func endlessHeaders() situation {
	head := func(conn net.Conn) { _, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\n") }
	line := "X-More: " + strings.Repeat("x", 1000) + "\r\n"
	flood := handMade(func(conn net.Conn) { head(conn); trickle(line, 0)(conn) })
	slow := handMade(func(conn net.Conn) { head(conn); trickle(line, time.Second)(conn) })
	return situation{name: "headers_never_end", variants: []situation{
		blowsOver("once", flood), stays("always", "headers exceeded", 4, flood),
		stays("slowly", "no whole answer within 30s", 2, slow),
	}}
}

func resets() situation {
	before := handMade(func(net.Conn) {})
	after := handMade(ok("", "Content-Length: 100"))
	return situation{name: "connection_reset", variants: []situation{
		blowsOver("before_headers", before), blowsOver("after_headers", after),
		stays("always", "EOF", 4, before),
	}}
}

// cutOff is a GitHub that is not reached at all.
func cutOff(name, words string, attempts int64, base *http.Transport) situation {
	var sent *atomic.Int64
	return situation{
		name: name, exit: 1, words: words,
		bench: func(b *bench) {
			b.useHTTPS()
			sent = b.byHand(func(*http.Request) bool { return true }, 0, base)
		},
		holds: func(o *outcome) {
			if n := sent.Load(); n != attempts || o.asked() > 0 {
				o.t.Errorf("%d attempts, not %d", n, attempts)
			}
		},
	}
}

func tlsErrors() situation {
	dial := func(context.Context, string, string) (net.Conn, error) {
		client, server := net.Pipe()
		go func() {
			defer func() { _ = server.Close() }()
			_ = tls.Server(server, &tls.Config{Certificates: []tls.Certificate{unknownAuthority()}}).
				Handshake()
		}()
		return client, nil
	}
	untrusted := &http.Transport{
		DialContext: dial, TLSClientConfig: &tls.Config{RootCAs: x509.NewCertPool()},
	}
	none := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		client, server := net.Pipe()
		go func() { _, _ = io.Copy(io.Discard, server) }()
		go func() {
			_, _ = io.WriteString(server, "HTTP/1.1 400 Bad Request\r\n\r\n")
			_ = server.Close()
		}()
		return client, nil
	}}
	return situation{name: "TLS_error", variants: []situation{
		cutOff("untrusted", "--ca-file", 1, untrusted),
		cutOff("no_TLS", "does not look like a TLS handshake", 4, none),
	}}
}

// unknownAuthority is a certificate that vouches for itself.
func unknownAuthority() tls.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		panic(err)
	}
	return tls.Certificate{Certificate: [][]byte{certificate}, PrivateKey: key}
}

func dnsFailure() situation {
	lost := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.DNSError{Err: "no such host", Name: "ghe.example", IsNotFound: true}
	}}
	return situation{name: "DNS_failure", variants: []situation{
		blowsOver("once", lost), cutOff("always", "no such host", 4, lost),
	}}
}

// goAway is a connection of HTTP/2 that the server ends in the middle of a request.
func goAway() situation {
	const settings = "\x00\x00\x00\x04\x00\x00\x00\x00\x00"
	const bye = "\x00\x00\x08\x07\x00\x00\x00\x00\x00" + "\x00\x00\x00\x01" + "\x00\x00\x00\x00"
	over2 := handMade(func(conn net.Conn) {
		go func() { _, _ = io.Copy(io.Discard, conn) }()
		_, _ = io.WriteString(conn, settings)
		time.Sleep(time.Millisecond)
		_, _ = io.WriteString(conn, bye)
	})
	over2.Protocols = new(http.Protocols)
	over2.Protocols.SetUnencryptedHTTP2(true)
	return situation{name: "HTTP2_GOAWAY", variants: []situation{
		blowsOver("once", over2), stays("always", "GOAWAY", 4, over2),
	}}
}

func proxy407() situation {
	refuses := handMade(func(conn net.Conn) {
		_, _ = fmt.Fprint(conn, "HTTP/1.1 407 Proxy Authentication Required\r\n",
			"Proxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n")
	})
	refuses.Proxy = http.ProxyURL(&url.URL{Scheme: "http", Host: "proxy.example:3128"})
	return cutOff("proxy_407", "\"Proxy Authentication Required\", after 4 attempts (check the "+
		"network, a proxy in between", 4, refuses)
}

func captivePortal() situation {
	portal := body("<html><title>Welcome to the hotel</title></html>")
	return situation{
		name: "captive_portal_200", exit: 1, words: `"text/html", not JSON`, max: time.Minute,
		faults: []githubtest.Fault{{Body: portal, Header: header("Content-Type", "text/html")}},
	}
}
