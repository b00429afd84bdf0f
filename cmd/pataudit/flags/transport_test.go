// SPDX-License-Identifier: Apache-2.0

package flags

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/http/httpproxy"
	"pgregory.net/rapid"

	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// TestProxyIsNeverPassed holds that whatever HTTPS_PROXY says, a request goes to a proxy or
// nowhere, and that no error shows its password.
func TestProxyIsNeverPassed(t *testing.T) {
	const password = "s3cret"
	request := httptest.NewRequest(http.MethodGet, "https://api.github.com/app", nil)
	inside := httptest.NewRequest(http.MethodGet, "https://ghe.test/app", nil)
	rapid.Check(t, func(t *rapid.T) {
		address := rapid.OneOf(
			rapid.StringMatching(`["' ]?(http://)?(user:[%#/ ]{0,2}s3cret@)?[a-z.]{1,9}(:[0-9a-z]{1,4})?`),
			rapid.StringMatching(`[ -~]{1,20}`),
		).Draw(t, "HTTPS_PROXY")
		choose := proxyOf(&httpproxy.Config{HTTPSProxy: address, NoProxy: "ghe.test"})
		proxy, err := choose(request)
		if proxy == nil && err == nil {
			t.Errorf("%q is passed", address)
		}
		if err != nil && strings.Contains(err.Error(), password) {
			t.Errorf("the password is shown: %v", err)
		}
		if proxy, err := choose(inside); proxy != nil || err != nil {
			t.Errorf("NO_PROXY does not count: %v, %v", proxy, err)
		}
	})
	_, err := proxyOf(&httpproxy.Config{HTTPSProxy: "http://user:s3%CRET@proxy:8080"})(request)
	if err == nil || !strings.Contains(err.Error(), "HTTPS_PROXY cannot be read") {
		t.Errorf("the error is %v", err)
	}
}

// TestAuthorities holds that a certificate that Go does not take is named, and no other is lost
// by it.
func TestAuthorities(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	authority, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: big.NewInt(5), NotAfter: time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC),
		IsCA: true, BasicConstraintsValid: true,
	}, &x509.Certificate{}, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	good := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: authority}))
	serial := bytes.Index(authority, []byte{2, 1, 5}) // an integer of one byte
	negative := bytes.Clone(authority)
	negative[serial+2] = 0xfb
	bad := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: negative}))
	for name, test := range map[string]struct{ text, err, warning string }{
		"good":          {text: good},
		"byte mark":     {text: "\ufeff" + good},
		"negative":      {text: bad, err: "certificate 1 cannot be used: x509: negative serial number"},
		"one of two":    {text: good + bad, warning: "certificate 2 cannot be used: x509: negative"},
		"DER":           {text: string(authority), err: "is in DER (binary) form: `openssl x509"},
		"none":          {text: "hello", err: "holds no certificate in PEM"},
		"a private key": {text: strings.ReplaceAll(good, "CERTIFICATE", "KEY"), err: "no certificate"},
	} {
		path := filepath.Join(t.TempDir(), "ca.pem")
		if err := os.WriteFile(path, []byte(test.text), 0o600); err != nil {
			t.Fatal(err)
		}
		var said bytes.Buffer
		_, err := readAuthorities(path, &ui.UI{Err: &said})
		if (err == nil) != (test.err == "") || err != nil && !strings.Contains(err.Error(), test.err) {
			t.Errorf("%s: %v", name, err)
		}
		if (test.warning == "") != (said.Len() == 0) || !strings.Contains(said.String(), test.warning) {
			t.Errorf("%s: the warning is %q", name, said.String())
		}
	}
}
