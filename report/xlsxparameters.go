// SPDX-License-Identifier: Apache-2.0

package report

import (
	"reflect"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// parameters returns what a policy sets of a rule. A list of sets, each with a name of its own, is
// a list of the names. It is empty of a rule without parameters, and of one that was read back
// from a report, which does not hold them.
func parameters(checker audit.Checker) string {
	if reflect.Indirect(reflect.ValueOf(checker)).Kind() != reflect.Struct {
		return ""
	}
	var of yaml.Node
	if err := of.Encode(checker); err != nil {
		return view.Unknown
	}
	var set []string
	for i := 1; i < len(of.Content); i += 2 {
		set = append(set, of.Content[i-1].Value+": "+parameter(of.Content[i]))
	}
	return strings.Join(set, "; ")
}

func parameter(value *yaml.Node) string {
	if value.Kind == yaml.ScalarNode {
		return words.OrNone(value.Value)
	}
	var names []string
	for _, item := range value.Content {
		if item.Kind == yaml.MappingNode && len(item.Content) > 1 {
			item = item.Content[1]
		}
		names = append(names, item.Value)
	}
	return words.OrNone(strings.Join(names, ", "))
}
