// SPDX-License-Identifier: Apache-2.0

package githubtest

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// What GitHub says of an App's JWT that it does not take.
const (
	jwtUndecodable = "A JSON web token could not be decoded"
	jwtExpired     = "'Expiration time' claim ('exp') must be a numeric value representing the " +
		"future time at which the assertion expires"
	jwtTooLong = "'Expiration time' claim ('exp') is too far in the future"
	jwtIssued  = "'Issued at' claim ('iat') must be an Integer representing the time that the " +
		"assertion was issued"
	jwtUnknown = "Integration not found"
	suspended  = "This installation has been suspended"

	maxJWTLife = 10 * time.Minute
)

// credential is what the Authorization header carries, without its scheme.
func credential(r *http.Request) string {
	scheme, value, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if strings.EqualFold(scheme, "bearer") || strings.EqualFold(scheme, "token") {
		return value
	}
	return ""
}

// authenticate checks the credential that the route asks for.
func (c *call) authenticate() (a answer, refused bool) {
	value := credential(c.request)
	if c.route.app {
		c.who = "app"
		if message := c.checkJWT(value); message != "" {
			return c.failure(http.StatusUnauthorized, message), true
		}
		return answer{}, false
	}
	if value == "" {
		return c.failure(http.StatusUnauthorized, needsCredentials), true
	}
	token := c.server.token(value)
	if token == nil || !token.ExpiresAt.IsZero() && !c.now.Before(token.ExpiresAt) {
		return c.failure(http.StatusUnauthorized, badCredentials), true
	}
	c.token = token
	c.who = "installation of " + token.Organization
	if in := c.world.App.installation(token.installation); in != nil {
		c.who = "installation ID " + strconv.FormatInt(in.ID, 10)
		if in.Suspended {
			return c.failure(http.StatusForbidden, suspended), true
		}
	}
	return answer{}, false
}

// token finds an installation token; nil if it was never made, or was revoked.
func (s *Server) token(value string) *Token {
	if t := s.issued[value]; t != nil {
		return t
	}
	for _, t := range s.world.Tokens {
		if t.Value == value {
			return t
		}
	}
	return nil
}

// checkJWT verifies the App's JWT; it gives GitHub's words if it is not good.
func (c *call) checkJWT(jwt string) string {
	parts := strings.Split(jwt, ".")
	if len(parts) != 3 {
		return jwtUndecodable
	}
	var header struct {
		Algorithm string `json:"alg"`
	}
	var claims struct {
		Issuer  json.RawMessage `json:"iss"` // a number or a string
		Issued  *float64        `json:"iat"`
		Expires *float64        `json:"exp"`
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil || !decodePart(parts[0], &header) || !decodePart(parts[1], &claims) ||
		header.Algorithm != "RS256" {
		return jwtUndecodable
	}
	switch now := float64(c.now.Unix()); {
	case claims.Issued == nil || *claims.Issued > now:
		return jwtIssued
	case claims.Expires == nil || *claims.Expires <= now:
		return jwtExpired
	case *claims.Expires > now+maxJWTLife.Seconds():
		return jwtTooLong
	}
	app := c.world.App
	issuer := strings.Trim(string(claims.Issuer), `"`)
	if issuer != strconv.FormatInt(app.ID, 10) && issuer != app.ClientID {
		return jwtUnknown
	}
	key, err := app.key()
	if err != nil {
		return jwtUndecodable
	}
	hash := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if rsa.VerifyPKCS1v15(&key.PublicKey, crypto.SHA256, hash[:], signature) != nil {
		return jwtUndecodable
	}
	return ""
}

func decodePart(part string, v any) bool {
	data, err := base64.RawURLEncoding.DecodeString(part)
	return err == nil && json.Unmarshal(data, v) == nil
}

// may reports whether the token may read what the permission is about.
func (c *call) may(permission string) bool {
	return permission == "" || c.token != nil && c.token.Permissions[permission] != ""
}

// reaches reports whether the token may see the repository.
func (t *Token) reaches(o *Organization, r *Repository) bool {
	if !o.isCalled(t.Organization) || t.Permissions[permissionMetadata] == "" {
		return false
	}
	return t.Selection != "selected" || containsFold(t.Repositories, r.Name)
}

func containsFold(names []string, name string) bool {
	for _, n := range names {
		if strings.EqualFold(n, name) {
			return true
		}
	}
	return false
}
