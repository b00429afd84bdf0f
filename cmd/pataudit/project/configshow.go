// SPDX-License-Identifier: Apache-2.0

package project

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/audit/policy"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/records"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

func configShow(u *ui.UI, r *reader) *cobra.Command {
	return &cobra.Command{
		Use:   "show",
		Short: "Show what is set, and where; check the file",
		Args:  ui.NoMoreThan(0),
		RunE: func(*cobra.Command, []string) error {
			p, err := r.project()
			if err == nil && p == nil {
				err = fmt.Errorf("there is no project file: %s makes one", flags.Typed(u, "init"))
			}
			if err != nil {
				return ui.Usage(err)
			}
			return u.Print(func(w io.Writer) error { return show(w, p) })
		},
	}
}

// show writes what a project sets, by key, with the line of each, and what wins over it.
func show(w io.Writer, p *policy.Project) error {
	table := &records.Sheet{Columns: []string{"setting", "value", "from"}}
	settings := func(prefix string, list []policy.Setting) {
		for _, s := range list {
			from := fmt.Sprintf("%s:%d", p.Name, s.Line)
			for _, name := range variables[s.Key] {
				if ui.Environment(name) != "" {
					from = name + ", in place of " + from
				}
			}
			table.Add(prefix+s.Key, strings.Join(s.Values, ", "), from)
		}
	}
	for _, o := range p.Organizations {
		table.Add("organization", o.Login, p.Name)
		settings(o.Login+": ", o.Settings)
	}
	settings("", p.Settings)
	table.Add("digest", p.Digest, p.Name)
	return table.Text(w)
}
