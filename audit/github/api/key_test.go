// SPDX-License-Identifier: Apache-2.0

package api_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit/github/api"
)

// testKey is one App's key for all tests: making one takes long. It is short, as none is broken
// here.
var testKey = sync.OnceValues(func() (*rsa.PrivateKey, string) {
	key, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		panic(err)
	}
	block := &pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}
	return key, string(pem.EncodeToMemory(block))
})

// keyForms are what editors, secret stores and shells make of a key that can still be read.
var keyForms = map[string]func(string) string{
	"as it is":       func(s string) string { return s },
	"CRLF":           func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
	"CR":             func(s string) string { return strings.ReplaceAll(s, "\n", "\r") },
	"a CR at end":    func(s string) string { return s + "\r" },
	`literal \n`:     func(s string) string { return strings.ReplaceAll(s, "\n", `\n`) },
	`literal \r\n`:   func(s string) string { return strings.ReplaceAll(s, "\n", `\r\n`) },
	"blanks":         func(s string) string { return strings.ReplaceAll(s, "\n", " ") },
	"indented":       func(s string) string { return strings.ReplaceAll(s, "\n", "\n    ") },
	"quoted":         func(s string) string { return `"` + s + `"` },
	"single quotes":  func(s string) string { return "'" + s + "'" },
	"BOM":            func(s string) string { return "\ufeff" + s },
	"base64":         func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
	"a comment":      func(s string) string { return "# for audits\n" + s + "\n# the App's key\n" },
	"public key too": func(s string) string { return s + "\n" + publicKey + "\n" },
	"UTF-16LE":       func(s string) string { return inUTF16(unicode.LittleEndian, s) },
	"UTF-16BE":       func(s string) string { return inUTF16(unicode.BigEndian, s) },
}

const publicKey = "-----BEGIN PUBLIC KEY-----\nMFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAK==\n" +
	"-----END PUBLIC KEY-----"

func inUTF16(order unicode.Endianness, s string) string {
	encoded, err := unicode.UTF16(order, unicode.UseBOM).NewEncoder().String(s)
	if err != nil {
		panic(err)
	}
	return encoded
}

// TestKeyForms holds that a key is read in each form, and in each form of a form or refused.
func TestKeyForms(t *testing.T) {
	want, text := testKey()
	for name, form := range keyForms {
		key, err := api.ParseKey([]byte(form(text)))
		if err != nil || !key.Equal(want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	names := rapid.SampledFrom(sortedKeys(keyForms))
	rapid.Check(t, func(t *rapid.T) {
		mangled := text
		for range 3 {
			mangled = keyForms[names.Draw(t, "form")](mangled)
		}
		if rapid.Bool().Draw(t, "cut") {
			mangled = mangled[:rapid.IntRange(0, len(mangled)).Draw(t, "length")]
		}
		key, err := api.ParseKey([]byte(mangled))
		if err == nil && !key.Equal(want) {
			t.Error("another key is read")
		}
		for i := 40; err != nil && i+8 < len(text)-40; i += 8 {
			if strings.Contains(err.Error(), text[i:i+8]) {
				t.Fatalf("the error shows a part of the key: %v", err)
			}
		}
	})
}

// TestKeyRefused holds that what is no key is told apart, with what helps.
func TestKeyRefused(t *testing.T) {
	key, text := testKey()
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	armored := func(kind string, headers map[string]string) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Headers: headers, Bytes: pkcs8}))
	}
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for name, test := range map[string]struct{ text, want string }{
		"nothing":     {"", "no private key in PEM form"},
		"a path":      {"/etc/pataudit/app.pem", "no private key in PEM form"},
		"public":      {publicKey, "a PUBLIC KEY, and no private key"},
		"ssh public":  {"ssh-rsa AAAAB3NzaC1yc2E", "a PUBLIC KEY in OpenSSH form"},
		"certificate": {strings.ReplaceAll(publicKey, "PUBLIC KEY", "CERTIFICATE"), "a CERTIFICATE"},
		"two":         {text + armored("PRIVATE KEY", nil), "more than one private key"},
		"OpenSSH":     {armored("OPENSSH PRIVATE KEY", nil), "`ssh-keygen -p -m PEM -N '' -f FILE`"},
		"encrypted":   {armored("ENCRYPTED PRIVATE KEY", nil), "is encrypted"},
		"encrypted, PKCS#1": {
			armored("RSA PRIVATE KEY", map[string]string{
				"Proc-Type": "4,ENCRYPTED", "DEK-Info": "AES-128-CBC,0011",
			}), "is encrypted",
		},
		"first line":   {lines[0], "is cut off: its line -----END is missing"},
		"no last line": {strings.Join(lines[:9], "\n"), "is cut off"},
		"no armor":     {strings.Join(lines[1:len(lines)-1], "\n"), "BEGIN and -----END .* missing"},
		"DER":          {string(x509.MarshalPKCS1PrivateKey(key)), "openssl rsa -inform DER"},
		"damaged":      {strings.Replace(text, "M", "?", 1), "is damaged"},
		"a part":       {strings.Join(lines[:5], "\n") + "\n" + lines[len(lines)-1], "or a part of one"},
		"UTF-16":       {inUTF16(unicode.LittleEndian, text)[2:], "UTF-16 without a byte order mark"},
	} {
		_, err := api.ParseKey([]byte(test.text))
		if err == nil || !matches(test.want, err.Error()) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := api.ParseKey([]byte(armored("PRIVATE KEY", map[string]string{
		"Comment": "the audit App",
	}))); err != nil {
		t.Errorf("a key with a comment within: %v", err)
	}
}

// TestIssuer holds that an App's id is understood, or refused without showing a secret.
func TestIssuer(t *testing.T) {
	for text, want := range map[string]string{
		"4242": "4242", "4242\n": "4242", " 4242\r\n": "4242",
		"Iv23liAbCdEfGh12": "Iv23liAbCdEfGh12", "Iv1.0123456789abcdef\n": "Iv1.0123456789abcdef",
	} {
		if got, err := api.ParseIssuer(text); got != want {
			t.Errorf("%q is %q: %v", text, got, err)
		}
	}
	_, key := testKey()
	for text, want := range map[string]string{
		"4.47597e+06":               `"4.47597e\+06" is an App's id that a program took for a number`,
		"4242.0":                    `"4242.0" is .* rewrote`,
		`"4242"`:                    "in quotation marks: leave them out",
		"'Iv23liAbCdEfGh12'":        "in quotation marks",
		"my-app":                    `"my-app" is no App's id: .*settings page`,
		"https://github.com/apps/x": "is no App's id",
		"0":                         "is no App's id", "-1": "is no App's id", "Iv": "is no App's id",
		"04242": "is no App's id", "99999999999999999999": "is no App's id",
		"42 42": "is no App's id", "４２": "is no App's id",
		"ghs_" + strings.Repeat("a", 36):       "this is a key or a token",
		"github_pat_11AAAAAAA0":                "this is a key or a token",
		strings.Repeat("0123456789abcdef", 4):  "this is a key or a token",
		key:                                    "this is a key or a token",
		`"ghs_` + strings.Repeat("a", 9) + `"`: "in quotation marks",
	} {
		_, err := api.ParseIssuer(text)
		if err == nil || !matches(want, err.Error()) {
			t.Errorf("%.20q: %v", text, err)
		}
		if strings.Contains(want, "token") && strings.Contains(err.Error(), text[4:12]) {
			t.Errorf("the error shows the secret: %v", err)
		}
	}
}

func matches(pattern, text string) bool { return regexp.MustCompile(pattern).MatchString(text) }

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
