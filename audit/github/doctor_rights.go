// SPDX-License-Identifier: Apache-2.0

package github

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/go-json-experiment/json"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/api"
)

// This file examines who we are, and what we may see.

// meetApp asks as what GitHub knows us.
func (x *examination) meetApp(ctx context.Context) bool {
	answer, err := x.client.api.App().Get(ctx, "app", nil)
	if !x.arrived(err) {
		return false
	}
	switch {
	case api.IsKind(err, api.Unauthorized), api.IsKind(err, api.NotFound):
		x.failed("identity", "GitHub does not know the App by this id and key", err,
			"the App's page shows its id, and makes a new key: check that the two belong together")
		return false
	case err != nil:
		x.failed("identity", "asking GitHub for the App", err, "")
		return false
	}
	var app struct {
		ID    int64  `json:"id"`
		Name  string `json:"name"`
		Owner struct {
			Login string `json:"login"`
		} `json:"owner"`
	}
	if json.Unmarshal(answer.Body, &app, api.Strict) != nil || app.ID <= 0 {
		x.add("identity", CheckUnknown, "the answer holds no App", "")
		return false
	}
	owner := ""
	if app.Owner.Login != "" {
		owner = ", owned by " + api.Clip(app.Owner.Login)
	}
	x.ok("identity", "the GitHub App %q, id %d%s", api.Clip(app.Name), app.ID, owner)
	return true
}

// meetToken asks the first question with a bare token.
func (x *examination) meetToken(ctx context.Context) bool {
	x.probes = true
	x.session = x.client.api.Bare()
	selection, n, err := repositoriesSeen(ctx, x.session)
	if !x.arrived(err) {
		return false
	}
	if api.IsKind(err, api.Unauthorized) {
		x.failed("identity", "GitHub does not take the token", err,
			"it is wrong, expired (each lives an hour) or revoked: make a new one")
		return false
	}
	x.ok("identity", "an installation token; GitHub does not tell of which App")
	return x.noteSeen(selection, n, err)
}

// installation reads the App's installation in the organization.
func (x *examination) installation(ctx context.Context) bool {
	found, err := x.client.installationOf(ctx, x.login)
	switch {
	case api.IsKind(err, api.NotFound):
		x.add("installation", CheckProblem, "the App is not installed in "+x.login,
			"`pataudit setup ORG` says how to install it, unless the name is misspelt")
		return false
	case errors.As(err, new(*api.Error)):
		x.failed("installation", "asking for the App's installation", err, "")
		return false
	case err != nil: // it says what to do
		x.add("installation", CheckProblem, err.Error(), "")
		return false
	}
	if found.Account.Login != "" {
		x.login = found.Account.Login // its present name
	}
	x.ok("installation", "in %s, id %d", api.Clip(x.login), found.ID)
	x.installed, x.granted, x.id = found, found.Permissions, found.Account.ID
	return true
}

// mint asks for the token of the installation. What it may and sees is what counts: that can be
// less than what the installation has.
func (x *examination) mint(ctx context.Context) bool {
	x.session = x.client.api.Installation(func(ctx context.Context) (*api.Minted, error) {
		return x.client.mint(ctx, x.installed)
	}, api.NewGovernor(x.client.api))
	if !x.installed.may(api.PermTokens) {
		return true // the next step reports it, and is the last
	}
	err := x.session.SignIn(ctx)
	switch {
	case api.IsKind(err, api.Permission):
		x.permission(api.PermTokens, false)
	case err != nil:
		x.failed("installation", "asking for a token", err, "")
	}
	x.probes = !x.installed.showsPermissions()
	return err == nil
}

// installations notes where the App is installed, if no organization is named.
func (x *examination) installations(ctx context.Context) bool {
	found, err := x.client.Installations(ctx)
	if err != nil {
		x.failed("installations", "not listed", err, "")
		return false
	}
	status, remedy, names := CheckOK, "", []string{}
	for _, one := range found {
		name := api.Clip(one.Login)
		switch {
		case !one.Organization:
			continue
		case !one.SuspendedAt.IsZero():
			status, remedy = CheckWarning, "an owner of the organization must unsuspend the App"
			name += " (suspended)"
		}
		names = append(names, name)
	}
	if len(names) == 0 {
		x.add("installations", CheckProblem, "the App is not installed in any organization",
			"`pataudit setup ORG` says how to install it")
		return false
	}
	x.add("installations", status,
		fmt.Sprintf("in %s: %s", plural(len(names), "organization"), some(names)), remedy)
	return true
}

// permissions notes which permissions the App lacks or has beyond need, if GitHub says which it
// has.
func (x *examination) permissions(context.Context) bool {
	if x.probes {
		return true
	}
	for _, needed := range api.Permissions {
		x.permission(needed.Name, x.installed.may(needed.Name))
	}
	if x.granted == nil {
		return true
	}
	var beyond []string
	for _, name := range slices.Sorted(maps.Keys(x.granted)) {
		if level := x.granted[name]; audit.PermissionLabel(name) == "" || level != "read" {
			beyond = append(beyond, api.Clip(name+":"+level))
		}
	}
	if len(beyond) > 0 {
		x.add("excess", CheckWarning, "the App may do more than an audit needs: "+some(beyond),
			"take that away on the App's page: whoever gets hold of its key has it, too")
	} else {
		x.ok("excess", "the App may do no more than an audit needs")
	}
	return x.installed.may(api.PermTokens)
}

// permission notes whether one of the needed permissions is there.
func (x *examination) permission(name string, had bool) {
	i := slices.IndexFunc(api.Permissions, func(p api.AppPermission) bool { return p.Name == name })
	needed := api.Permissions[i]
	if had {
		x.ok("permission."+name, "%s", needed.Label)
		return
	}
	status := CheckProblem
	if name == api.PermRequests { // an audit is complete without them, and says that it is
		status = CheckWarning
	}
	remedy := "add it on the App's page under \"Permissions & events\", and let an owner of the " +
		"organization accept it"
	if x.installed == nil {
		remedy += "; a workflow's own GITHUB_TOKEN never has it: use an App's token, as " +
			"actions/create-github-app-token gives it"
	}
	x.add("permission."+name, status, "lacks "+needed.Label+": "+needed.Why, remedy)
}

// seen asks which repositories we see.
func (x *examination) seen(ctx context.Context) bool {
	selection, n, err := repositoriesSeen(ctx, x.session)
	return x.noteSeen(selection, n, err)
}

// noteSeen notes which repositories we see: of others, lists are silently shorter.
func (x *examination) noteSeen(selection string, n int, err error) bool {
	if err != nil {
		known := x.failed("repositories", "asking which repositories are seen", err, "")
		return !known || api.IsKind(err, api.Permission)
	}
	if x.probes {
		x.permission(api.PermMetadata, true)
	}
	number := plural(n, "repository")
	if x.installed != nil && x.installed.Selection != allRepositories {
		selection = x.installed.Selection // an audit goes by it
	}
	switch selection {
	case "all":
		x.ok("repositories", "%s seen: all, and those to come", number)
	case "selected":
		x.add("repositories", CheckProblem, number+" seen: those that were selected; lists of "+
			"repositories are silently shorter", "choose \"All repositories\" in the "+
			"installation's settings; in a workflow give create-github-app-token an owner")
	default:
		x.add("repositories", CheckUnknown, fmt.Sprintf("%s seen; GitHub does not tell whether "+
			"these are all (%q)", number, api.Clip(selection)), "")
	}
	return true
}
