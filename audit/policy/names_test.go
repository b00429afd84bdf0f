// SPDX-License-Identifier: Apache-2.0

package policy_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/policy"
	catalog "github.com/complytime/pataudit/audit/rules"
)

// places are where a policy names permissions: allowed names, and rights with a level.
var places = map[string]string{
	"allow": "rules: {excess-write: {allow: [%q]}}",
	"need": "rules: {toxic-permissions: {add_combinations: [{id: a, needs: [%q], " +
		"severity: low, reason: b}]}}",
	"condition": "overrides: [{name: a, when: {permission: %q}, rules: {unused: {severity: low}}}]",
}

// TestNamesThatAreReadCanMatch: a name with a slip is refused, in its line and with the name that
// is near, unless a permission has that name. What is read, some permission of the table meets.
func TestNamesThatAreReadCanMatch(t *testing.T) {
	table := audit.GitHubPermissions().All()
	rapid.Check(t, func(t *rapid.T) {
		place := rapid.SampledFrom([]string{"allow", "need", "condition"}).Draw(t, "place")
		info := rapid.SampledFrom(table).Draw(t, "permission")
		level := rapid.SampledFrom([]string{"read", "write", "admin"}).Draw(t, "level")
		name := misspelt(t, info.Name)
		text := info.Group + ":" + name
		if place != "allow" {
			text += ":" + level
		} else {
			level = audit.LevelWrite
		}
		meets := slices.ContainsFunc(table, func(i audit.PermissionInfo) bool {
			return i.Group == info.Group && i.Name == name && i.Reaches(level)
		})
		_, err := policy.Parse("p.yaml",
			[]byte("version: 1\n"+fmt.Sprintf(places[place], text)), catalog.All)
		switch {
		case meets && err != nil:
			t.Fatalf("%s is refused: %v", text, err)
		case !meets && err == nil:
			t.Fatalf("%s is read, and matches nothing", text)
		case !meets && !strings.HasPrefix(err.Error(), "p.yaml:2:"):
			t.Fatalf("%s: no place: %v", text, err)
		case !meets && len(name) > 5 && name != info.Name && !strings.Contains(name, ":") &&
			!strings.Contains(err.Error(), "did you mean") &&
			!strings.Contains(err.Error(), "never held"):
			t.Fatalf("%s: no near name: %v", text, err)
		}
	})
}

// misspelt returns a name with a slip of the hand, or as it is.
func misspelt(t *rapid.T, name string) string {
	at := rapid.IntRange(0, len(name)-1).Draw(t, "at")
	switch rapid.IntRange(0, 5).Draw(t, "slip") {
	case 0:
		return name[:at] + name[at+1:]
	case 1:
		return name[:at] + name[at:at+1] + name[at:]
	case 2:
		return strings.ToUpper(name[:1]) + name[1:]
	case 3:
		return strings.ReplaceAll(name, "_", "-")
	case 4:
		return name + " "
	}
	return name
}

// TestNamesAreDeclared holds that a name which is newer than the table can be declared, wherever
// in the file, and is known then at its levels alone.
func TestNamesAreDeclared(t *testing.T) {
	const declared = "\npermissions: [" +
		"{group: repository, name: moon, levels: [read, write], read: none}]"
	for place, text := range map[string]string{
		"allow": "moon", "need": "moon:write", "condition": "repository:moon:read",
	} {
		file := "version: 1\n" + fmt.Sprintf(places[place], text)
		_, err := policy.Parse("p.yaml", []byte(file), catalog.All)
		if err == nil || !strings.Contains(err.Error(), "is declared under permissions") {
			t.Errorf("%s: %v", place, err)
		}
		p, err := policy.Parse("p.yaml", []byte(file+declared), catalog.All)
		if err != nil {
			t.Errorf("%s: %v", place, err)
			continue
		}
		if err := policy.Set(p, "excess-write.allow=[moon, contents]"); err != nil {
			t.Errorf("%s: %v", place, err)
		}
		err = policy.Set(p, "excess-write.allow=[mon]")
		if err == nil || !strings.Contains(err.Error(), "did you mean moon?") {
			t.Errorf("%s: %v", place, err)
		}
	}
	file := "version: 1\n" + fmt.Sprintf(places["need"], "moon:admin") + declared
	if _, err := policy.Parse("p.yaml", []byte(file), catalog.All); err == nil {
		t.Error("a level that was not declared is read")
	}
}

