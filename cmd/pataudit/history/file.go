// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spf13/pflag"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// files returns what a run was judged by that show prints, by the names of their flags.
func files() (names []string) {
	for _, t := range new(audit.Criteria).Texts() {
		names = append(names, t.Name)
	}
	return names
}

// checkFile refuses flags that would do nothing, and names where everybody reads.
func checkFile(file string, allowPublic bool, rendering *pflag.FlagSet) error {
	if file == "" {
		return nil
	}
	if given := flags.Given(rendering, "quiet", "allow-public"); len(given) > 0 {
		return fmt.Errorf("--%s is for the report, in place of which --file prints the %s", given[0],
			file)
	}
	return ui.PlaceOf(allowPublic).Refuse("history show --file")
}

// printFile prints what a run was judged by, as it is kept.
func printFile(
	ctx context.Context, u *ui.UI, store *history.Store, number int64, file string,
) error {
	criteria, err := store.Criteria(ctx, number)
	if err != nil {
		return ui.Failed(err)
	}
	text := *criteria.Texts()[slices.Index(files(), file)].Text
	if text == nil {
		return ui.Failed(fmt.Errorf("run %d was judged without a file of this kind: %s", number, file))
	}
	if !legible(text) {
		return ui.Failed(fmt.Errorf("%w: its %s has characters that nobody sees, and pataudit writes "+
			"none", history.ErrChanged, file))
	}
	return u.Print(ui.Bytes(text))
}

// legible reports whether a terminal shows each character of a text, and obeys none: so is all
// that is kept of files. Whoever can write into a history can store anything else.
func legible(text []byte) bool {
	return utf8.Valid(text) && !strings.ContainsFunc(string(text), func(r rune) bool {
		return r != '\n' && !audit.Visible(r)
	})
}
