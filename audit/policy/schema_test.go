// SPDX-License-Identifier: Apache-2.0

package policy_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/complytime/pataudit/audit/policy"
	catalog "github.com/complytime/pataudit/audit/rules"
)

// mismatch holds a value against a JSON Schema made of the keywords that ours uses, and says what
// does not fit; "" if all does.
func mismatch(schema map[string]any, value any) string {
	if want, ok := schema["type"].(string); ok && mistyped(want, value) != "" {
		return mistyped(want, value)
	}
	for keyword, want := range schema {
		wrong := ""
		switch keyword {
		case "$schema", "title", "description", "default", "format", "type":
		case "const":
			if fmt.Sprint(want) != fmt.Sprint(value) {
				wrong = fmt.Sprintf("%v is not %v", value, want)
			}
		case "enum":
			if !slices.Contains(want.([]any), value) {
				wrong = fmt.Sprintf("%v is none of %v", value, want)
			}
		case "oneOf":
			fits := 0
			for _, s := range want.([]any) {
				if mismatch(s.(map[string]any), value) == "" {
					fits++
				}
			}
			if fits != 1 {
				wrong = fmt.Sprintf("%v fits %d of %v", value, fits, want)
			}
		case "minimum", "maximum":
			n, ok := value.(float64)
			if ok && (keyword == "minimum" && n < want.(float64) ||
				keyword == "maximum" && n > want.(float64)) {
				wrong = fmt.Sprintf("%v: %s %v", n, keyword, want)
			}
		case "minLength", "minItems", "minProperties":
			if float64(reflect.ValueOf(value).Len()) < want.(float64) {
				wrong = fmt.Sprintf("%v: %s %v", value, keyword, want)
			}
		case "pattern":
			if text, ok := value.(string); ok && !regexp.MustCompile(want.(string)).MatchString(text) {
				wrong = fmt.Sprintf("%q does not match %s", text, want)
			}
		case "items":
			for _, item := range anyList(value) {
				wrong += mismatch(want.(map[string]any), item)
			}
		case "required":
			for _, key := range want.([]any) {
				if _, ok := value.(map[string]any)[key.(string)]; !ok {
					wrong = fmt.Sprintf("no %v", key)
				}
			}
		case "properties", "additionalProperties":
			wrong = mismatchedEntries(schema, value)
		default:
			wrong = "the test does not know the keyword " + keyword
		}
		if wrong != "" {
			return wrong
		}
	}
	return ""
}

func mismatchedEntries(schema map[string]any, value any) string {
	properties, _ := schema["properties"].(map[string]any)
	others, _ := schema["additionalProperties"].(map[string]any)
	closed := schema["additionalProperties"] == false
	entries, _ := value.(map[string]any)
	for key, entry := range entries {
		s, known := properties[key].(map[string]any)
		if !known {
			s = others
		}
		switch {
		case s == nil && closed:
			return "the key " + key + " is not foreseen"
		case s == nil:
			continue
		}
		if wrong := mismatch(s, entry); wrong != "" {
			return key + ": " + wrong
		}
	}
	return ""
}

func anyList(value any) []any {
	list, _ := value.([]any)
	return list
}

func mistyped(want string, value any) string {
	is := map[string]bool{}
	switch v := value.(type) {
	case bool:
		is["boolean"] = true
	case float64:
		is["number"], is["integer"] = true, v == float64(int64(v))
	case string:
		is["string"] = true
	case []any:
		is["array"] = true
	case map[string]any:
		is["object"] = true
	case nil:
		is["null"] = true
	}
	if is[want] {
		return ""
	}
	return fmt.Sprintf("%v is no %s", value, want)
}

// asJSON reads YAML as an editor does.
func asJSON(t *testing.T, text string) (value any) {
	t.Helper()
	if err := yaml.Load([]byte(text), &value); err != nil {
		t.Fatal(err)
	}
	encoded, err := json.Marshal(dated(value))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(encoded, &value); err != nil {
		t.Fatal(err)
	}
	return value
}

// dated makes texts of days.
func dated(value any) any {
	switch v := value.(type) {
	case time.Time:
		return v.Format(time.DateOnly)
	case map[string]any:
		for key := range v {
			v[key] = dated(v[key])
		}
	case []any:
		for i := range v {
			v[i] = dated(v[i])
		}
	}
	return value
}

func schemaOf(t *testing.T, text []byte, err error) map[string]any {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	var schema map[string]any
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	return schema
}

