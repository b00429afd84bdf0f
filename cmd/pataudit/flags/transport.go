// SPDX-License-Identifier: Apache-2.0

package flags

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/url"
	"os"

	"golang.org/x/net/http/httpproxy"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"github.com/complytime/pataudit/audit/github/api"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// baseTransport returns the HTTP transport below everything of ours.
func baseTransport(caFile string, u *ui.UI) (http.RoundTripper, error) {
	transport := http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert // std
	transport.MaxIdleConnsPerHost = api.MaxConcurrency
	transport.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	transport.Proxy = proxyOf(httpproxy.FromEnvironment())
	if caFile == "" {
		return transport, nil
	}
	authorities, err := readAuthorities(caFile, u)
	if err != nil {
		return nil, err
	}
	transport.TLSClientConfig.RootCAs = authorities
	return transport, nil
}

// proxyOf chooses the proxy of a request as the environment names it. A name that cannot be read
// is an error where its proxy would be used: Go's own reading goes past it, and past the proxy.
func proxyOf(config *httpproxy.Config) func(*http.Request) (*url.URL, error) {
	const nowhere = "http://proxy.invalid"
	unread := map[string]string{}
	check := func(scheme, name string, address *string) {
		if *address != "" && !isProxy(*address) {
			unread[scheme], *address = name, nowhere
		}
	}
	check("https", "HTTPS_PROXY", &config.HTTPSProxy)
	check("http", "HTTP_PROXY", &config.HTTPProxy)
	choose := config.ProxyFunc()
	return func(request *http.Request) (*url.URL, error) {
		chosen, err := choose(request.URL)
		if name := unread[request.URL.Scheme]; chosen != nil && name != "" {
			return nil, &api.Error{Kind: api.Refused, Message: name + " cannot be read: write " +
				"http://HOST:PORT, and what is no letter or digit of a password in its %-form"}
		}
		return chosen, err
	}
}

// isProxy reports whether a text names a proxy, with or without http:// before it.
func isProxy(address string) bool {
	for _, text := range []string{address, "http://" + address} {
		if u, err := url.Parse(text); err == nil && u.Host != "" {
			return true
		}
	}
	return false
}

// readAuthorities returns the system's certificate authorities and those of a file. One that Go
// does not take is named.
func readAuthorities(path string, u *ui.UI) (*x509.CertPool, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading --ca-file: %w", err)
	}
	if _, err := x509.ParseCertificate(text); err == nil {
		return nil, fmt.Errorf("--ca-file %s is in DER (binary) form: "+
			"`openssl x509 -inform DER -in FILE -out ca.pem` writes it in PEM", path)
	}
	if plain, _, err := transform.Bytes(unicode.BOMOverride(transform.Nop), text); err == nil {
		text = plain
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool() // a system without any
	}
	var refused error
	n, added := 0, 0
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		n++
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			refused = fmt.Errorf("--ca-file %s: certificate %d cannot be used: %w", path, n, err)
			continue
		}
		pool.AddCert(certificate)
		added++
	}
	switch {
	case n == 0:
		return nil, fmt.Errorf("--ca-file %s holds no certificate in PEM", path)
	case added == 0:
		return nil, refused
	case refused != nil:
		u.Warnf("%v", refused)
	}
	return pool, nil
}
