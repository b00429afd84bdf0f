// SPDX-License-Identifier: Apache-2.0

package project

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/complytime/pataudit/audit/policy"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// places are where a project file is found in the working folder.
var places = []string{"pataudit.yaml", filepath.Join(".github", "pataudit.yaml")}

// read returns the project file that is named or found; nil if there is none, or none is wanted.
//
// Nothing is found where CI is set: a job's working folder is of whose change is judged.
func read(u *ui.UI, named string, none bool) (*policy.Project, error) {
	switch {
	case named != "" && none:
		return nil, errors.New("--config names a project file, and --no-config wants none")
	case none:
		return nil, nil //nolint:nilnil // no file is no error
	case named != "":
		return parse(named, true)
	}
	var found []string
	for _, path := range places {
		switch _, err := os.Lstat(path); {
		case err == nil:
			found = append(found, path)
		case !errors.Is(err, os.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR):
			return nil, fmt.Errorf("looking for a project file: %w", err)
		}
	}
	switch {
	case len(found) == 0:
		return nil, nil //nolint:nilnil // no file is no error
	case underCI():
		u.Warnf("%s is not read: under CI no project file is found: name it, --config %[1]s, or say "+
			"--no-config", found[0])
		return nil, nil //nolint:nilnil // none is used
	case len(found) > 1:
		return nil, fmt.Errorf("%s are both there: name one, --config %s",
			strings.Join(found, " and "), found[0])
	}
	return parse(found[0], false)
}

// jobVariables are set by services that run jobs, of which not all set CI.
var jobVariables = []string{
	"GITHUB_ACTIONS", "GITLAB_CI", "TF_BUILD", "TEAMCITY_VERSION", "JENKINS_URL",
	"CODEBUILD_BUILD_ID", "BUILDKITE", "DRONE", "bamboo_buildKey",
}

// underCI reports whether a job runs this program.
func underCI() bool {
	switch strings.ToLower(strings.TrimSpace(ui.Environment("CI"))) {
	case "", "false", "0":
		return slices.ContainsFunc(jobVariables, func(name string) bool {
			return ui.Environment(name) != ""
		})
	}
	return true
}

func parse(path string, named bool) (*policy.Project, error) {
	if !named {
		if err := regularIn(path); err != nil {
			return nil, err
		}
	}
	text, err := flags.ReadText(path, "the project file")
	if err != nil {
		return nil, err
	}
	p, err := policy.ParseProject(path, text, named)
	if err != nil || named {
		return p, err
	}
	return p, staysIn(p)
}

// regularIn refuses a found file that is none, or a link out of the working folder.
func regularIn(path string) error {
	info, err := statIn(path)
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("not a regular file")
	}
	if err != nil {
		return fmt.Errorf("reading the project file: %s: %w; another can be named: --config FILE",
			path, err)
	}
	return nil
}

// staysIn refuses a found file with a path that a link leads out of the working folder.
func staysIn(p *policy.Project) error {
	settings := slices.Clone(p.Settings)
	for _, o := range p.Organizations {
		settings = append(settings, o.Settings...)
	}
	for _, s := range settings {
		if !slices.Contains(pathKeys, s.Key) {
			continue
		}
		for _, value := range s.Values {
			_, after, output := strings.Cut(value, "=")
			_, err := statIn(value)
			if output && (err == nil || errors.Is(err, os.ErrNotExist)) {
				_, err = statIn(after)
			}
			if err != nil && !errors.Is(err, os.ErrNotExist) {
				return fmt.Errorf("%s:%d: %s: %w; what leads elsewhere is honoured only in a file that "+
					"you name: --config %[1]s", p.Name, s.Line, s.Key, err)
			}
		}
	}
	return nil
}

// statIn describes a file in the working folder. It is an error if a link leads out of that.
func statIn(path string) (os.FileInfo, error) {
	root, err := os.OpenRoot(".")
	if err != nil {
		return nil, err
	}
	defer func() { _ = root.Close() }() // only read
	return root.Stat(path)
}

// pathIn returns a path that stands in a project file: it is relative to the file's folder, or to
// the one above if that is .github.
func pathIn(file, path string) string {
	folder := filepath.Dir(file)
	if filepath.Base(folder) == ".github" {
		folder = filepath.Dir(folder)
	}
	rest, sqlite := strings.CutPrefix(path, "sqlite:")
	switch {
	case filepath.IsAbs(path) || strings.Contains(path, "://"):
		return path
	case sqlite: // one of the forms of a history
		return "sqlite:" + pathIn(file, rest)
	}
	return filepath.Join(folder, path)
}
