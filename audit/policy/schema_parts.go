// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"maps"

	"github.com/complytime/pataudit/audit"
)

// The parts of the schema that do not come from the rules.

func ratifiedSchema() schema {
	return object(schema{keyBy: text("A person or a body."), keyOn: daySchema()}, keyBy, keyOn)
}

func daySchema() schema {
	return schema{"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
}

func overridesSchema(rules schema) schema {
	texts := func(description string) schema {
		return oneOrList(schema{"type": "string", "minLength": 1}, description)
	}
	when := object(schema{
		keyOwner: ownersSchema(),
		keyToken: oneOrList(schema{"type": "integer", "minimum": 1}, "Token ids."),
		keyName:  texts("Globs of token names; owners choose the names."),
		keyRepository: texts("Globs of repositories that the token reaches, name or owner/name; " +
			"beside an owner or a token the override only loosens for tokens that reach no others."),
		keyPermission: texts("name:level or group:name:level; a stronger level matches, too."),
	})
	when["minProperties"] = 1
	ofRules := object(rules)
	ofRules["minProperties"] = 1
	return described(schema{
		"type": "array", "minItems": 1,
		"items": object(schema{
			keyName: text("What reports call it; no two are the same."),
			keyWhen: described(when,
				"Which tokens: each part has to match, by one of its entries."),
			keyRules: described(ofRules, "What is asked of them."),
		}, keyName, keyWhen, keyRules),
	}, "Other severities and parameters for some tokens. With owner or token, and without name or "+
		"permission, an override replaces the policy; any other is judged beside it. The worst "+
		"answer stands.")
}

func waiversSchema(limits map[audit.Severity]int) schema {
	properties := schema{}
	for severity := audit.Info; severity <= audit.Critical; severity++ {
		properties[severity.String()] = schema{
			"type": "integer", "minimum": 1, "maximum": longestWaiver, "default": limits[severity],
		}
	}
	return described(object(properties),
		"How many days a waiver may last, by the severity that it accepts.")
}

func testsSchema(rules schema) schema {
	return described(schema{
		"type": "array", "minItems": 1,
		"items": object(schema{
			keyName:  text("What the example shows."),
			keyToken: tokenSchema(),
			keyAsOf:  described(timeSchema(), "When the token is judged."),
			keyOrganization: described(schema{
				"type":                 "object",
				"additionalProperties": enum("public", "private", "internal"),
			}, "Further repositories of the organization, owner/name: visibility."),
			keyExpect: schema{"oneOf": []schema{
				{"const": expectClean},
				with(object(rules), "minProperties", 1),
			}},
		}, keyName, keyToken, keyExpect),
	}, "Examples that `pataudit policy test` judges.")
}

// tokenSchema returns the schema of a token in the keys of the JSON report.
func tokenSchema() schema {
	level := schema{"type": "string", "minLength": 1}
	repository := schema{"type": "string", "pattern": "^[^/]+/[^/]+$"}
	levels := schema{"type": "object", "additionalProperties": level}
	return described(object(schema{
		keyName:    text("The token's name."),
		"token_id": schema{"type": "integer", "minimum": 1},
		keyOwner: object(schema{
			keyID:    schema{"type": "integer", "minimum": 1},
			keyLogin: schema{"type": "string", "minLength": 1},
			"role": withNull(enum(string(audit.RoleAdmin), string(audit.RoleMember),
				string(audit.RoleOutside), string(audit.RoleNone))),
			"two_factor": withNull(schema{"type": "boolean"}),
		}),
		"repository_selection": schema{"type": "string", "minLength": 1},
		"repositories": schema{"oneOf": []schema{
			repository, {"type": "array", "items": repository}, {"type": "null"},
		}},
		"permissions":  withNull(schema{"type": "object", "additionalProperties": levels}),
		"granted_at":   withNull(timeSchema()),
		"expires_at":   withNull(timeSchema()),
		"expired":      schema{"type": "boolean"},
		"last_used_at": withNull(timeSchema()),
	}), "What is not said is as in a clean token.")
}

func timeSchema() schema {
	return schema{"type": "string", "pattern": `^([0-9]{4}-[0-9]{2}-[0-9]{2}|[+-][0-9]+d)`}
}

// object returns the schema of a mapping without other keys.
func object(properties schema, required ...string) schema {
	s := schema{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		s["required"] = required
	}
	return s
}

func oneOrList(item schema, description string) schema {
	return described(schema{
		"oneOf": []schema{item, {"type": "array", "minItems": 1, "items": item}},
	}, description)
}

func withNull(s schema) schema { return schema{"oneOf": []schema{s, {"type": "null"}}} }

func enum(words ...string) schema { return schema{"enum": words} }

func severities(description string) schema {
	return described(enum(audit.SeverityNames()...), description)
}

func text(description string) schema {
	return described(schema{"type": "string", "minLength": 1}, description)
}

// described returns a schema with a description, if there is one.
func described(s schema, description string) schema {
	if description == "" {
		return s
	}
	return with(s, "description", description)
}

func with(s schema, key string, value any) schema {
	s = maps.Clone(s)
	s[key] = value
	return s
}
