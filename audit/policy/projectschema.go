// SPDX-License-Identifier: Apache-2.0

package policy

import "github.com/complytime/pataudit/audit"

// ProjectSchema returns the JSON Schema of project files, as [Schema] returns that of policies.
func ProjectSchema(rules []*audit.Rule) ([]byte, error) {
	written, err := policySchema(rules)
	if err != nil {
		return nil, err
	}
	common, each := schema{keyVersion: schema{"const": 1}}, schema{}
	for i := range ProjectKeys {
		k := &ProjectKeys[i]
		value := k.schema()
		if k.Each {
			each[k.Name] = described(value, k.Meaning)
		}
		if k.kind == policyValue {
			value = schema{"oneOf": []schema{value, written}}
		}
		if k.kind == registryValue {
			value = schema{"oneOf": []schema{value, registrySchema()}}
		}
		meaning := k.Meaning
		if k.Named {
			meaning += "; only in a file that --config names"
		}
		common[k.Name] = described(value, meaning)
	}
	login := schema{"type": "string", "pattern": loginForm.String()}
	common[keyOrganizations] = described(schema{"oneOf": []schema{
		login,
		{"type": "array", "minItems": 1, "items": login},
		{"type": "object", "additionalProperties": object(each)},
	}}, "whose tokens are audited; a mapping sets for each what differs from the rest")
	return printed(object(common, keyVersion), "pataudit project file")
}

// schema returns the schema of what a key says.
func (k *ProjectKey) schema() schema {
	switch k.kind {
	case switchValue:
		return schema{"type": "boolean"}
	case pathsValue:
		return oneOrList(text(""), "")
	case sourcesValue:
		return oneOrList(enum(Sources...), "")
	default:
		return schema{"type": []string{"string", "integer"}, "minLength": 1}
	}
}
