// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/complytime/pataudit/audit"
)

// Format writes the effective policy with every parameter, as a policy file that asks the same:
// it has the same digest, so p must be sealed. Examples, decisions and a baseline are not part of
// it. The error is of a policy that no file can express.
func Format(p *audit.Policy) ([]byte, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "# The effective policy: %s\nversion: %s\n", p.Digest, version)
	if p.Name != "" {
		setting(&b, "", keyName, p.Name)
	}
	if p.Ratified != nil {
		fmt.Fprintf(&b, "%s:\n  %s: %s\n  %s: %s\n", keyRatified, keyBy, flow(p.Ratified.By),
			keyOn, p.Ratified.On.Format(time.DateOnly))
	}
	fmt.Fprintf(&b, "%s: %s\n%s:\n", keyFailOn, p.FailOn, keyRules)
	for i := range p.Rules {
		formatRule(&b, &p.Rules[i])
	}
	if len(p.Overrides) > 0 {
		fmt.Fprintf(&b, "%s:\n", keyOverrides)
	}
	for i := range p.Overrides {
		formatOverride(&b, &p.Overrides[i])
	}
	if len(p.Permissions) > 0 {
		fmt.Fprintf(&b, "%s:\n", keyPermissions)
	}
	for _, info := range p.Permissions {
		fmt.Fprintf(&b, "- %s\n", permissionText(info))
	}
	fmt.Fprintf(&b, "%s: %s\n", keyWaivers, waiversText(p.Waivers))
	if len(p.SLA) > 0 {
		fmt.Fprintf(&b, "%s: %s\n", keySLA, termsText(p.SLA))
	}
	if text := claimsText(&p.Claims); text != "{}" {
		fmt.Fprintf(&b, "%s: %s\n", keyOrganization, text)
	}

	text := []byte(b.String())
	rules := make([]*audit.Rule, len(p.Rules))
	for i := range p.Rules {
		rules[i] = p.Rules[i].Rule
	}
	again, err := Parse("the formatted policy", text, rules)
	if err != nil {
		return nil, fmt.Errorf("formatting the policy: %w", err)
	}
	if again.Digest != p.Digest {
		return nil, fmt.Errorf("formatting the policy: no file can say what it asks: "+
			"it would become %s", again.Digest)
	}
	return text, nil
}

func formatRule(b *strings.Builder, rule *audit.PolicyRule) {
	fmt.Fprintf(b, "  # %s.\n  %s:\n", rule.Rule.Title, rule.Rule.ID)
	const indent = "    "
	setting(b, indent, keyAsked, rule.Asked)
	setting(b, indent, keyRequired, rule.Required)
	setting(b, indent, keySeverity, rule.Severity.String())
	parameters := parametersOf(rule.Checker)
	for _, name := range parameters.names() {
		setting(b, indent, name, parameters.fields[name].Interface())
	}
}

// formatOverride writes what the override itself sets.
func formatOverride(b *strings.Builder, o *audit.Override) {
	fmt.Fprintf(b, "# Effect: %s.\n- %s: %s\n  %s:\n", effect(o), keyName, flow(o.Name), keyWhen)
	const indent = "    "
	if len(o.When.Owners) > 0 {
		fmt.Fprintf(b, "%s%s: %s\n", indent, keyOwner, ownersText(o.When.Owners))
	}
	for _, part := range []struct {
		key   string
		value any
	}{
		{keyToken, o.When.Tokens},
		{keyName, o.When.Names},
		{keyRepository, o.When.Repositories},
		{keyPermission, o.When.Permissions},
	} {
		if reflect.ValueOf(part.value).Len() > 0 {
			setting(b, indent, part.key, part.value)
		}
	}
	fmt.Fprintf(b, "  %s:\n", keyRules)
	for i := range o.Rules {
		rule := &o.Rules[i]
		if len(o.Set[rule.Rule.ID]) == 0 {
			continue
		}
		fmt.Fprintf(b, "    %s:\n", rule.Rule.ID)
		parameters := parametersOf(rule.Checker)
		for _, key := range o.Set[rule.Rule.ID] {
			if key == keySeverity {
				setting(b, indent+"  ", key, rule.Severity.String())
				continue
			}
			setting(b, indent+"  ", key, parameters.fields[key].Interface())
		}
	}
}

// setting writes a key and its value: a list of mappings with a line for each, others on one line.
// Prefix stands before each line.
func setting(b *strings.Builder, prefix, key string, value any) {
	v := reflect.ValueOf(value)
	if v.Kind() != reflect.Slice || v.Type().Elem().Kind() != reflect.Struct || v.Len() == 0 {
		fmt.Fprintf(b, "%s%s: %s\n", prefix, key, flow(value))
		return
	}
	fmt.Fprintf(b, "%s%s:\n", prefix, key)
	for i := range v.Len() {
		fmt.Fprintf(b, "%s- %s\n", prefix, flow(v.Index(i).Interface()))
	}
}

// waiversText writes the limits, the shortest first.
func waiversText(limits map[audit.Severity]int) string {
	var parts []string
	for severity := audit.Critical; severity >= audit.Info; severity-- {
		if days, ok := limits[severity]; ok {
			parts = append(parts, fmt.Sprintf("%s: %d", severity, days))
		}
	}
	return "{" + strings.Join(parts, ", ") + "}"
}
