// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/complytime/pataudit/audit"
)

// asks returns, by each asked rule, a digest of what the policy asks by it: its parameters and its
// severity, for whom the overrides ask otherwise, and which permissions the policy adds. What else
// changes in a policy leaves it the same.
func asks(p *audit.Policy) (map[string]string, error) {
	type parameters struct {
		When       *audit.Condition `json:",omitempty"`
		Severity   string
		Parameters map[string]any
	}
	of := func(r *audit.PolicyRule, when *audit.Condition) ([]byte, error) {
		return json.Marshal(parameters{when, r.Severity.String(), parametersOf(r.Checker).values()})
	}
	added, err := json.Marshal(p.Permissions)
	if err != nil {
		return nil, err
	}
	digests := map[string]string{}
	for i := range p.Rules {
		if !p.Rules[i].Asked {
			continue
		}
		plain, err := of(&p.Rules[i], nil)
		if err != nil {
			return nil, err
		}
		differs, others := false, make([][]byte, len(p.Overrides))
		for k := range p.Overrides {
			o := &p.Overrides[k]
			there, err := of(&o.Rules[i], nil)
			if err != nil {
				return nil, err
			}
			differs = differs || !bytes.Equal(there, plain)
			if others[k], err = of(&o.Rules[i], &o.When); err != nil {
				return nil, err
			}
		}
		text := plain
		if differs {
			slices.SortFunc(others, bytes.Compare) // their order counts for nothing
			text = append(text, bytes.Join(others, nil)...)
		}
		sum := sha256.Sum256(append(text, added...))
		digests[p.Rules[i].Rule.ID] = fmt.Sprintf("%x", sum[:8])
	}
	return digests, nil
}
