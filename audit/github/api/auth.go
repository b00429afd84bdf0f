// SPDX-License-Identifier: Apache-2.0

package api

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"
)

// Times of GitHub's credentials, from its documentation.
const (
	jwtPast      = time.Minute     // "60 seconds in the past to protect against clock drift"
	jwtLife      = 9 * time.Minute // at most ten; a lagging clock at GitHub's end needs one
	refreshEarly = 5 * time.Minute // of an installation token, which lives an hour
	freshFor     = 5 * time.Second // GitHub may not know a token everywhere before
	freshTries   = 2               // of one request, meanwhile
	clockSlack   = 30 * time.Second
)

// appAuth signs requests as the App itself.
type appAuth struct {
	issuer string
	key    *rsa.PrivateKey
	now    func() time.Time
	log    *slog.Logger

	mu   sync.Mutex
	skew time.Duration // GitHub's clock less ours, learned when it matters
}

func (a *appAuth) authorize(context.Context) (string, error) {
	a.mu.Lock()
	now := a.now().Add(a.skew)
	a.mu.Unlock()
	jwt, err := signJWT(a.issuer, a.key, now)
	if err != nil {
		return "", errors.New("the App's key cannot sign") // never with the key's words
	}
	return "Bearer " + jwt, nil
}

// refused learns how far GitHub's clock is from ours, and reports whether to try again with it:
// another request may have learned it since this one was signed.
func (a *appAuth) refused(_ string, answer *answer, tries int) (time.Duration, bool) {
	server := answer.date()
	if answer.status != http.StatusUnauthorized || tries > 0 || server.IsZero() {
		return 0, false
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	skew := server.Sub(a.now())
	if max(skew.Abs(), a.skew.Abs()) < clockSlack {
		return 0, false
	}
	if a.skew == 0 {
		a.log.Warn("this machine's clock is off", "by", -skew)
	}
	a.skew = skew
	return 0, true
}

// signJWT returns a JSON Web Token, signed with RS256 (RFC 7519), as GitHub asks for it.
func signJWT(issuer string, key *rsa.PrivateKey, now time.Time) (string, error) {
	claims, err := json.Marshal(map[string]any{
		"iss": issuer,
		"iat": now.Add(-jwtPast).Unix(),
		"exp": now.Add(jwtLife).Unix(),
	})
	if err != nil {
		return "", err
	}
	encode := base64.RawURLEncoding.EncodeToString
	text := encode([]byte(`{"alg":"RS256","typ":"JWT"}`)) + "." + encode(claims)
	digest := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, digest[:])
	if err != nil {
		return "", err
	}
	return text + "." + encode(signature), nil
}

// Minted is an installation token, with its times by our own clock.
type Minted struct {
	Value     string // of the Authorization header
	At, Until time.Time
}

// installationAuth keeps one installation's token fresh. One mint serves all who wait; nobody
// waits longer than its own context.
type installationAuth struct {
	mint func(ctx context.Context) (*Minted, error)
	now  func() time.Time

	lock  chan struct{} // held to look at token or change it: a mutex that heeds contexts
	token *Minted
}

func newInstallationAuth(
	now func() time.Time, mint func(context.Context) (*Minted, error),
) *installationAuth {
	return &installationAuth{mint: mint, now: now, lock: make(chan struct{}, 1)}
}

func (i *installationAuth) authorize(ctx context.Context) (string, error) {
	select {
	case i.lock <- struct{}{}:
		defer func() { <-i.lock }()
	case <-ctx.Done():
		return "", ctx.Err()
	}
	if i.token == nil || !i.now().Before(i.token.Until.Add(-refreshEarly)) {
		token, err := i.mint(ctx)
		if err != nil {
			return "", err
		}
		i.token = token
	}
	return i.token.Value, nil
}

// refused reports whether to try again, and after how long: a fresh token is forgiven for a few
// seconds, and the one that GitHub no longer takes is dropped. The next token is forgiven, too,
// and is the last.
func (i *installationAuth) refused(value string, a *answer, tries int) (time.Duration, bool) {
	i.lock <- struct{}{}
	defer func() { <-i.lock }()
	current := i.token != nil && i.token.Value == value
	unauthorized := a.status == http.StatusUnauthorized
	patience := freshTries
	if unauthorized {
		patience = freshTries + 1
	}
	switch {
	case tries > patience:
		return 0, false
	case tries < patience && current && i.now().Sub(i.token.At) < freshFor:
		return time.Duration(tries+1) * time.Second, true
	case !unauthorized:
		return 0, false
	case current && (tries == 0 || tries == patience):
		i.token = nil
		return 0, true
	}
	return 0, tries == 0 // another request has had the token renewed
}

// known returns the token that is in use; "" if there is none.
func (i *installationAuth) known() string {
	i.lock <- struct{}{}
	defer func() { <-i.lock }()
	if i.token == nil {
		return ""
	}
	return i.token.Value
}

// known returns nothing: a JSON Web Token is recognized by its form.
func (*appAuth) known() string { return "" }

// bareAuth is one installation token that we cannot renew. The workflow may have made it a moment
// before the run began.
type bareAuth struct {
	token Secret
	now   func() time.Time
	begun time.Time // the run
}

func (b bareAuth) authorize(context.Context) (string, error) { return b.known(), nil }

func (b bareAuth) known() string { return "Bearer " + string(b.token) }

// refused reports whether to try again, and after how long, as for a fresh token that we made.
func (b bareAuth) refused(_ string, _ *answer, tries int) (time.Duration, bool) {
	return time.Duration(tries+1) * time.Second, tries < freshTries &&
		b.now().Sub(b.begun) < freshFor
}
