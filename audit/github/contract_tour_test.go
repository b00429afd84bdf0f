// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit/github/githubtest"
)

// The credentials of a tour.
const (
	fullToken  = "ghs_full"  // may read everything
	poorToken  = "ghs_poor"  // may read nothing
	spareToken = "ghs_spare" // to be revoked
)

// tour asks every endpoint of githubtest, and for every kind of refusal.
func tour(t *testing.T) []*recorded {
	w := &githubtest.World{
		Now:           time.Now,
		Organizations: []*githubtest.Organization{{}},
		RateLimit:     githubtest.RateLimit{Core: 5000},
	}
	_, key := testKey()
	w.App = &githubtest.App{ID: 4711, PrivateKey: key}
	longLists(w)
	onEnterpriseCloud(w)
	w.App.Installations = append(
		w.App.Installations, &githubtest.Installation{Organization: "complytime"},
		&githubtest.Installation{Organization: "complytime", Suspended: true},
	)
	o := w.Organizations[0]
	o.TwoFactorRequired = new(false)
	w.Tokens = []*githubtest.Token{
		tourToken(o), {Value: poorToken, Permissions: map[string]string{}}, {Value: spareToken},
	}
	v := visit(t, w)
	jwt := appJWT(t)
	for _, route := range githubtest.Routes() {
		method, pattern, _ := strings.Cut(route, " ")
		if pattern == "/graphql" {
			continue // only the client's own queries say what has to be answered
		}
		credential := fullToken
		switch {
		case method == http.MethodDelete:
			credential = spareToken
		case strings.HasPrefix(pattern, "/app"), strings.HasSuffix(pattern, "/installation"):
			credential = jwt
		}
		v.round(o, method, pattern, credential)
	}
	mint := "/app/installations/42001/access_tokens"
	v.ask(http.MethodPost, mint, jwt, `{"permissions": {"contents": "write"}}`)
	v.ask(http.MethodPost, mint, jwt, `{"repositories": ["repository-1"]}`)
	v.ask(http.MethodPost, "/app/installations/42002/access_tokens", jwt, "")
	v.ask(http.MethodGet, "/app/installations/42002", jwt, "")
	v.ask(http.MethodGet, "/rate_limit", fullToken, "", "X-GitHub-Api-Version", "2026-03-10")
	return v.kept
}

// tourToken may read all that is described to be read.
func tourToken(o *githubtest.Organization) *githubtest.Token {
	permissions := githubtest.AuditPermissions()
	maps.Copy(permissions, map[string]string{"organization_administration": "read"})
	return &githubtest.Token{Value: fullToken, Organization: o.Login, Permissions: permissions}
}

// round asks one endpoint in every way.
func (v *visitor) round(o *githubtest.Organization, method, pattern, credential string) {
	target := fill(pattern, o)
	first := v.ask(method, target, credential, "")
	if first.status >= http.StatusMultipleChoices {
		v.t.Errorf("%s %s: %d %s", method, target, first.status, first.answer)
	}
	v.ask(method, target, "", "")
	v.ask(method, target, poorToken, "")
	v.ask(method, strings.NewReplacer("{org}", "nobody", "{id}", "1", "{login}", "nobody",
		"{grant}", "1", "{installation}", "1").Replace(pattern), credential, "")
	if method != http.MethodGet {
		return
	}
	v.ask(method, target, credential, "", "If-None-Match", first.header.Get("Etag"))
	v.ask(method, target+"?per_page=100&page=2", credential, "")
	v.ask(method, target+"?per_page=100&page=9", credential, "")
	v.ask(method, target+"?sort=name", credential, "")
}

// fill puts what there is in the places of a pattern's {names}.
func fill(pattern string, o *githubtest.Organization) string {
	grant := int64(0)
	switch {
	case strings.Contains(pattern, "token-requests/{grant}") && len(o.Requests) > 0:
		grant = o.Requests[0].ID
	case len(o.Grants) > 0:
		grant = o.Grants[0].ID
	}
	login := "nobody"
	if len(o.Members) > 0 {
		login = o.Members[0].Login
	}
	return strings.NewReplacer("{org}", o.Login, "{id}", strconv.FormatInt(o.ID, 10),
		"{login}", login, "{grant}", strconv.FormatInt(grant, 10),
		"{installation}", "42001").Replace(pattern)
}

// appJWT signs as App 4711.
func appJWT(t *testing.T) string {
	key, _ := testKey()
	encode := base64.RawURLEncoding.EncodeToString
	now := time.Now().Unix()
	text := encode([]byte(`{"alg":"RS256"}`)) + "." +
		encode(fmt.Appendf(nil, `{"iss":"4711","iat":%d,"exp":%d}`, now-60, now+60))
	digest := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	return text + "." + encode(signature)
}
