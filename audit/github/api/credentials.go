// SPDX-License-Identifier: Apache-2.0

package api

import (
	"crypto/rsa"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
)

// Secret is a text that is never shown.
type Secret string

const redacted = "[redacted]"

// String returns a placeholder in place of the secret.
func (Secret) String() string { return redacted }

// GoString returns a placeholder in place of the secret.
func (Secret) GoString() string { return redacted }

// MarshalText returns a placeholder in place of the secret.
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue returns a placeholder in place of the secret.
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// Credentials are who asks: a GitHub App, or one installation token of it.
type Credentials struct {
	Issuer       string // the App's id or client id; "" for a bare token
	Key          *rsa.PrivateKey
	Installation int64 // 0: looked up for each organization

	Token Secret // an installation token, if Issuer is ""
}

var personal = regexp.MustCompile(`^(ghp_|github_pat_|gho_|[0-9a-f]{40}$)`)

// ParseToken returns an installation token, or an error that does not show it. It checks the
// prefix only: GitHub changes the rest.
func ParseToken(text string) (Secret, error) {
	text = strings.TrimSpace(text)
	switch {
	case personal.MatchString(text):
		return "", errors.New("this is a personal token, and GitHub lets only a GitHub App list an " +
			"organization's fine-grained tokens: `pataudit setup ORG` says how to create one")
	case quoted.MatchString(text):
		return "", errors.New("the token is in quotation marks: leave them out")
	case strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' }):
		return "", errors.New("the token holds characters that no GitHub token has")
	}
	return Secret(text), nil
}

// appID is an App's id, and clientID what GitHub recommends in its place.
var (
	appID    = regexp.MustCompile(`^[1-9][0-9]{0,17}$`)
	clientID = regexp.MustCompile(`^Iv[0-9A-Za-z.]+$`)
	rewrote  = regexp.MustCompile(`^[0-9.]+([eE][+-]?[0-9]+|\.[0-9]*)$`)
	quoted   = regexp.MustCompile("^[\"'`].*[\"'`]$")
)

// ParseIssuer returns an App's id or client id, or an error that says where to find it. White
// space around it does not count.
func ParseIssuer(text string) (string, error) {
	const where = "the App's settings page shows its id, which is digits, and its client id, Iv…"
	text = strings.TrimSpace(text)
	switch {
	case appID.MatchString(text), clientID.MatchString(text):
		return text, nil
	case rewrote.MatchString(text):
		return "", fmt.Errorf("%.40q is an App's id that a program took for a number and rewrote, as "+
			"Helm does: write the id as text there, in quotation marks, or use the client id", text)
	case quoted.MatchString(text):
		return "", fmt.Errorf("the id is in quotation marks: leave them out (%s)", where)
	case looksSecret(text):
		return "", fmt.Errorf("this is a key or a token, and not an App's id: %s", where)
	}
	return "", fmt.Errorf("%.40q is no App's id: %s", text, where)
}

// looksSecret reports whether a text may be a key or a token, which no error shows.
func looksSecret(text string) bool {
	const longest = 64 // of what else is typed here: a name, the address of a page
	return len(text) > longest || strings.Contains(text, "-----") || secretForm.MatchString(text)
}

// secretForm is that of GitHub's tokens and client secrets, and of base64.
var secretForm = regexp.MustCompile(`^(gh[a-z]_|github_pat_|[0-9A-Za-z+/=]{32,}$)`)

// secrets are the forms of what a server might send back to us: GitHub's tokens, old and new, JSON
// Web Tokens, and private keys. A cut one is still one.
var secrets = regexp.MustCompile(`gh[a-z]_[A-Za-z0-9._-]{4,}|github_pat_[A-Za-z0-9_]+|` +
	`eyJ[A-Za-z0-9_-]{8,}[A-Za-z0-9._-]*|-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*`)

// HideSecrets returns a text that came from outside without these credentials of ours, and without
// what has the form of a secret.
func HideSecrets(text string, known ...string) string {
	for _, authorization := range known {
		if value := strings.TrimPrefix(authorization, "Bearer "); value != "" {
			text = strings.ReplaceAll(text, value, redacted)
		}
	}
	return secrets.ReplaceAllString(text, redacted)
}
