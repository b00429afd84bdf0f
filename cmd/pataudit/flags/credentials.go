// SPDX-License-Identifier: Apache-2.0

package flags

import (
	"crypto/rsa"
	"errors"
	"fmt"

	"github.com/complytime/pataudit/audit/github/api"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// credentials returns the App's key, or else an installation token, and where that is from.
func (f *Source) credentials(u *ui.UI) (c api.Credentials, from string, err error) {
	c.Installation = f.InstallationID
	c.Issuer, from = f.appID, "--app-id"
	if c.Issuer == "" {
		c.Issuer, from = ui.Environment("PATAUDIT_APP_ID"), "PATAUDIT_APP_ID"
	}
	if c.Issuer != "" {
		if c.Issuer, err = api.ParseIssuer(c.Issuer); err != nil {
			return c, from, fmt.Errorf("%s: %w", from, err)
		}
		keyFrom := ""
		c.Key, keyFrom, err = f.key(u)
		return c, from + " and " + keyFrom, err
	}
	if f.appKey != "" || f.InstallationID != 0 {
		return c, from, errors.New("an App needs its id, too: --app-id or PATAUDIT_APP_ID")
	}
	for _, name := range []string{"PATAUDIT_TOKEN", "GITHUB_TOKEN"} {
		if value := ui.Environment(name); value != "" {
			if c.Token, err = api.ParseToken(value); err != nil {
				err = fmt.Errorf("%s: %w", name, err)
			}
			return c, name, err
		}
	}
	return c, "", errors.New("no credentials: set PATAUDIT_APP_ID and PATAUDIT_APP_KEY_FILE to " +
		"a GitHub App's; `pataudit setup ORG` says how to create one, " +
		"`pataudit demo` needs none")
}

func (f *Source) key(u *ui.UI) (key *rsa.PrivateKey, from string, err error) {
	if f.appKey == "" {
		if text := ui.Environment("PATAUDIT_APP_KEY"); text != "" {
			key, err = api.ParseKey([]byte(text))
			if err != nil {
				err = fmt.Errorf("PATAUDIT_APP_KEY: %w", err)
			}
			return key, "PATAUDIT_APP_KEY", err
		}
	}
	path, from := f.appKey, "--app-key"
	if path == "" {
		path, from = ui.Environment("PATAUDIT_APP_KEY_FILE"), "PATAUDIT_APP_KEY_FILE"
	}
	if path == "" {
		return nil, "", errors.New("an App needs its private key, too: " +
			"--app-key, PATAUDIT_APP_KEY_FILE or PATAUDIT_APP_KEY")
	}
	key, warning, err := api.ReadKey(path)
	if f.Origin.Warning = warning; warning != "" {
		u.Warnf("%s", warning)
	}
	return key, from, err
}