// TestNumbers holds that a number is what it seems, in every place of every file, and in bounds.
func TestNumbers(t *testing.T) {
	for _, number := range []string{
		"030", "0x1e", "1_000", "0o17", "0b11", "+30", "3e1", "00", ".5", "09", "30d", "1:30",
		"9223372036854775807", "9223372036854775808", "99999999999999999999", "-1", "36501",
	} {
		for _, place := range []string{
			"rules: {long-expiration: {max_days: %s}}", "waivers: {low: %s}",
			"overrides: [{name: a, when: {owner: 2}, rules: {unused: {days: %s}}}]",
		} {
			text := "version: 1\n" + fmt.Sprintf(place, number)
			if p, err := policy.Parse("p.yaml", []byte(text), catalog.All); err == nil {
				t.Errorf("%s is read: %+v", text, p.Rules)
			}
		}
		p := parseReal(t, "")
		if err := policy.Set(p, "unused.days="+number); err == nil {
			t.Errorf("--set unused.days=%s is taken", number)
		}
	}
	for _, number := range []string{"1", "30", "3660"} {
		parseReal(t, "waivers: {low: "+number+"}\nrules: {long-expiration: {max_days: "+number+"}}")
	}
	parseReal(t, `name: "030"`)
	parseReal(t, "name: 030")
}

// TestLeadingZero holds that a number with a zero before it is refused with these words, and that
// nothing is said of a value that nobody wrote.
func TestLeadingZero(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.StringMatching(`0{1,3}[1-9][0-9]{0,2}`).Draw(t, "number")
		for _, place := range []string{
			"rules: {long-expiration: {max_days: %s}}", "waivers: {low: %s}", "sla: {low: %s}",
			"sla: {low: %sd}", "overrides: [{name: a, when: {token: %s}, rules: {unused: {days: 3}}}]",
			"overrides: [{name: a, when: {owner: 2}, rules: {unused: {days: %s}}}]",
		} {
			_, err := policy.Parse("p", []byte("version: 1\n"+fmt.Sprintf(place, number)), catalog.All)
			if err == nil || strings.Count(err.Error(), "p:2:") != 1 ||
				!strings.Contains(err.Error(), number+`" begins with a zero`) {
				t.Errorf(place+": %v", number, err)
			}
		}
	})
	_, err := policy.Parse("p", []byte("version: 1\n"+
		`rules: {long-expiration: {max_days: "30"}}`), catalog.All)
	if err == nil || strings.Count(err.Error(), "p:2:") != 1 {
		t.Errorf("of a text in place of a number: %v", err)
	}
}

// TestTextsThatLookLikeNumbers holds that a login is a text, whatever YAML would make of it.
func TestTextsThatLookLikeNumbers(t *testing.T) {
	login := rapid.OneOf(
		rapid.SampledFrom([]string{"1e3", "007", "0x1F", "1-2", "no", "on", "y", "0b1", "0o7", "1_0"}),
		rapid.StringMatching(`[0-9][0-9a-fx]{0,5}`),
	)
	rapid.Check(t, func(t *rapid.T) {
		want := login.Draw(t, "login")
		p, err := policy.Parse("p", []byte("version: 1\nname: "+want+"\noverrides: [{name: x, "+
			"when: {owner: {id: 7, login: "+want+"}}, rules: {unused: {days: 3}}}]"), catalog.All)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Overrides[0].When.Owners; len(got) != 1 || got[0].Login != want || p.Name != want {
			t.Errorf("%s is read as %v, and as the name %q", want, got, p.Name)
		}
		text, err := policy.Format(p)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := policy.Parse("p", text, catalog.All); err != nil || again.Digest != p.Digest {
			t.Errorf("written and read again: %v\n%s", err, text)
		}
	})
}

func parseReal(t *testing.T, text string) *audit.Policy {
	t.Helper()
	p, err := policy.Parse("p.yaml", []byte("version: 1\n"+text), catalog.All)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
