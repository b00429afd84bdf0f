// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"
)

func field(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: field FILE PATH WANT")
	}
	var value any
	decoder := json.NewDecoder(strings.NewReader(ts.ReadFile(args[0])))
	decoder.UseNumber()
	ts.Check(decoder.Decode(&value))
	for step := range strings.SplitSeq(args[1], ".") {
		var err error
		value, err = below(value, step)
		if err != nil {
			ts.Fatalf("%s: %s: %v", args[0], args[1], err)
		}
	}
	text, ok := value.(string)
	if !ok || strings.HasPrefix(args[2], `"`) {
		encoded, err := json.Marshal(value)
		ts.Check(err)
		text = string(encoded)
	}
	if (text == args[2]) == neg {
		ts.Fatalf("%s: %s is %s; want %s", args[0], args[1], text, args[2])
	}
}

// below takes one step into a JSON value; "length" is an array's.
func below(value any, step string) (any, error) {
	switch inner := value.(type) {
	case map[string]any:
		if found, ok := inner[step]; ok {
			return found, nil
		}
	case []any:
		if step == "length" {
			return len(inner), nil
		}
		if i, err := strconv.Atoi(step); err == nil && i < len(inner) {
			return inner[i], nil
		}
	}
	return nil, fmt.Errorf("there is no %q", step)
}

// same compares two JSON files, but for some keys of their outermost object.
func same(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: same FILE FILE KEY...")
	}
	var values [2]map[string]any
	for i := range values {
		ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[i])), &values[i]))
		for _, key := range args[2:] {
			delete(values[i], key)
		}
	}
	if diff := cmp.Diff(values[0], values[1]); diff != "" {
		ts.Fatalf("%s and %s differ: %s", args[0], args[1], diff)
	}
}
