// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/policy"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// oldBaseline reads the baseline that is there, and its text; nil if there is none. It may grow
// only with a reason.
func oldBaseline(path, accept string, p *audit.Policy) ([]byte, *audit.Baseline, error) {
	text, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && accept != "":
		return nil, nil, fmt.Errorf("--accept adds to a baseline, but there is no %s", path)
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil, nil
	case err != nil:
		return nil, nil, fmt.Errorf("reading the baseline: %w", err)
	case strings.TrimSpace(accept) == "":
		return nil, nil, fmt.Errorf("%s exists: a baseline does not grow by itself. "+
			"`pataudit baseline prune` drops what is paid; --accept REASON adds what is new", path)
	}
	old, err := policy.ParseBaseline(path, text, p)
	return text, old, err
}

// writeBaseline writes a baseline that can be read again in place of a text: what is too large, or
// cannot be said in one, is an error before it takes the place of the last one.
func writeBaseline(
	ctx context.Context, u *ui.UI, path string, was []byte, b *audit.Baseline, p *audit.Policy,
) error {
	text := policy.FormatBaseline(b)
	if _, err := policy.ParseBaseline(path, text, p); err != nil {
		return ui.Failed(fmt.Errorf("the baseline cannot be written: %w", err))
	}
	return saveAnew(ctx, u, path, was, text)
}
