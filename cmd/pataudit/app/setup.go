// SPDX-License-Identifier: Apache-2.0

// Package app has the commands about the GitHub App and the program itself: setup, doctor,
// version.
package app

import (
	"io"
	"net/url"
	"slices"
	"text/template"

	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/audit/github/api"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

const setupText = `Only a GitHub App may list an organization's fine-grained tokens.
As an owner of {{.Org}}:

1. Create the App. This link fills the form in; check it and press "Create GitHub App":

   {{.Link}}

   It asks for these permissions, each to read only:
{{range .Permissions}}     {{.Label}}
       {{.Why}}
{{end}}
2. On the App's page note its App ID, and press "Generate a private key". Keep the file to
   yourself:  chmod 600 pataudit.private-key.pem

3. Press "Install App", choose {{.Org}} and "All repositories". An App that sees selected
   repositories gets silently shorter lists, and the audit would say that it is incomplete.

4. Audit:

   export PATAUDIT_APP_ID=123456
   export PATAUDIT_APP_KEY_FILE=$PWD/pataudit.private-key.pem
   {{if .APIURL}}export GITHUB_API_URL={{.APIURL}}
   {{end}}{{.Audit}}
`

// Setup returns the command that says how to create the GitHub App.
func Setup(u *ui.UI) *cobra.Command {
	var apiURL string
	var enterprise bool
	command := &cobra.Command{
		Use:   "setup ORG",
		Short: "How to create the GitHub App: a prefilled link and the exact permissions",
		Long: `Setup prints a link that creates the GitHub App with the permissions that an audit needs,
what each is for, and the next steps. It contacts nothing.`,
		Example: `  pataudit setup complytime`,
		Args:    ui.Exactly("ORG"),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := flags.CheckLogin(args[0]); err != nil {
				return ui.Usage(err)
			}
			if apiURL == "" {
				apiURL = ui.Environment("GITHUB_API_URL")
			}
			endpoint, err := api.ParseEndpoint(apiURL)
			if err != nil {
				return ui.Usage(err)
			}
			permissions := api.Permissions
			if enterprise {
				permissions = append(slices.Clone(permissions), api.Administration)
			}
			link := url.URL{
				Scheme:   endpoint.REST.Scheme,
				Host:     endpoint.Host,
				RawQuery: api.SetupQuery(args[0], permissions).Encode(),
			}
			link.Path = "/organizations/" + args[0] + "/settings/apps/new"
			link.RawPath = "/organizations/" + url.PathEscape(args[0]) + "/settings/apps/new"
			page := template.Must(template.New("setup").Parse(setupText))
			return u.Print(func(w io.Writer) error {
				return page.Execute(w, map[string]any{
					"Org": args[0], "Link": link.String(), "Permissions": permissions,
					"APIURL": apiURL, "Audit": flags.Typed(u, "audit", args[0], "-o", "audit.xlsx"),
				})
			})
		},
	}
	command.Flags().BoolVar(&enterprise, "enterprise", false,
		"ask, too, for what --audit-log and --classic need")
	command.Flags().StringVar(&apiURL, "api-url", "",
		"of an Enterprise Server: https://host (GITHUB_API_URL)")
	return command
}
