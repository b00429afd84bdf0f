// SPDX-License-Identifier: Apache-2.0

package github

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"regexp"
	"strings"
)

// Secret is a text that is never shown.
type Secret string

const redacted = "[redacted]"

// String hides the secret.
func (Secret) String() string { return redacted }

// GoString hides the secret.
func (Secret) GoString() string { return redacted }

// MarshalText hides the secret.
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue hides the secret.
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// Credentials say who asks: a GitHub App, or one installation token of it.
type Credentials struct {
	Issuer       string // the App's id or client id; "" for a bare token
	Key          *rsa.PrivateKey
	Installation int64 // 0: looked up for each organization

	Token Secret // an installation token, if Issuer is ""
}

// ErrPersonalToken says why a person's token cannot list others' tokens.
var ErrPersonalToken = errors.New("this is a personal token, and GitHub lets only a GitHub App " +
	"list an organization's fine-grained tokens: `pataudit setup ORG` says how to create one")

var personal = regexp.MustCompile(`^(ghp_|github_pat_|gho_|[0-9a-f]{40}$)`)

// ParseToken takes an installation token. It checks the prefix only: GitHub changes the rest.
func ParseToken(text string) (Secret, error) {
	text = strings.TrimSpace(text)
	switch {
	case personal.MatchString(text):
		return "", ErrPersonalToken
	case strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' }):
		return "", errors.New("the token holds characters that no GitHub token has")
	}
	return Secret(text), nil
}

// maxKeySize is far above any RSA key in PEM.
const maxKeySize = 64 << 10

// ReadKey reads an App's private key from a file. It refuses a file that others may write; if
// others may read it, warning says so and how to mend it.
func ReadKey(path string) (key *rsa.PrivateKey, warning string, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, "", fmt.Errorf("reading the App's key: %w", err)
	}
	defer func() { _ = file.Close() }() // only read
	info, err := file.Stat()
	if err != nil {
		return nil, "", fmt.Errorf("reading the App's key: %w", err)
	}
	mode := info.Mode()
	switch {
	case !mode.IsRegular():
		return nil, "", fmt.Errorf("reading the App's key: %s is not a file", path)
	case mode.Perm()&0o022 != 0:
		return nil, "", fmt.Errorf("the App's key %s can be written by others (mode %04o): "+
			"chmod 600 %[1]s, and create a new key if you do not trust it", path, mode.Perm())
	case mode.Perm()&0o004 != 0:
		warning = fmt.Sprintf("the App's key %s can be read by everybody (mode %04o): chmod 600 %[1]s",
			path, mode.Perm())
	}
	text, err := io.ReadAll(io.LimitReader(file, maxKeySize))
	if err != nil {
		return nil, "", fmt.Errorf("reading the App's key: %w", err)
	}
	key, err = ParseKey(text)
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", path, err)
	}
	return key, warning, nil
}

// ParseKey reads an App's private key in PEM, as PKCS#1 (GitHub's download) or PKCS#8. Its errors
// never quote the text.
func ParseKey(text []byte) (*rsa.PrivateKey, error) {
	block, rest := pem.Decode(text)
	switch {
	case block == nil:
		return nil, errors.New("no private key in PEM form here: " +
			"use the .pem file that GitHub gave you when you generated the App's key")
	case len(strings.TrimSpace(string(rest))) > 0:
		return nil, errors.New("more than one private key here: keep the newest alone")
	case strings.Contains(block.Type, "ENCRYPTED") || block.Headers["DEK-Info"] != "":
		return nil, errors.New("the private key is encrypted: decrypt it first, " +
			"for example with openssl rsa")
	}
	if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return key, nil
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("the PEM block %q holds no RSA private key", block.Type)
	}
	key, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		return nil, errors.New("the private key is not an RSA key: GitHub Apps use RSA")
	}
	return key, nil
}
