// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"fmt"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/words"
)

// warnNotUsed prints what the last complete run was judged by, and nothing stands for in this one:
// a flag may have been forgotten. What decides the verdict is what this run was given all the
// same.
func (j *job) warnNotUsed(u *ui.UI, run *audit.Run) {
	s := run.Since
	if s == nil {
		return
	}
	stored := func(file string) string {
		return fmt.Sprintf("; --%s names the file, and `%s history show %d --file %[1]s` prints what "+
			"that run read of it", file, u.Program, s.Run)
	}
	login := run.Organization.Login
	if j.judged.Path == "" && s.PolicyDigest != "" && s.PolicyDigest != run.Policy.Digest {
		u.Warnf("%s: judged by the built-in policy, and run %d by another one (%s)%s", login, s.Run,
			words.ShortDigest(s.PolicyDigest), stored("policy"))
	}
	for _, used := range s.NotUsed {
		u.Warnf("%s: no %s, and run %d used one (%s)%s", login, used.Kind, s.Run,
			words.ShortDigest(used.Digest), stored(string(used.Kind)))
	}
	if s.Tool.ProjectFile != "" && u.Tool.ProjectFile == "" {
		u.Warnf("%s: no project file, and run %d used %s (%s)", login, s.Run, s.Tool.ProjectFile,
			words.ShortDigest(s.Tool.ProjectDigest))
	}
}
