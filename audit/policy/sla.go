// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/complytime/pataudit/audit"
)

// longestTerm is how many days a policy may leave a finding open: ten years are for ever.
const longestTerm = 3660

// term reads in how many days a finding of one severity has to be gone: "30d", or 30.
func (p *parser) term(key, value *yaml.Node) {
	severity, err := audit.ParseSeverity(key.Value)
	if err != nil {
		p.unknown(key, "severity", audit.SeverityNames())
		return
	}
	text := strings.TrimSuffix(value.Value, "d")
	days, err := strconv.Atoi(text)
	switch {
	case err == nil && days > 0 && strings.HasPrefix(text, "0"):
		p.fail(value, "%s: %s", key.Value, numberProblem(text))
		return
	case err != nil || text != strconv.Itoa(days) || days < 1 || days > longestTerm:
		p.fail(value, "%s: wants days from 1d to %dd", key.Value, longestTerm)
		return
	}
	if p.policy.SLA == nil {
		p.policy.SLA = map[audit.Severity]int{}
	}
	p.policy.SLA[severity] = days
}

// termsText writes the terms, the most urgent first.
func termsText(terms map[audit.Severity]int) string {
	var parts []string
	for severity := audit.Critical; severity >= audit.Info; severity-- {
		if days, ok := terms[severity]; ok {
			parts = append(parts, fmt.Sprintf("%s: %dd", severity, days))
		}
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

func termsSchema() schema {
	properties := schema{}
	for severity := audit.Info; severity <= audit.Critical; severity++ {
		properties[severity.String()] = schema{
			"type": []string{"string", "integer"}, "pattern": "^[1-9][0-9]{0,3}d?$",
			"minimum": 1, "maximum": longestTerm,
		}
	}
	return described(object(properties), "How long after it was first seen a finding may stay, in "+
		"days, by its severity: 30d. It takes a history to tell.")
}

// byName returns limits by the severity's name, as a digest covers them.
func byName(limits map[audit.Severity]int) map[string]int {
	named := map[string]int{}
	for severity, days := range limits {
		named[severity.String()] = days
	}
	return named
}
