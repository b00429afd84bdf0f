// SPDX-License-Identifier: Apache-2.0

package project

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

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
		case !errors.Is(err, os.ErrNotExist):
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

// underCI reports whether a job runs this program: every CI service sets CI.
func underCI() bool {
	switch strings.ToLower(ui.Environment("CI")) {
	case "", "false", "0":
		return ui.Environment("GITHUB_ACTIONS") == "true"
	}
	return true
}

func parse(path string, named bool) (*policy.Project, error) {
	text, err := flags.ReadText(path, "the project file")
	if err != nil {
		return nil, err
	}
	return policy.ParseProject(path, text, named)
}

// pathIn returns a path that stands in a project file: it is relative to the file's folder, or to
// the one above if that is .github.
func pathIn(file, path string) string {
	folder := filepath.Dir(file)
	if filepath.Base(folder) == ".github" {
		folder = filepath.Dir(folder)
	}
	if filepath.IsAbs(path) || strings.Contains(path, "://") {
		return path
	}
	return filepath.Join(folder, path)
}
