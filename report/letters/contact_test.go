// SPDX-License-Identifier: Apache-2.0

package letters

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/reporttest"
)

// TestLettersToContacts: whatever a registry says, the letters are about the same tokens, each in
// one letter. Those of a bot are in its contact's, which is about no other owner; a file has a
// name that does no harm, whatever a report that was read back says of the contact.
func TestLettersToContacts(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		registry := &audit.Registry{}
		contacts := rapid.SampledFrom([]string{
			"Alice", "alice", "marta-h", "", "../../x", "bob/..", "a\x00", "[x](https://evil)", "x_acme",
		})
		for _, login := range []string{"bob", "ex-kim", "jdoe", "tsuki"} {
			if rapid.Bool().Draw(rt, "registered") {
				registry.Owners = append(registry.Owners, &audit.Registration{
					Login: login, Contact: contacts.Draw(rt, "contact"), Team: "<b>web</b>",
					Kind: rapid.SampledFrom(audit.OwnerKinds).Draw(rt, "kind"),
				})
			}
		}
		without, _ := lettersOf(t, reporttest.DecidedDocument())
		all, unowned := lettersOf(t, reporttest.Judged(reporttest.Violating(), func(p *audit.Policy) {
			*p = *reporttest.DecidedPolicy()
			p.Registry = registry
		}))
		if n := tokensOf(all); n != tokensOf(without) || unowned != 0 {
			rt.Fatalf("%d tokens of %d, %d unowned", n, tokensOf(without), unowned)
		}
		files := map[string]bool{}
		for _, l := range all {
			if files[l.File()] || !IsFile(l.File()) {
				rt.Fatalf("file %q", l.File())
			}
			files[l.File()] = true
			addressed(rt, l, registry, written(t, l))
		}
		var index bytes.Buffer
		if err := WriteIndex(&index, all); err != nil {
			rt.Fatal(err)
		}
		named, err := ReadIndex(&index)
		if err != nil || len(named) != len(all) {
			rt.Fatalf("%q, %v", named, err)
		}
	})
}

func tokensOf(letters []*Letter) (n int) {
	for _, l := range letters {
		n += l.Tokens
	}
	return n
}

// addressed holds that a letter goes to who is to act on its tokens, and tells of nobody else.
func addressed(t *rapid.T, l *Letter, registry *audit.Registry, text string) {
	for _, part := range l.parts {
		for _, r := range part.breaking {
			entry := registry.Of(r.Token)
			bot := entry != nil && entry.Kind == audit.Bot &&
				contactForm.MatchString(strings.ToLower(entry.Contact))
			switch {
			case bot != l.Contact:
				t.Fatalf("%+v is in the letter to %q", entry, l.Login)
			case bot && (!strings.EqualFold(entry.Contact, l.Login) ||
				!strings.EqualFold(entry.Login, part.bot.Login)):
				t.Fatalf("%+v is in the letter to %q about %+v", entry, l.Login, part.bot)
			case !bot && r.Token.Owner.ID != l.OwnerID:
				t.Fatalf("%+v is in the letter to %d", r.Token.Owner, l.OwnerID)
			}
		}
		if l.Contact != strings.Contains(text, "You answer for ") ||
			l.Contact && strings.Contains(text, " of yours ") {
			t.Fatalf("to a contact: %v\n%s", l.Contact, text)
		}
	}
	if strings.Contains(strings.ReplaceAll(text, "`<b>web</b>`", ""), "<b>") { // no code
		t.Fatalf("acts: %s", text)
	}
}

// TestOrphanedLetters: where the contact has left, the letter goes to the bot, and says that it is
// so: what the organization's tokens can do is none of the contact's matter any more.
func TestOrphanedLetters(t *testing.T) {
	gone := &audit.Rule{
		ID: "contact-not-member", Title: "gone", Severity: audit.High, OfRegistered: true,
		New: func() audit.Checker {
			return reporttest.Check(func(*audit.Subject) audit.Verdict {
				return reporttest.Fails("its contact has left", "contact")
			})
		},
	}
	letters, _ := lettersOf(t, reporttest.Judged(reporttest.Violating(), func(p *audit.Policy) {
		p.Rules = append(p.Rules, audit.PolicyRule{
			Rule: gone, Checker: gone.New(), Severity: gone.Severity, Asked: true,
		})
		p.Registry = &audit.Registry{Owners: []*audit.Registration{
			{Login: "bob", Kind: audit.Bot, Contact: "alice"},
		}}
	}))
	i := slices.IndexFunc(letters, func(l *Letter) bool { return l.Login == "bob" })
	if i < 0 || letters[i].Contact || !letters[i].Orphaned {
		t.Fatalf("%d: %+v", i, letters)
	}
	for _, l := range letters {
		if l.Orphaned != (l.Login == "bob") || strings.Contains(written(t, l), "alice") {
			t.Errorf("%s: orphaned %v", l.Login, l.Orphaned)
		}
	}
}

// TestHiddenOrphans: a report that leaves findings out may not say whose contact has left.
// Whatever it shows, no letter about a bot of such a contact goes to that one.
func TestHiddenOrphans(t *testing.T) {
	gone := &audit.Rule{
		ID: "contact-not-member", Title: "gone", Severity: audit.High,
		OfRegistered: true, New: func() audit.Checker {
			return reporttest.Check(func(*audit.Subject) audit.Verdict {
				return reporttest.Fails("its contact has left", "contact")
			})
		},
	}
	whole := reporttest.Judged(reporttest.Violating(), func(p *audit.Policy) {
		p.Rules = append(p.Rules, audit.PolicyRule{
			Rule: gone, Checker: gone.New(), Severity: gone.Severity, Asked: true,
		})
		p.Registry = &audit.Registry{Owners: []*audit.Registration{
			{Login: "bob", Kind: audit.Bot, Contact: "alice"},
		}}
	})
	rapid.Check(t, func(rt *rapid.T) {
		part := *whole
		part.Runs = slices.Clone(whole.Runs)
		for i, run := range whole.Runs {
			var kept []*audit.Result
			for r := range run.Results() {
				if !rapid.Bool().Draw(rt, "shown") {
					continue
				}
				some := *r
				some.Findings = slices.DeleteFunc(slices.Clone(r.Findings),
					func(*audit.Finding) bool { return rapid.Bool().Draw(rt, "left out") })
				kept = append(kept, &some)
			}
			part.Runs[i] = audit.Restored(run, kept, nil)
		}
		letters, _, err := Of(&part)
		if err != nil {
			return
		}
		for _, l := range letters {
			if l.Contact {
				rt.Fatalf("a letter to %s, who has left", l.Login)
			}
		}
	})
}
