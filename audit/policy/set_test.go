// SPDX-License-Identifier: Apache-2.0

package policy_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/policy"
)

func TestSet(t *testing.T) {
	p := parse(t, "rules: {long-expiration: {share: 0.5}}")
	before := p.Digest
	longExpiration(t, p).Check(nil) // keeps a pattern
	for _, expr := range []string{
		"long-expiration.max_days=30", "long-expiration.deny=[foo, bar]",
		"long-expiration.severity=low", "unused.asked=false", "unused.required=false",
		"new-rule.days=16",
	} {
		if err := policy.Set(p, expr); err != nil {
			t.Error(err)
		}
		if p.Digest == before {
			t.Errorf("%s: the digest is the same", expr)
		}
	}
	want := &age{
		MaxDays: 30, Share: .5, Deny: []string{"foo", "bar"}, Limits: defaultLimits,
	}
	if diff := cmp.Diff(want, longExpiration(t, p), cmp.AllowUnexported(age{})); diff != "" {
		t.Error(diff)
	}
	if got := longExpiration(t, p).Check(nil).Message; got != "foo|bar" {
		t.Errorf("it still looks for %q", got)
	}
	if rule(t, p, "long-expiration").Severity != audit.Low || rule(t, p, "unused").Asked ||
		rule(t, p, "unused").Required {
		t.Errorf("%+v", p.Rules)
	}
	same := parse(t, `rules:
  long-expiration: {share: 0.5, max_days: 30, deny: [foo, bar], severity: low}
  new-rule: {days: 16}
  unused: {asked: false}`)
	if p.Digest != same.Digest {
		t.Error("set and written, it has two digests")
	}
}

func TestSetRefuses(t *testing.T) {
	tests := map[string]string{
		"":                            `"" is not RULE.KEY=VALUE`,
		"unused":                      "is not RULE.KEY=VALUE",
		"unused=1":                    "is not RULE.KEY=VALUE",
		"unsued.asked=true":           `setting unsued.asked: the rule "unsued" is unknown; did`,
		"unused.aksed=true":           `the key "aksed" is unknown; did you mean asked?`,
		"unused.asked=":               "there is nothing in it",
		"unused.asked=~":              "there is no value",
		"unused.asked=perhaps":        "asked: wants true or false",
		"unused.severity=none":        `severity: severity "none" is none of`,
		"long-expiration.max_days=x":  "max_days: max_days: wants a whole number",
		"long-expiration.max_days=-1": "max_days: cannot be below zero",
		"long-expiration.max_days=[":  "did not find",
		"long-expiration.deny=[&a x]": "anchors and aliases",
		"long-expiration.share=.inf":  `".inf" is no plain number`,
	}
	for expr, want := range tests {
		t.Run(expr, func(t *testing.T) {
			p := parse(t, "")
			err := policy.Set(p, expr)
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("got  %v\nwant %s", err, want)
			}
			untouched := parse(t, "")
			if p.Digest != untouched.Digest || !cmp.Equal(longExpiration(t, p),
				longExpiration(t, untouched), cmp.AllowUnexported(age{})) {
				t.Errorf("it was changed nevertheless: %+v", longExpiration(t, p))
			}
		})
	}
}
