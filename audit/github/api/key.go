// SPDX-License-Identifier: Apache-2.0

package api

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"syscall"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// This file reads an App's private key, also as editors, secret stores and shells leave it. No
// error quotes the text.

// maxKeySize is far above any RSA key in PEM.
const maxKeySize = 64 << 10

// KeyText returns the text of a private key's file, and its mode. What is no file is refused:
// a pipe that nobody writes to would be waited for.
func KeyText(path string) (text []byte, mode fs.FileMode, err error) {
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, 0, err
	}
	defer func() { _ = file.Close() }() // only read
	info, err := file.Stat()
	switch {
	case err != nil:
		return nil, 0, err
	case !info.Mode().IsRegular():
		return nil, 0, fmt.Errorf("%s is not a file", path)
	}
	text, err = io.ReadAll(io.LimitReader(file, maxKeySize))
	return text, info.Mode(), err
}

// ReadKey reads an App's private key from a file. It refuses a file that others may write; if
// others may read it, warning says so and how to mend it.
func ReadKey(path string) (key *rsa.PrivateKey, warning string, err error) {
	text, mode, err := KeyText(path)
	if err != nil {
		return nil, "", fmt.Errorf("reading the App's key: %w", err)
	}
	switch {
	case mode.Perm()&0o022 != 0:
		return nil, "", fmt.Errorf("the App's key %s can be written by others (mode %04o): "+
			"chmod 600 %[1]s, and create a new key if you do not trust it", path, mode.Perm())
	case mode.Perm()&0o004 != 0:
		warning = fmt.Sprintf("the App's key %s can be read by everybody (mode %04o): chmod 600 %[1]s",
			path, mode.Perm())
	}
	key, err = ParseKey(text)
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", path, err)
	}
	return key, warning, nil
}

// ParseKey reads an App's private key in PEM, as PKCS#1 (GitHub's download) or PKCS#8. It takes
// the one private key of the text, whatever stands beside it, in UTF-8 or UTF-16; quotation marks
// around it, blanks or the letters \n for its newlines, and base64 of the whole are no matter.
func ParseKey(text []byte) (*rsa.PrivateKey, error) {
	blocks := armored(unwrapped(string(text)))
	var private []block
	for _, b := range blocks {
		if strings.Contains(b.kind, "PRIVATE KEY") {
			private = append(private, b)
		}
	}
	switch {
	case len(private) > 1:
		return nil, errors.New("more than one private key here: keep the newest alone")
	case len(private) == 1:
		return private[0].key()
	}
	return nil, noKey(text, blocks)
}

// block is one block of a text in PEM.
type block struct{ kind, body string }

// armor is a block. What its lines end with may have changed on the way.
var armor = regexp.MustCompile(`(?s)-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END ([A-Z0-9 ]+)-----`)

// header is a line of a block before its base64, such as "Comment: audit".
var header = regexp.MustCompile(`(?m)^[A-Za-z][A-Za-z-]*: .*$`)

// armored returns the blocks of a text.
func armored(text string) []block {
	var blocks []block
	for _, match := range armor.FindAllStringSubmatch(text, -1) {
		if match[1] == match[3] && !strings.Contains(match[2], "-----") {
			blocks = append(blocks, block{match[1], match[2]})
		}
	}
	return blocks
}

// unwrapped returns a text as UTF-8, without what hides its lines.
func unwrapped(text string) string {
	if decoded, _, err := transform.String(unicode.BOMOverride(transform.Nop), text); err == nil {
		text = decoded
	}
	if !strings.Contains(text, "-----BEGIN") {
		packed := strings.Join(strings.Fields(strings.Trim(text, "\"' \t\r\n")), "")
		decoded, err := base64.StdEncoding.DecodeString(packed)
		if err == nil && bytes.Contains(decoded, []byte("-----BEGIN")) {
			text = string(decoded)
		}
	}
	return strings.NewReplacer(`\r`, "\r", `\n`, "\n").Replace(text)
}

// key reads the block as an RSA key.
func (b *block) key() (*rsa.PrivateKey, error) {
	switch {
	case strings.Contains(b.kind, "ENCRYPTED"), strings.Contains(b.body, "DEK-Info:"):
		return nil, errors.New("the private key is encrypted: decrypt it first, " +
			"for example with openssl rsa")
	case b.kind == "OPENSSH PRIVATE KEY":
		return nil, errors.New("the private key is in OpenSSH form: " +
			"`ssh-keygen -p -m PEM -N '' -f FILE` writes a copy of it in PEM in its place")
	}
	packed := strings.Join(strings.Fields(header.ReplaceAllString(b.body, "")), "")
	der, err := base64.StdEncoding.DecodeString(packed)
	if err != nil {
		return nil, errors.New("the private key is damaged: between its lines BEGIN and END stands " +
			"something else than base64; use the .pem file that GitHub gave you")
	}
	if key, err := x509.ParsePKCS1PrivateKey(der); err == nil {
		return key, nil
	}
	parsed, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, fmt.Errorf("the PEM block %q holds no RSA private key, or a part of one: "+
			"use the .pem file that GitHub gave you", b.kind)
	}
	key, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		return nil, errors.New("the private key is not an RSA key: GitHub Apps use RSA")
	}
	return key, nil
}

// noKey returns an error that says what a text without a private key in PEM is.
func noKey(text []byte, blocks []block) error {
	const use = "use the .pem file that GitHub gave you when you generated the App's key"
	trimmed := strings.TrimSpace(string(text))
	switch {
	case len(blocks) > 0:
		return fmt.Errorf("a %s, and no private key, is here: %s", blocks[0].kind, use)
	case strings.HasPrefix(trimmed, "ssh-"):
		return fmt.Errorf("a PUBLIC KEY in OpenSSH form, and no private key, is here: %s", use)
	case strings.Contains(trimmed, "-----BEGIN"):
		return fmt.Errorf("the private key is cut off: its line -----END is missing, as where a "+
			"file of variables holds more than one line without quotation marks; %s", use)
	case isDER(text):
		return errors.New("the private key is in DER (binary) form: " +
			"`openssl rsa -inform DER -in FILE -out key.pem` writes it in PEM")
	case bytes.IndexByte(text, 0) >= 0:
		return fmt.Errorf("no private key in PEM form here: this is binary, or UTF-16 without a byte "+
			"order mark, which would be saved as UTF-8; %s", use)
	}
	if der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(trimmed), "")); err ==
		nil && isDER(der) {
		return fmt.Errorf("the lines -----BEGIN and -----END of the private key are missing: %s", use)
	}
	return fmt.Errorf("no private key in PEM form here: %s", use)
}

// isDER reports whether bytes begin as a key in DER does.
func isDER(text []byte) bool {
	_, pkcs1 := x509.ParsePKCS1PrivateKey(text)
	_, pkcs8 := x509.ParsePKCS8PrivateKey(text)
	return pkcs1 == nil || pkcs8 == nil
}
