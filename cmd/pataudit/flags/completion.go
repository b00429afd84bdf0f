// SPDX-License-Identifier: Apache-2.0

package flags

import (
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/words"
)

// What a shell waits for has to be there at once, and to fit on a screen.
const (
	mostCompleted   = 100      // tokens
	mostToComplete  = 16 << 20 // bytes of a snapshot, unpacked
	widthOfAnOption = 60
)

// CompleteTokens offers the ids of the tokens in the file of --from to a shell, with what they are
// called. Nothing is offered, and nothing said, if the file is no snapshot, is large or cannot be
// read: the command says so when it runs. Nobody is asked.
func (f *Evidence) CompleteTokens(u *ui.UI, typed string) (
	offered []cobra.Completion, directive cobra.ShellCompDirective,
) {
	directive = cobra.ShellCompDirectiveNoFileComp
	if u.Public {
		return nil, directive
	}
	evidence, err := f.small(u)
	if err != nil {
		return nil, directive
	}
	for _, token := range evidence.Tokens {
		id := strconv.FormatInt(token.TokenID, 10)
		if token.TokenID <= 0 || !strings.HasPrefix(id, typed) {
			continue
		}
		about := safe.Truncate(words.TokenNameOf(token)+" of "+words.OwnerLogin(token), widthOfAnOption)
		offered = append(offered, cobra.CompletionWithDesc(id, about))
		if len(offered) == mostCompleted {
			break
		}
	}
	return offered, directive
}

// small reads the snapshot of --from if it is a small one.
func (f *Evidence) small(u *ui.UI) (*audit.Evidence, error) {
	// A pipe would wait for whoever fills it.
	if info, err := os.Stat(f.From); err != nil || !info.Mode().IsRegular() {
		return nil, os.ErrInvalid
	}
	return ReadFile(f.From, SnapshotFile, func(r io.Reader, name string) (*audit.Evidence, error) {
		return OpenSnapshot(u.Now())(io.LimitReader(r, mostToComplete), name)
	})
}
