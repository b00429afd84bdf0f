// SPDX-License-Identifier: Apache-2.0

package project

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/audit/policy"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/records"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// variables of the environment that win over a key of the file.
var variables = map[string][]string{
	"history":      {records.Variable},
	"api_url":      {"GITHUB_API_URL"},
	"app_id":       {"PATAUDIT_APP_ID", "PATAUDIT_TOKEN"},
	"app_key_file": {"PATAUDIT_APP_KEY_FILE", "PATAUDIT_APP_KEY", "PATAUDIT_TOKEN"},
}

// pathKeys are the keys whose values are paths.
var pathKeys = []string{
	"policy", "decisions", "baseline", "registry", "history", "cache", "outputs", "snapshot",
	"ca_file", "app_key_file",
}

// readKeys are those of them whose files commands read, so that no output may replace them.
var readKeys = []string{"policy", "decisions", "baseline", "registry", "ca_file", "app_key_file"}

// apply sets the flags of a command that neither were given nor have a variable of the
// environment.
func (r *reader) apply(command *cobra.Command, args []string) error {
	p, err := r.project()
	if p == nil || err != nil {
		return err
	}
	verbose := given(command, "verbose")
	logins := r.meant(command, args)
	if len(logins) == 0 && (given(command, "from") || given(command, "all-installations")) {
		logins = []string{""} // which may be of any other, too
		for _, o := range p.Organizations {
			logins = append(logins, o.Login)
		}
	}
	for _, key := range policy.ProjectKeys {
		names := flagsOf(key.Name, command, len(args))
		names = slices.DeleteFunc(names, func(name string) bool {
			return command.Flags().Lookup(name) == nil
		})
		if len(names) == 0 {
			continue
		}
		if from := overriding(command, key.Name, names); from != "" {
			if verbose {
				r.u.Notef("%s: from %s", key.Name, from)
			}
			continue
		}
		setting, err := p.Of(key.Name, logins)
		if err != nil {
			return fmt.Errorf("%w, or give --%s", err, names[0])
		}
		if err := r.set(command, p, names, setting); err != nil {
			return err
		}
		if verbose && setting.Values != nil {
			r.u.Notef("%s: %s, from %s:%d", key.Name, strings.Join(setting.Values, ", "), p.Name,
				setting.Line)
		}
	}
	return nil
}

// overriding returns the flag or the variable that wins over a key of the file; "" if none does.
func overriding(command *cobra.Command, key string, names []string) string {
	for _, name := range names {
		if given(command, name) {
			return "--" + name
		}
	}
	for _, name := range variables[key] {
		if ui.Environment(name) != "" {
			return name
		}
	}
	return ""
}

// set sets flags to what the file has, as if they were left out: hints need not repeat them.
func (r *reader) set(
	command *cobra.Command, p *policy.Project, names []string, setting policy.Setting,
) error {
	for _, value := range setting.Values {
		value = valueIn(p, setting.Key, value)
		if slices.Contains(readKeys, setting.Key) && names[0] != "output" {
			r.u.Files.Reads(value)
		}
		to := names
		if setting.Key == "sources" {
			to, value = []string{value}, "true"
		}
		for _, name := range to {
			if command.Flags().Lookup(name) == nil {
				continue
			}
			place := fmt.Sprintf("%s:%d", p.Name, setting.Line)
			if err := command.Flags().Lookup(name).Value.Set(value); err != nil {
				return fmt.Errorf("%s: %s: %w", place, setting.Key, err)
			}
			r.u.Settings[name] = place
		}
	}
	return nil
}

// valueIn returns what a flag is given for a value of the file.
func valueIn(p *policy.Project, key, value string) string {
	if !slices.Contains(pathKeys, key) || value == p.Name {
		return value
	}
	format, path, named := strings.Cut(value, "=")
	if named && key == "outputs" && slices.Contains(flags.FormatNames(), format) {
		return format + "=" + pathIn(p.Name, path)
	}
	return pathIn(p.Name, value)
}

// verifyKeys are the keys of what a report is verified by: to write one in another format needs
// none, whatever organization it is of.
var verifyKeys = []string{
	"policy", "decisions", "baseline", "registry", "history", "fail_on_requests", "fail_on_overdue",
	"allow_empty",
}

// severalFlags are those with which an audit is of more than one organization.
var severalFlags = []string{"all-installations", "shard", "batch"}

// flagsOf returns the flags of a command with so many arguments that a key sets; none if what else
// was given leaves no use for it.
func flagsOf(key string, command *cobra.Command, args int) []string {
	name := nameOf(command)
	if name == "report" && !given(command, "verify") && slices.Contains(verifyKeys, key) {
		return nil
	}
	switch key {
	case "snapshot":
		return snapshotFlag(name, command, args)
	case "outputs":
		if name == "audit" && !given(command, "from") { // not of evidence that is judged again
			return []string{"output"}
		}
		return nil
	case "baseline":
		if name == "baseline create" {
			return []string{"output"}
		}
	case "sources":
		if given(command, "from") { // nobody is asked
			return nil
		}
		return slices.Clone(policy.Sources)
	case "app_key_file":
		return []string{"app-key"}
	}
	return []string{strings.ReplaceAll(key, "_", "-")}
}

// snapshotFlag returns the flag that takes the evidence's file: to write it, or to read what was
// written if nothing else is named.
func snapshotFlag(name string, command *cobra.Command, args int) []string {
	isGiven := func(flag string) bool { return given(command, flag) }
	switch {
	case name == "audit" && (given(command, "from") || given(command, "redact") || args > 1 ||
		slices.ContainsFunc(severalFlags, isGiven)):
		return nil // there is no snapshot of that
	case name == "audit":
		return []string{"snapshot"}
	case name == "collect":
		return []string{"output"}
	case name == "decide" && given(command, "from"):
		from := command.Flags().Lookup("from").Value.String()
		if flags.KindOfFile(from) == flags.WorkbookFile { // what is decided; the evidence lies apart
			return []string{"evidence"}
		}
		return nil
	case slices.ContainsFunc([]string{"organization", "run", "history"}, isGiven):
		return nil
	case slices.Contains([]string{"show", "decide", "baseline create", "baseline prune"}, name):
		return []string{"from"}
	}
	return nil
}