// TestSchema holds that the schema and the parser agree about policies.
func TestSchema(t *testing.T) {
	text, err := policy.Schema(rules())
	schema := schemaOf(t, text, err)
	if schema["$schema"] != "https://json-schema.org/draft/2020-12/schema" {
		t.Error(schema["$schema"])
	}
	good := []string{"version: 1", everything, string(policy.Template(rules())), examples}
	for _, text := range good {
		if _, err := policy.Parse("good", []byte(text), rules()); err != nil {
			t.Error(err)
		}
		if wrong := mismatch(schema, asJSON(t, text)); wrong != "" {
			t.Errorf("%s\n%s", wrong, text)
		}
	}
	const override = "version: 1\noverrides: [{name: a, when: {owner: 1}, rules: "
	for _, text := range []string{
		"[]", "name: a", "version: 2", "version: 1\nfail-on: low", "version: 1\nfail_on: none",
		"version: 1\nname: ''", "version: 1\nname: [a]", "version: 1\nrules: [unused]",
		"version: 1\nrules: {unsued: {}}", "version: 1\nrules: {unused: true}",
		"version: 1\nrules: {unused: {days: 3}}", "version: 1\nrules: {unused: {asked: 1}}",
		"version: 1\nrules: {long-expiration: {max_days: ninety}}",
		"version: 1\nrules: {long-expiration: {max_days: 1.5}}",
		"version: 1\nrules: {long-expiration: {deny: foo}}",
		"version: 1\nrules: {long-expiration: {pairs: [{right: a}]}}",
		"version: 1\nrules: {long-expiration: {hidden: 1}}",
		"version: 1\nextends: other", "version: 1\nratified: {by: us}",
		"version: 1\nratified: {by: us, on: today}", "version: 1\nwaivers: {critical: 0}",
		"version: 1\nwaivers: {criticl: 3}", "version: 1\noverrides: []",
		"version: 1\noverrides: [{name: a, when: {}, rules: {unused: {severity: low}}}]",
		"version: 1\noverrides: [{name: a, rules: {unused: {severity: low}}}]",
		"version: 1\noverrides: [{name: a, when: {owner: []}, rules: {unused: {severity: low}}}]",
		"version: 1\noverrides: [{name: a, when: {token: 0}, rules: {unused: {severity: low}}}]",
		"version: 1\noverrides: [{name: a, when: {owner: b}, rules: {unused: {severity: low}}}]",
		"version: 1\noverrides: [{name: a, when: {owner: {id: 1}}, rules: {unused: {severity: low}}}]",
		override + "{}}]", override + "{unused: {}}}]", override + "{unused: {asked: true}}}]",
		override + "{unused: {required: true}}}]", override + "{long-expiration: {deny: a}}}]",
		"version: 1\ntests: [{name: a, token: {}}]",
		"version: 1\ntests: [{name: a, token: {}, expect: dirty}]",
		"version: 1\ntests: [{name: a, token: {}, expect: {unused: waived}}]",
		"version: 1\ntests: [{name: a, token: {nmae: b}, expect: clean}]",
		"version: 1\ntests: [{name: a, token: {expires_at: soon}, expect: clean}]",
		"version: 1\ntests: [{name: a, token: {owner: {role: king}}, expect: clean}]",
	} {
		if _, err := policy.Parse("bad", []byte(text), rules()); err == nil {
			t.Errorf("parsed:\n%s", text)
		}
		if mismatch(schema, asJSON(t, text)) == "" {
			t.Errorf("the schema allows\n%s", text)
		}
	}
}

// TestSchemaOfRules holds that the schema names each parameter, with its default and meaning.
func TestSchemaOfRules(t *testing.T) {
	text, err := policy.Schema(catalog.All)
	schema := schemaOf(t, text, err)
	if wrong := mismatch(schema, asJSON(t, string(policy.Template(catalog.All)))); wrong != "" {
		t.Error(wrong)
	}
	guide, err := policy.Guide(catalog.All)
	if err != nil {
		t.Fatal(err)
	}
	properties := schema["properties"].(map[string]any)
	ofRules := properties["rules"].(map[string]any)["properties"].(map[string]any)
	for i := range guide.Rules {
		rule := &guide.Rules[i]
		s, ok := ofRules[rule.Rule.ID].(map[string]any)
		if !ok || s["description"] != rule.Rule.Title+"." {
			t.Fatalf("%s: %v", rule.Rule.ID, s)
		}
		keys := s["properties"].(map[string]any)
		if got := keys["severity"].(map[string]any)["default"]; got != rule.Severity.String() {
			t.Errorf("%s: %v", rule.Rule.ID, got)
		}
		for _, parameter := range policy.Parameters(rule) {
			key, ok := keys[parameter.Name].(map[string]any)
			if !ok || key["description"] != parameter.Meaning {
				t.Errorf("%s.%s: %v", rule.Rule.ID, parameter.Name, key)
			}
			want, got := asJSON(t, parameter.Default), key["default"]
			if !reflect.DeepEqual(want, got) {
				t.Errorf("%s.%s: %v, want %v", rule.Rule.ID, parameter.Name, got, want)
			}
			if wrong := mismatch(key, got); wrong != "" {
				t.Errorf("%s.%s: %s", rule.Rule.ID, parameter.Name, wrong)
			}
		}
	}
	if strings.Contains(string(text), `\u003c`) {
		t.Error("it is escaped for HTML")
	}
}
