// SPDX-License-Identifier: Apache-2.0

package githubtest_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit/github/githubtest"
)

// sign makes a JWT.
func sign(t *testing.T, key *rsa.PrivateKey, header, claims string) string {
	t.Helper()
	encode := base64.RawURLEncoding.EncodeToString
	text := encode([]byte(header)) + "." + encode([]byte(claims))
	hash := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, hash[:])
	if err != nil {
		t.Fatal(err)
	}
	return text + "." + encode(signature)
}

func appKey(t *testing.T, s *githubtest.Server) *rsa.PrivateKey {
	t.Helper()
	text, err := s.KeyPEM()
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(text)
	key, err := x509.ParsePKCS1PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestJWT(t *testing.T) {
	s, _ := serve(t, world(`{}`))
	key := appKey(t, s)
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	const rs256 = `{"alg":"RS256","typ":"JWT"}`
	claims := func(iat, exp int, iss string) string {
		now := int(start.Unix())
		return fmt.Sprintf(`{"iat":%d,"exp":%d,"iss":%s}`, now+iat, now+exp, iss)
	}
	for _, test := range []struct {
		name, header, claims string
		key                  *rsa.PrivateKey
		status               int
		part                 string
	}{
		{"good", rs256, claims(-60, 540, "1234567"), key, 200, `"slug":"pataudit"`},
		{"issuer as text", rs256, claims(-60, 540, `"1234567"`), key, 200, ""},
		{"client id", rs256, claims(-60, 540, `"Iv23lipataudittest"`), key, 200, ""},
		{"ten minutes", rs256, claims(0, 600, "1234567"), key, 200, ""},
		{"too long", rs256, claims(-60, 601, "1234567"), key, 401, "too far in the future"},
		{"expired", rs256, claims(-600, 0, "1234567"), key, 401, "must be a numeric value"},
		{"issued later", rs256, claims(1, 540, "1234567"), key, 401, "'Issued at' claim"},
		{"another App", rs256, claims(-60, 540, "7"), key, 401, "Integration not found"},
		{"another key", rs256, claims(-60, 540, "1234567"), other, 401, "could not be decoded"},
		{"no algorithm", `{"alg":"none"}`, claims(-60, 540, "1"), key, 401, "could not be decoded"},
	} {
		t.Run(test.name, func(t *testing.T) {
			jwt := sign(t, test.key, test.header, test.claims)
			r := do(t, s, "GET /app", "Authorization", "Bearer "+jwt)
			expect(t, r, test.status, test.part)
			if got := r.Header.Get("Date"); got != "Sun, 22 Nov 2026 06:00:00 GMT" {
				t.Errorf("Date is %q", got)
			}
		})
	}
	r := do(t, s, "GET /app", "Authorization", "Bearer ghs_x")
	expect(t, r, 401, "A JSON web token could not be decoded")
}

func jwtFor(t *testing.T, s *githubtest.Server, now time.Time) string {
	t.Helper()
	return "Bearer " + sign(t, appKey(t, s), `{"alg":"RS256"}`, fmt.Sprintf(
		`{"iat":%d,"exp":%d,"iss":1234567}`, now.Unix()-60, now.Unix()+300))
}

func TestInstallationToken(t *testing.T) {
	s, c := serve(t, world(`{"repositories": ["a", "b"]}`))
	jwt := jwtFor(t, s, c.Time)
	found := expect(t, do(t, s, "GET /orgs/complytime/installation", "Authorization", jwt), 200, "")
	var installation struct{ ID int }
	if err := json.Unmarshal(found, &installation); err != nil {
		t.Fatal(err)
	}
	expect(t, do(t, s, "GET /orgs/nobody/installation", "Authorization", jwt), 404, "Not Found")
	path := fmt.Sprintf("/app/installations/%d/access_tokens", installation.ID)
	mint := func(body string, status int, part string, header ...string) string {
		t.Helper()
		r := do(t, s, "POST "+path+" "+body, append([]string{"Authorization", jwt}, header...)...)
		var token struct{ Token string }
		if err := json.Unmarshal(expect(t, r, status, part), &token); err != nil {
			t.Fatal(err)
		}
		return "Bearer " + token.Token
	}
	mint(`{"permissions":{"contents":"read"}}`, 422, "not granted to this installation")
	mint(`{"permissions":{"members":"write"}}`, 422, "not granted to this installation")
	mint(`{"repositories":["c"]}`, 422, "at least one repository")
	narrow := mint(`{"permissions":{"members":"read"}}`, 201, `"metadata":"read"`)
	one := mint(`{"repositories":["b"]}`, 201, `"repository_selection":"selected"`)
	whole := mint("", 201, `"expires_at":"2026-11-22T07:00:00Z"`)
	short := mint("", 201, "", "X-GitHub-Stateless-S2S-Token", "disabled")
	if len(whole) < 500 || strings.Count(whole, ".") != 2 || len(short) != len("Bearer ghs_")+36 {
		t.Errorf("tokens of %d and %d characters", len(whole), len(short))
	}

	expect(t, do(t, s, "GET "+listed, "Authorization", narrow), 403, "not accessible")
	expect(t, do(t, s, "GET /installation/repositories", "Authorization", one), 200,
		`"total_count":1,"repository_selection":"selected"`)
	expect(t, do(t, s, "GET "+listed, "Authorization", whole), 200, "[]")
	c.Time = start.Add(time.Hour - time.Second)
	expect(t, do(t, s, "GET "+listed, "Authorization", whole), 200, "[]")
	expect(t, do(t, s, "DELETE /installation/token", "Authorization", short), 204, "")
	expect(t, do(t, s, "GET "+listed, "Authorization", short), 401, "Bad credentials")
	c.Time = start.Add(time.Hour)
	expect(t, do(t, s, "GET "+listed, "Authorization", whole), 401, "Bad credentials")
}

func TestSuspended(t *testing.T) {
	s, c := serve(t, `{"app": {"installations": [{"id": 7, "suspended": true}]},
		"organizations": [{}]}`)
	jwt := jwtFor(t, s, c.Time)
	expect(t, do(t, s, "GET /app/installations", "Authorization", jwt), 200, `"suspended_at":"2026`)
	expect(t, do(t, s, "POST /app/installations/7/access_tokens", "Authorization", jwt), 403,
		"This installation has been suspended")
}

func TestRefusals(t *testing.T) {
	s, _ := serve(t, `{"tokens": [
		{"value": "ghs_script"}, {"value": "ghs_workflow", "permissions": {"metadata": "read"}}
	], "organizations": [{"login": "complytime"}, {"login": "other", "id": 2}]}`)
	r := do(t, s, "GET "+listed, "Authorization", "Bearer ghs_workflow")
	expect(t, r, 403, `{"message":"Resource not accessible by integration","documentation_url":`)
	want := "organization_personal_access_tokens=read"
	if got := r.Header.Get("X-Accepted-GitHub-Permissions"); got != want {
		t.Errorf("accepted permissions: %q, want %q", got, want)
	}
	expect(t, do(t, s, "GET "+listed, "Authorization", "Bearer ghs_no"), 401, "Bad credentials")
	expect(t, do(t, s, "GET "+listed, "Authorization", ""), 401, "Requires authentication")
	expect(t, do(t, s, "GET "+listed, "Authorization", "token "+script), 200, "[]")
	expect(t, do(t, s, "GET "+listed, "User-Agent", ""), 403, "administrative rules")
	expect(t, do(t, s, "GET "+listed, "X-GitHub-Api-Version", "2020-01-01"), 400, "not supported")
	expect(t, do(t, s, "GET /orgs/other/personal-access-tokens"), 404, "Not Found")
	expect(t, do(t, s, "GET /orgs/other"), 200, `"login":"other"`)
	expect(t, do(t, s, "GET "+listed+"/"), 404, "Not Found")
	expect(t, do(t, s, "GET "+listed+"?last_used_before=x"), 501, "does not filter")
	expect(t, do(t, s, "GET "+listed+"?direction=up"), 422, "")
}
