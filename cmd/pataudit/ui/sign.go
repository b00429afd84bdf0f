// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"github.com/hiddeco/sshsig"
	"github.com/spf13/pflag"
	"golang.org/x/crypto/ssh"

	"github.com/complytime/pataudit/audit/github/api"
	"github.com/complytime/pataudit/report/view"
)

// SignatureNamespace is what signatures are for: one that was made for something else is not valid
// here.
const SignatureNamespace = "pataudit"

// signatureSuffix is added to the path of a file for that of its signature.
const signatureSuffix = ".sig"

// SignFlag names the key that signs what is written.
type SignFlag struct{ path string }

// Register registers the flag.
func (f *SignFlag) Register(set *pflag.FlagSet) {
	set.StringVar(&f.path, "sign", "", "sign each report, snapshot and archive that is written "+
		"with this OpenSSH private `key`: FILE.sig stands beside FILE")
}

// Signer reads the key; nil if none is named. Only files are signed, so there has to be one.
func (f *SignFlag) Signer(paths []string) (*signer, error) {
	if f.path == "" {
		return nil, nil //nolint:nilnil // no signature is no error
	}
	if len(paths) == 0 {
		return nil, errors.New("--sign signs reports, snapshots and archives, and none is written to " +
			"a file: -o FILE")
	}
	key, err := readKey(f.path)
	if err != nil {
		return nil, fmt.Errorf("--sign: %w", err)
	}
	return &signer{key}, nil
}

// readKey reads a private key that its owner alone can read, as ssh wants it.
func readKey(path string) (ssh.Signer, error) {
	text, mode, err := api.KeyText(path)
	if err != nil {
		return nil, err
	}
	if mode := mode.Perm(); runtime.GOOS != "windows" && mode&0o077 != 0 {
		return nil, fmt.Errorf("the key %s is open to others (mode %04o): chmod 600 %[1]s", path, mode)
	}
	key, err := ssh.ParsePrivateKey(text)
	var encrypted *ssh.PassphraseMissingError
	switch {
	case errors.As(err, &encrypted):
		return nil, fmt.Errorf("the key %s is encrypted: a key without a passphrase is needed, "+
			"which ssh-keygen -p makes of a copy", path)
	case err != nil:
		return nil, fmt.Errorf("%s is no OpenSSH private key: %w", path, err)
	}
	return key, nil
}

// signer signs files as ssh-keygen -Y sign does.
type signer struct{ key ssh.Signer }

// sign writes the signature of a message.
func (s *signer) sign(w io.Writer, message io.Reader) error {
	signature, err := sshsig.Sign(message, s.key, sshsig.HashSHA512, SignatureNamespace)
	if err == nil {
		_, err = w.Write(sshsig.Armor(signature))
	}
	return err
}

// sign signs each file that was opened to be signed, beside its place.
func (o *Files) sign() error {
	if o.Signer == nil {
		return nil
	}
	for _, out := range slices.Clone(o.Files) {
		if !out.signed {
			continue
		}
		if err := o.Add(out.path+signatureSuffix, func(w io.Writer) error {
			file, err := os.Open(out.temp.Name())
			if err != nil {
				return err
			}
			defer func() { _ = file.Close() }() // only read
			return o.Signer.sign(w, file)
		}); err != nil {
			return err
		}
	}
	return nil
}

// signable refuses files of which the signature of one would take the place of another.
func (o *Files) signable(paths []string) error {
	if o.Signer == nil {
		return nil
	}
	all := slices.Clone(paths)
	for _, path := range paths {
		if err := errors.Join(o.spare(path+signatureSuffix),
			replaceable(path+signatureSuffix)); err != nil {
			return err
		}
		all = append(all, path+signatureSuffix)
	}
	return CheckPaths(all)
}

// removeSignatures removes the signatures that earlier runs left beside the files: they are of
// what was there before.
func (o *Files) removeSignatures() error {
	for _, out := range o.Files {
		path := out.path + signatureSuffix
		if !isSignature(path) {
			continue
		}
		if err := os.Remove(path); err != nil {
			return fmt.Errorf("removing %s, the signature of what was there: %w", path, err)
		}
	}
	return nil
}

// isSignature reports whether a file begins as a signature by ssh does.
func isSignature(path string) bool {
	info, err := os.Lstat(path)
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	file, err := os.Open(path)
	if err != nil {
		return false
	}
	defer func() { _ = file.Close() }() // only read
	begin := []byte("-----BEGIN SSH SIGNATURE-----")
	read := make([]byte, len(begin))
	_, err = io.ReadFull(file, read)
	return err == nil && bytes.Equal(read, begin)
}

// HowToCheck returns the command that checks the signature of a file.
func HowToCheck(path string) string {
	name := view.ShellWord(Operand(filepath.Base(path)))
	signature := view.ShellWord(Operand(filepath.Base(path) + signatureSuffix))
	return fmt.Sprintf("ssh-keygen -Y verify -f allowed_signers -I SIGNER -n %s -s %s < %s",
		SignatureNamespace, signature, name)
}
