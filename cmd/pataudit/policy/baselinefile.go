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
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// loadBaseline reads the policy, and the baseline if there is one: it may grow only with a reason.
func loadBaseline(
	u *ui.UI, judged *flags.Policy, path, accept string,
) (*audit.Policy, *audit.Baseline, error) {
	p, err := judged.Load(u.Now())
	if err != nil {
		return nil, nil, err
	}
	text, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && accept != "":
		return nil, nil, fmt.Errorf("--accept adds to a baseline, but there is no %s", path)
	case errors.Is(err, fs.ErrNotExist):
		return p, nil, nil
	case err != nil:
		return nil, nil, fmt.Errorf("reading the baseline: %w", err)
	case strings.TrimSpace(accept) == "":
		return nil, nil, fmt.Errorf("%s exists: a baseline does not grow by itself. "+
			"`pataudit baseline prune` drops what is paid; --accept REASON adds what is new", path)
	}
	old, err := policy.ParseBaseline(path, text, p)
	return p, old, err
}

// writeBaseline writes a baseline that can be read again: what is too large, or cannot be said in
// one, is an error before it takes the place of the last one.
func writeBaseline(
	ctx context.Context, u *ui.UI, path string, b *audit.Baseline, p *audit.Policy,
) error {
	text := policy.FormatBaseline(b)
	if _, err := policy.ParseBaseline(path, text, p); err != nil {
		return ui.Failed(fmt.Errorf("the baseline cannot be written: %w", err))
	}
	return u.Files.Save(ctx, path, bytesWriter(text))
}
