// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/complytime/pataudit/audit"
)

// schema is a JSON Schema, or a part of one.
type schema map[string]any

// Schema returns the JSON Schema (draft 2020-12) of policy files, for editors to complete and
// check: made of the rules and of their checkers' exported fields. [Parse] asks more than a schema
// can say.
func Schema(rules []*audit.Rule) ([]byte, error) {
	root, err := policySchema(rules, keyVersion)
	if err != nil {
		return nil, err
	}
	return printed(root, "pataudit policy")
}

// policySchema returns the schema of a policy, with the keys that it needs.
func policySchema(rules []*audit.Rule, required ...string) (schema, error) {
	p, err := start(rules)
	if err != nil {
		return nil, fmt.Errorf("making the schema: %w", err)
	}
	ofRules, ofOverrides, expected := schema{}, schema{}, schema{}
	for i := range p.Rules {
		rule := &p.Rules[i]
		id := rule.Rule.ID
		ofRules[id] = ruleSchema(rule, true)
		ofOverrides[id] = ruleSchema(rule, false)
		expected[id] = enum(expectable()...)
	}
	return object(schema{
		keyVersion:  schema{"const": 1},
		keyName:     text("What reports call the policy."),
		keyExtends:  schema{"const": guideWord, "default": guideWord},
		keyRatified: described(ratifiedSchema(), "Who put the policy into force, and when."),
		keyFailOn: with(severities("The mildest severity that is a violation."),
			"default", p.FailOn.String()),
		keyRules:     described(object(ofRules), "What is asked, where it differs from the guide."),
		keyOverrides: overridesSchema(ofOverrides),
		keyWaivers:   waiversSchema(p.Waivers),
		keySLA:       termsSchema(),
		keyTests:     testsSchema(expected),

		keyOrganization: claimsSchema(),
		keyPermissions:  permissionsSchema(),
	}, required...), nil
}

// printed returns the text of a schema of files.
func printed(root schema, title string) ([]byte, error) {
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = title
	root["description"] = "Characters that reviewers cannot see are errors, in comments, too: " +
		"what a value needs of them stands escaped in double quotes."
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(root); err != nil {
		return nil, fmt.Errorf("making the schema: %w", err)
	}
	return b.Bytes(), nil
}

// ruleSchema returns the schema of what a policy, or an override, may set of a rule.
func ruleSchema(rule *audit.PolicyRule, policy bool) schema {
	properties := schema{
		keySeverity: with(severities("The most that the rule says."),
			"default", rule.Severity.String()),
	}
	if policy {
		properties[keyAsked] = schema{
			"type": "boolean", "default": rule.Asked, "description": "Whether the rule is asked.",
		}
		properties[keyRequired] = schema{
			"type": "boolean", "default": rule.Required,
			"description": "Whether a run is incomplete without its answer.",
		}
	}
	parameters := parametersOf(rule.Checker)
	for _, name := range parameters.names() {
		field := parameters.fields[name]
		s := with(typeSchema(field.Type()), "default", plainValue(field))
		properties[name] = described(s, meaning(rule.Rule, name))
	}
	s := described(object(properties), rule.Rule.Title+".")
	if !policy {
		s["minProperties"] = 1
	}
	return s
}

// typeSchema returns the schema of values that decode into a Go type.
func typeSchema(t reflect.Type) schema {
	switch t.Kind() {
	case reflect.Bool:
		return schema{"type": "boolean"}
	case reflect.Float32, reflect.Float64:
		return schema{"type": "number"}
	case reflect.Slice:
		return schema{"type": "array", "items": typeSchema(t.Elem())}
	case reflect.Map:
		return schema{"type": "object", "additionalProperties": typeSchema(t.Elem())}
	case reflect.Struct:
		properties := schema{}
		for field := range t.Fields() {
			if name := nameOf(field); field.IsExported() && name != "-" {
				properties[name] = typeSchema(field.Type)
			}
		}
		return object(properties)
	case reflect.String:
		return schema{"type": "string"}
	default:
		return schema{"type": "integer"}
	}
}

// plainValue returns a value as JSON has it, with the yaml names of structs.
func plainValue(v reflect.Value) any {
	switch v.Kind() {
	case reflect.Slice:
		list := make([]any, v.Len())
		for i := range list {
			list[i] = plainValue(v.Index(i))
		}
		return list
	case reflect.Map:
		entries := map[string]any{}
		for key, value := range v.Seq2() {
			entries[key.String()] = plainValue(value)
		}
		return entries
	case reflect.Struct:
		fields := map[string]any{}
		for field, value := range v.Fields() {
			if name := nameOf(field); field.IsExported() && name != "-" {
				fields[name] = plainValue(value)
			}
		}
		return fields
	default:
		return v.Interface()
	}
}
