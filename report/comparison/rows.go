// SPDX-License-Identifier: Apache-2.0

package comparison

import (
	"fmt"
	"slices"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// What changed of a token, in words. What is worse has a row of its own; of what is better or
// harmless the names are enough.

// mostGained is how many rights a row lists.
const mostGained = 3

// ownRow reports whether a change is for the worse, or may be.
func ownRow(d *audit.Delta) bool {
	return len(d.Opened)+len(d.Gained) > 0 || d.RoleChanged
}

// deltaGroup is the tokens that changed in one way.
type deltaGroup struct {
	label  string
	tokens []*audit.Delta
}

// split returns the changes that have rows of their own, and the others by what is most worth
// knowing of them.
func (c *Comparison) split() (rows []*audit.Delta, groups []deltaGroup) {
	labels := []string{
		"new", "renewed", "not seen", "waived", "debt", "gone", "expired", "narrowed", "milder",
		"closed",
	}
	byLabel := map[string][]*audit.Delta{}
	for i := range c.Deltas {
		d := &c.Deltas[i]
		if ownRow(d) {
			rows = append(rows, d)
			continue
		}
		label := labels[slices.Index([]bool{
			d.Appeared(), d.Renewed, d.Unseen, len(d.Waived) > 0, len(d.Indebted) > 0, d.Gone(), d.Expired,
			len(d.Lost) > 0, len(d.Milder) > 0, true,
		}, true)]
		byLabel[label] = append(byLabel[label], d)
	}
	for _, label := range labels {
		if tokens := byLabel[label]; tokens != nil {
			groups = append(groups, deltaGroup{label, tokens})
		}
	}
	return rows, groups
}

// names lists the tokens of a group, with what changed of each.
func (g *deltaGroup) names(most int) string {
	var names []string
	for _, d := range g.tokens[:min(len(g.tokens), most)] {
		about := []string{words.OwnerLogin(d.Token())}
		switch g.label {
		case "renewed":
			about = append(about, untilWhen(d.New.Token))
		case "narrowed":
			about = append(about, lostText(d.Lost))
		case "waived":
			about = append(about, rulesIn(d.Waived))
		case "debt":
			about = append(about, rulesIn(d.Indebted))
		case "milder":
			about = append(about, milderText(d.Milder))
		case "closed":
			about = append(about, rulesIn(d.Fixed))
		}
		name := words.ShortName(d.Token())
		names = append(names, fmt.Sprintf("%s (%s)", name, strings.Join(about, ", ")))
	}
	return strings.Join(words.FirstOf(names, most, len(g.tokens)-len(names)), ", ")
}

func untilWhen(t *audit.Token) string {
	if t.ExpiresAt.IsZero() {
		return "without an expiry now"
	}
	return "until " + view.DayOf(t.ExpiresAt)
}

// widenedText returns what a token can do now: "widened by …; reaches … now".
func widenedText(gained []string) string { return rightsText("widened by ", gained, " now") }

// lostText returns what a token can do no more.
func lostText(lost []string) string { return rightsText("no more ", lost, " no more") }

// rightsText returns what a token gained or lost: permissions, and apart from them repositories.
func rightsText(start string, all []string, end string) string {
	var rights, reach []string
	for _, what := range all {
		if name, found := audit.Reached(what); found {
			reach = append(reach, name)
		} else if what == audit.EveryRepository {
			reach = append(reach, what)
		} else {
			rights = append(rights, what)
		}
	}
	return safe.Join("; ", safe.Around(start, words.Few(rights, mostGained), ""),
		safe.Around("reaches ", words.Few(reach, mostGained), end))
}

// deltaText returns all that changed of a token, the worst first.
func deltaText(d *audit.Delta) string {
	var parts []string
	add := func(happened bool, text string) {
		if happened {
			parts = append(parts, text)
		}
	}
	add(d.Appeared(), "new")
	add(d.Unseen && d.Old == nil, "not seen before")
	add(d.Unseen && d.New == nil, "not seen now")
	add(len(d.Gained) > 0, widenedText(d.Gained))
	if d.RoleChanged {
		add(true, fmt.Sprintf("owner: %s, was %s", words.Role(d.New.Token), words.Role(d.Old.Token)))
	}
	for i := range d.Opened {
		add(true, openedText(&d.Opened[i]))
	}
	if d.Renewed {
		add(true, "renewed "+untilWhen(d.New.Token))
	}
	add(d.Expired, "expired")
	add(len(d.Waived) > 0, "waived: "+rulesIn(d.Waived))
	add(len(d.Indebted) > 0, "accepted as debt: "+rulesIn(d.Indebted))
	add(len(d.Lost) > 0, lostText(d.Lost))
	add(d.Gone(), "gone")
	add(len(d.Milder) > 0, "milder: "+milderText(d.Milder))
	add(len(d.Fixed) > 0, "closed: "+rulesIn(d.Fixed))
	return safe.Terminal(strings.Join(parts, "; "))
}

// openedText returns what a token fails now: "fails no-expiration (high)".
func openedText(c *audit.Change) string {
	text := fmt.Sprintf("fails %s (%s", c.New.Rule.Rule.ID, c.New.Severity)
	switch old := c.Old; {
	case old == nil:
	case old.InBaseline:
		text += ", was accepted debt"
	case old.Status == audit.Fail:
		text += ", was " + old.Severity.String()
	case old.Status == audit.Waived:
		text += ", was waived"
	}
	return text + ")"
}

// rulesIn lists the rules of findings that are open no more.
func rulesIn(changes []audit.Change) string {
	var ids []string
	for i := range changes {
		old := changes[i].Old
		ids = append(ids, fmt.Sprintf("%s (%s)", old.Rule.Rule.ID, old.Severity))
	}
	return strings.Join(ids, ", ")
}

// milderText returns how findings fail now: "no-expiration (low, was high)".
func milderText(changes []audit.Change) string {
	var texts []string
	for i := range changes {
		c := &changes[i]
		texts = append(texts, fmt.Sprintf("%s (%s, was %s)", c.New.Rule.Rule.ID, c.New.Severity,
			c.Old.Severity))
	}
	return strings.Join(texts, ", ")
}
