// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/audit/github"
	"github.com/complytime/pataudit/audit/github/api"
	"github.com/complytime/pataudit/audit/github/githubtest"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// demoEvidence is the snapshot in the folder of the demo.
const demoEvidence = "evidence.json"

// Demo returns the command that audits a sample organization.
func Demo(u *ui.UI) *cobra.Command {
	return &cobra.Command{
		Use:   "demo [FOLDER]",
		Short: "Audit a sample organization through a local GitHub API",
		Long: `Demo starts a GitHub API inside this process, with a sample organization of 60 tokens,
audits it over HTTP as a GitHub App would, prints the table and writes the reports to a folder
(default: pataudit-demo). It needs no credentials and no network. It shows the audit's exit code
and itself exits 0 when it worked.`,
		Example: `  pataudit demo
  pataudit demo /tmp/reports`,
		Args: ui.NoMoreThan(1),
		RunE: func(command *cobra.Command, args []string) (err error) {
			folder := "pataudit-demo"
			if len(args) > 0 {
				folder = args[0]
			}
			if err := os.MkdirAll(folder, 0o700); err != nil {
				return ui.Failed(fmt.Errorf("making the folder for the reports: %w", err))
			}
			world := githubtest.Sample(u.Now())
			server, err := githubtest.New(world)
			if err != nil {
				return ui.Failed(err)
			}
			apiURL, err := server.Start()
			if err != nil {
				return ui.Failed(fmt.Errorf("starting the sample GitHub: %w", err))
			}
			defer func() { err = errors.Join(err, server.Close()) }()
			j, err := demoJob(u, world, server, apiURL, folder)
			if err != nil {
				return ui.Failed(err)
			}
			// The sample GitHub is gone afterwards, and the evidence is not.
			j.again = &flags.Invocation{Program: u.Program, Root: command.Root()}
			j.again.FromFile(filepath.Join(folder, demoEvidence))
			j.again.Command = append([]string{"audit"}, j.again.Evidence...)
			code, err := j.report(command.Context(), u)
			if err != nil {
				return err
			}
			u.Notef("this was a sample organization; the audit's exit code is %d", code)
			for _, t := range j.Targets {
				u.Notef("wrote %s", t.Path)
			}
			return nil
		},
	}
}

// demoJob returns the main job with the sample's credentials.
func demoJob(
	u *ui.UI, world *githubtest.World, server *githubtest.Server, apiURL, folder string,
) (*job, error) {
	var f auditFlags
	f.Format, f.Color, f.repositories = "table", "auto", flags.ReachAll
	f.AllowPublic = true // its people are made up
	for _, name := range []string{"audit.json", "audit.xlsx", "audit.html"} {
		f.Outputs = append(f.Outputs, filepath.Join(folder, name))
	}
	f.snapshot = filepath.Join(folder, demoEvidence)
	j, err := f.prepare(u, true)
	if err != nil {
		return nil, err
	}
	endpoint, err := api.ParseEndpoint(apiURL)
	if err != nil {
		return nil, err
	}
	pem, err := server.KeyPEM()
	if err != nil {
		return nil, err
	}
	key, err := api.ParseKey(pem)
	if err != nil {
		return nil, err
	}
	client := github.New(github.Config{
		Config: api.Config{
			Endpoint: endpoint, UserAgent: "pataudit/" + u.Tool.Version, Now: u.Now,
			Credentials: api.Credentials{Issuer: strconv.FormatInt(world.App.ID, 10), Key: key},
		},
		Progress: u.Progress(),
	})
	j.subjects = []subject{{source: client.Organization(world.Organizations[0].Login)}}
	return j, nil
}
