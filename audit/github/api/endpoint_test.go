// SPDX-License-Identifier: Apache-2.0

package api

import "testing"

func TestParseEndpoint(t *testing.T) {
	tests := []struct{ text, rest, graphQL, host string }{
		{"", "https://api.github.com/", "https://api.github.com/graphql", "github.com"},
		{
			"https://api.github.com", "https://api.github.com/", "https://api.github.com/graphql",
			"github.com",
		},
		{
			"https://github.com/", "https://api.github.com/", "https://api.github.com/graphql",
			"github.com",
		},
		{
			"https://acme.ghe.com", "https://api.acme.ghe.com/", "https://api.acme.ghe.com/graphql",
			"acme.ghe.com",
		},
		{
			"https://api.acme.ghe.com/", "https://api.acme.ghe.com/",
			"https://api.acme.ghe.com/graphql", "acme.ghe.com",
		},
		{
			"https://ghe.example", "https://ghe.example/api/v3/", "https://ghe.example/api/graphql",
			"ghe.example",
		},
		{
			"https://GHE.example:8443/api/v3/", "https://ghe.example:8443/api/v3/",
			"https://ghe.example:8443/api/graphql", "ghe.example:8443",
		},
		{
			"http://127.0.0.1:8080", "http://127.0.0.1:8080/api/v3/",
			"http://127.0.0.1:8080/api/graphql", "127.0.0.1:8080",
		},
		{
			"http://[::1]:8080/api/v3", "http://[::1]:8080/api/v3/", "http://[::1]:8080/api/graphql",
			"[::1]:8080",
		},
		{
			"https://GHE.example:443/api/v3", "https://ghe.example/api/v3/",
			"https://ghe.example/api/graphql", "ghe.example",
		},
		{
			"https://github.com:443", "https://api.github.com/", "https://api.github.com/graphql",
			"github.com",
		},
		{
			"https://api.github.com:443/", "https://api.github.com/", "https://api.github.com/graphql",
			"github.com",
		},
		{
			"https://acme.ghe.com:443", "https://api.acme.ghe.com/", "https://api.acme.ghe.com/graphql",
			"acme.ghe.com",
		},
		{
			"http://[::1]:80", "http://[::1]/api/v3/", "http://[::1]/api/graphql", "[::1]",
		},
	}
	for _, test := range tests {
		e, err := ParseEndpoint(test.text)
		if err != nil {
			t.Errorf("%q: %v", test.text, err)
			continue
		}
		if e.REST.String() != test.rest || e.GraphQL.String() != test.graphQL ||
			e.Host != test.host {
			t.Errorf("%q: %s, %s, %s", test.text, e.REST, e.GraphQL, e.Host)
		}
	}
	for _, text := range []string{
		"http://ghe.example", "ftp://ghe.example", "ghe.example", "https://", "https://u:p@ghe.example",
		"https://ghe.example/some/where", "https://ghe.example?x=1", "https://ghe.example#x",
		"http://127.0.0.1.evil.example", "http://10.0.0.1", "::", "https://api.github.com/api/v3",
	} {
		if e, err := ParseEndpoint(text); err == nil {
			t.Errorf("%q was accepted: %s", text, e.REST)
		}
	}
}
