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

// Asks returns, by each asked rule, a digest of what the policy asks by it: its parameters and its
// severity, for whom the overrides ask otherwise, which permissions the policy adds, and what it
// asks by the rules at whose findings the rule looks, if it asks them: what they say, the rule may
// leave to them. What else changes in a policy leaves it the same.
func Asks(p *audit.Policy) (map[string]string, error) {
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
		text = append(text, added...)
		for _, earlier := range p.Rules[i].Rule.LooksAt {
			text = append(text, " "+digests[earlier.ID]...) // "" if it is not asked, or comes later
		}
		sum := sha256.Sum256(text)
		digests[p.Rules[i].Rule.ID] = fmt.Sprintf("%x", sum[:8])
	}
	return digests, nil
}
