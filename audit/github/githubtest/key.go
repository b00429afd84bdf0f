// SPDX-License-Identifier: Apache-2.0

package githubtest

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"sync"
)

// anyKey is the key of every App whose world does not say one: to make one takes longer than most
// tests.
var anyKey = sync.OnceValues(newKey)

func newKey() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) }

// key returns the private key, and makes it if there is none. PKCS#1 and PKCS#8 are understood.
func (a *App) key() (*rsa.PrivateKey, error) {
	if a.parsed != nil {
		return a.parsed, nil
	}
	var err error
	if a.PrivateKey == "" {
		if a.OwnKey {
			a.parsed, err = newKey()
		} else {
			a.parsed, err = anyKey()
		}
		return a.parsed, err
	}
	block, _ := pem.Decode([]byte(a.PrivateKey))
	if block == nil {
		return nil, errors.New("githubtest: the App's private key is not PEM")
	}
	if a.parsed, err = x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return a.parsed, nil
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	var ok bool
	if a.parsed, ok = key.(*rsa.PrivateKey); !ok {
		return nil, errors.New("githubtest: the App's private key is not an RSA key")
	}
	return a.parsed, nil
}

func (a *App) keyPEM() ([]byte, error) {
	key, err := a.key()
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{
		Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key),
	}), nil
}
