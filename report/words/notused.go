// SPDX-License-Identifier: Apache-2.0

package words

import (
	"fmt"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

// NotUsed returns what the last complete run was judged by, and this one has nothing in place of:
// "the baseline (sha256:9c1f40aa…) that run 3 used: what was accepted there counts again". The
// tool is the one that judged this run.
func NotUsed(run *audit.Run, tool view.Tool) string {
	s := run.Since
	if s == nil {
		return ""
	}
	var texts []string
	for _, used := range s.NotUsed {
		texts = append(texts, fmt.Sprintf("the %s (%s)", used.Kind, ShortDigest(used.Digest)))
	}
	if s.Tool.ProjectFile != "" && tool.ProjectFile == "" {
		texts = append(texts, fmt.Sprintf("the project file %s (%s)", s.Tool.ProjectFile,
			ShortDigest(s.Tool.ProjectDigest)))
	}
	if len(texts) == 0 {
		return ""
	}
	text := fmt.Sprintf("%s that run %d used", strings.Join(texts, ", "), s.Run)
	accepted, bots := "", ""
	for _, used := range s.NotUsed {
		if used.Kind == audit.UsedRegistry {
			bots = "nothing is asked about who answers for bots"
		} else {
			accepted = "what was accepted there counts again"
		}
	}
	return text + safe.Around(": ", safe.Join("; ", accepted, bots), "")
}
