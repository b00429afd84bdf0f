// SPDX-License-Identifier: Apache-2.0

package main

import (
	"strings"

	"github.com/hiddeco/sshsig"
	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/crypto/ssh"

	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// signed holds the signature beside a file against a public key.
func signed(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: signed FILE PUBLIC-KEY")
	}
	key, _, _, _, err := ssh.ParseAuthorizedKey([]byte(ts.ReadFile(args[1])))
	ts.Check(err)
	signature, err := sshsig.Unarmor([]byte(ts.ReadFile(args[0] + ".sig")))
	ts.Check(err)
	ts.Check(sshsig.Verify(strings.NewReader(ts.ReadFile(args[0])), signature, key,
		sshsig.HashSHA512, ui.SignatureNamespace))
}
