// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/complytime/pataudit/audit"
)

// This file reads what a policy claims of the organization's own settings, and what people attest
// of them.

const (
	keySince   = "since"
	keySetting = "setting"
	keyValue   = "value"
)

// longestAttestation is how many days an attestation lasts at most.
const longestAttestation = 366

// claims reads what is claimed of the settings.
func (p *parser) claims(n *yaml.Node) {
	claims := audit.Claims{}
	p.entries(n, keyOrganization, func(key, value *yaml.Node) {
		switch s := audit.Setting(key.Value); {
		case key.Value == keySince:
			p.day(keySince, value, &claims.Since)
		case !slices.Contains(audit.Settings, s):
			p.unknown(key, "key", append(audit.SettingNames(), keySince))
		case p.settingValue(key.Value, value, s):
			switch s {
			case audit.SettingApproval:
				claims.Approval = true
			case audit.SettingMaxLifetime:
				claims.MaxLifetime, _ = strconv.Atoi(value.Value)
			case audit.SettingClassic:
				claims.Classic = true
			}
		}
	})
	if n.Kind == yaml.MappingNode && len(settingsIn(n)) == 0 {
		p.fail(n, "%s: it claims no setting: write one of %s, or remove the key", keyOrganization,
			strings.Join(audit.SettingNames(), ", "))
	}
	p.policy.Claims = claims
}

// settingsIn lists the keys of a mapping that are not the day of its claims.
func settingsIn(n *yaml.Node) (keys []string) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if key := n.Content[i].Value; key != keySince {
			keys = append(keys, key)
		}
	}
	return keys
}

// settingValue refuses a value that the setting cannot be claimed to have.
func (p *parser) settingValue(key string, value *yaml.Node, s audit.Setting) bool {
	switch s {
	case audit.SettingApproval:
		return p.oneOf(key, value, []string{audit.ApprovalRequired})
	case audit.SettingClassic:
		return p.oneOf(key, value, []string{audit.ClassicBlocked})
	default: // a number of days
	}
	days, err := strconv.Atoi(value.Value)
	if err != nil || value.Kind != yaml.ScalarNode || strconv.Itoa(days) != value.Value ||
		days < 1 || days > audit.LongestLifetime {
		p.fail(value, "%s: wants a number of days from 1 to %d", key, audit.LongestLifetime)
		return false
	}
	return true
}

// valueText writes the value of a setting: a number as it is.
func valueText(value string) string {
	if days, err := strconv.Atoi(value); err == nil && strconv.Itoa(days) == value {
		return value
	}
	return plainWord(value)
}

// claimsText writes the claims on one line.
func claimsText(c *audit.Claims) string {
	var parts []string
	for _, s := range audit.Settings {
		if value := c.Of(s); value != "" {
			parts = append(parts, string(s)+": "+value)
		}
	}
	if !c.Since.IsZero() {
		parts = append(parts, keySince+": "+c.Since.Format(time.DateOnly))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// canonicalClaims returns the claims as a digest covers them; nil if there are none.
func canonicalClaims(c *audit.Claims) map[string]string {
	canonical := map[string]string{}
	for _, s := range audit.Settings {
		if value := c.Of(s); value != "" {
			canonical[string(s)] = value
		}
	}
	if len(canonical) > 0 && !c.Since.IsZero() {
		canonical[keySince] = c.Since.Format(time.DateOnly)
	}
	return canonical
}

func claimsSchema() schema {
	claims := object(schema{
		string(audit.SettingApproval): described(enum(audit.ApprovalRequired),
			"Fine-grained tokens need approval."),
		string(audit.SettingMaxLifetime): schema{
			"type": "integer", "minimum": 1, "maximum": audit.LongestLifetime,
			"description": "The longest life of a token that GitHub lets in, in days.",
		},
		string(audit.SettingClassic): described(enum(audit.ClassicBlocked),
			"Classic tokens are kept out."),
		keySince: described(daySchema(), "The first whole day on which all of it was in force: "+
			"what happened before contradicts nothing."),
	})
	claims["minProperties"] = 1
	return described(claims, "What the organization's own settings are said to be. GitHub does not "+
		"tell them: evidence may contradict a claim, which is a violation, or a person attests it.")
}

// attestation refuses what no setting can be, and what lasts too long.
func (f *decisionsFile) attestation(d *audit.Decision, values map[string]*yaml.Node) {
	if value := values[keyValue]; value != nil && d.Setting != "" {
		f.settingValue(keyValue, value, d.Setting)
	}
	if until := values[keyUntil]; until != nil && !d.On.IsZero() &&
		d.Until.After(d.On.AddDate(0, 0, longestAttestation)) {
		f.fail(until, "until: to attest lasts %d days, here until %s: attest it anew then",
			longestAttestation, d.On.AddDate(0, 0, longestAttestation).Format(time.DateOnly))
	}
}
