// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// saveAnew writes a file that was read before, unless somebody has written it since: what they
// added would be lost. was is empty if there was no file.
func saveAnew(ctx context.Context, u *ui.UI, path string, was, text []byte) error {
	u.Files.Unchanged = func() error {
		now, err := os.ReadFile(path)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if !bytes.Equal(now, was) {
			return fmt.Errorf("somebody else wrote %s since it was read: nothing is written; do it again",
				path)
		}
		return nil
	}
	return u.Files.Save(ctx, path, ui.Bytes(text))
}
