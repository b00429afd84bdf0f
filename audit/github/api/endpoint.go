// SPDX-License-Identifier: Apache-2.0

package api

import (
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// Endpoint is where a GitHub's two APIs are.
type Endpoint struct {
	REST    *url.URL // with a trailing slash
	GraphQL *url.URL
	Host    string // what people call it: "github.com"
}

// ParseEndpoint returns the endpoint of https://host, https://host/api/v3 or https://api.host; of
// github.com for "". Plain http is accepted for loopback addresses only.
func ParseEndpoint(text string) (*Endpoint, error) {
	if text == "" {
		text = "https://api.github.com"
	}
	u, err := url.Parse(text)
	switch {
	case err != nil, u.Host == "", u.Opaque != "":
		return nil, fmt.Errorf("API URL %q is not of the form https://host", text)
	case u.User != nil:
		return nil, fmt.Errorf("API URL of %s carries a user name: leave it out", u.Host)
	case u.RawQuery != "", u.Fragment != "":
		return nil, fmt.Errorf("API URL %q has a query or a fragment: leave it out", text)
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return nil, fmt.Errorf("API URL %q would send credentials in the clear: use https", text)
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, fmt.Errorf("API URL %q is not of the form https://host", text)
	}
	u.Host = hostOf(u)
	host := u.Host
	switch host {
	case "www.github.com":
		host = "github.com"
	case "github.com":
	default:
		host = strings.TrimPrefix(host, "api.")
	}
	path := strings.TrimSuffix(u.Path, "/")
	atRoot := host == "github.com" || strings.HasSuffix(host, ".ghe.com") ||
		host != u.Host
	switch {
	case atRoot && path == "":
		root := &url.URL{Scheme: u.Scheme, Host: "api." + host, Path: "/"}
		return &Endpoint{REST: root, GraphQL: root.JoinPath("graphql"), Host: host}, nil
	case !atRoot && (path == "" || path == "/api" || path == "/api/v3"):
		root := &url.URL{Scheme: u.Scheme, Host: host, Path: "/api/"}
		return &Endpoint{
			REST: root.JoinPath("v3/"), GraphQL: root.JoinPath("graphql"), Host: host,
		}, nil
	}
	return nil, fmt.Errorf("API URL %q has a path that is no GitHub API's: use https://%s",
		text, host)
}

// holds reports whether u lies at the endpoint's origin: same scheme, host and port.
func (e *Endpoint) holds(u *url.URL) bool {
	return u.Scheme == e.REST.Scheme && hostOf(u) == e.REST.Host
}

// hostOf returns a URL's host in lower case, with its port unless that is the scheme's own.
func hostOf(u *url.URL) string {
	host := strings.ToLower(u.Host)
	if u.Scheme == "https" && u.Port() == "443" || u.Scheme == "http" && u.Port() == "80" {
		host = strings.TrimSuffix(host, ":"+u.Port())
	}
	return host
}

func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}

// sameOrigin refuses redirects to another origin, and too many of them.
func (e *Endpoint) sameOrigin(request *http.Request, via []*http.Request) error {
	switch {
	case !e.holds(request.URL):
		return &Error{Kind: Refused, Message: "GitHub redirects to another host: not followed"}
	case len(via) > maxRedirects:
		return &Error{Kind: Refused, Message: "GitHub redirects without end"}
	}
	return nil
}
