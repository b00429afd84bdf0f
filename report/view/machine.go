// SPDX-License-Identifier: Apache-2.0

package view

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/complytime/pataudit/audit"
)

// PlainTime is an instant that OSCAL can hold. The beginning of 1970 stands for none: an instant
// is required where it means nothing.
func PlainTime(t time.Time) time.Time {
	if t = t.UTC(); t.Year() < 1900 || t.Year() > 2999 {
		return time.Unix(0, 0).UTC()
	}
	return t
}

// DocumentTime is the instant of a document: of the last judgement in it.
func DocumentTime(d *Document) time.Time {
	var last time.Time
	for _, run := range d.Runs {
		if run.AsOf.After(last) {
			last = run.AsOf
		}
	}
	return PlainTime(last)
}

// DocumentID returns the id of a document by its content: what was seen, by what it was judged,
// and what is shown.
func DocumentID(d *Document) string {
	parts := []string{"document", d.Tool.Name, d.Tool.Version, d.View.Only, d.View.Filter.String()}
	for _, run := range d.Runs {
		parts = append(parts, run.Organization.Key(), run.Digest, run.Policy.Digest,
			run.AsOf.UTC().Format(time.RFC3339Nano), run.CollectedAt.UTC().Format(time.RFC3339Nano),
			fmt.Sprint(run.Summary, run.Incomplete.Texts(), run.NotSeen.Texts()))
		for i := range run.Settings {
			parts = append(parts, settingID(&run.Settings[i]))
		}
		if run.Unsaved {
			parts = append(parts, "unsaved")
		}
	}
	for _, f := range d.Failed {
		parts = append(parts, f.Organization, f.Reason.String())
	}
	return UUID(parts...)
}

// settingID returns all that a report holds of a claim.
func settingID(s *audit.SettingResult) string {
	text := fmt.Sprint(s.Setting, s.Value, s.Since.Unix(), s.State, s.Against, s.Facts, s.Attested)
	if d := s.Attestation; d != nil {
		text += strings.Join([]string{
			d.Value, d.By, DayOf(d.On), DayOf(d.Until), d.Reason, d.Ticket,
		}, "\x00")
	}
	return text
}

// UUID is the UUID of version 5 of a name in parts, in the namespace of URLs.
func UUID(parts ...string) string { return UUIDOf(parts...).String() }

// UUIDOf is [UUID] in 16 bytes, for those of which there are many.
// [uuid.NewSHA1] does the same with seven allocations.
func UUIDOf(parts ...string) uuid.UUID {
	const usual = 256 // bytes of a name
	name := append(make([]byte, 0, usual), uuid.NameSpaceURL[:]...)
	name = append(name, audit.Home+"/"...)
	for i, part := range parts {
		if i > 0 {
			name = append(name, 0)
		}
		name = append(name, part...)
	}
	sum := sha1.Sum(name)
	id := uuid.UUID(sum[:len(uuid.UUID{})])
	id[6], id[8] = id[6]&0x0f|0x50, id[8]&0x3f|0x80 // version 5, of RFC 9562
	return id
}

// AskedRules lists the rules that some run asked, each once.
func AskedRules(runs []*audit.Run) []*audit.RuleCount {
	var rules []*audit.RuleCount
	seen := map[string]bool{}
	for _, run := range runs {
		for i := range run.Rules {
			if r := &run.Rules[i]; r.Asked && !seen[r.Rule.ID] {
				seen[r.Rule.ID] = true
				rules = append(rules, r)
			}
		}
	}
	return rules
}

// Hash is a short name without a meaning, of parts that have one.
func Hash(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// Counted ranges over what the policy counts: the tokens, and the pending requests if it counts
// them as tokens.
func Counted(run *audit.Run) iter.Seq[*audit.Result] {
	if !run.Policy.FailOnRequests {
		return run.Results()
	}
	return Both(run)
}

// Both ranges over a run's tokens, and then over its pending requests.
func Both(run *audit.Run) iter.Seq[*audit.Result] {
	return func(yield func(*audit.Result) bool) {
		for _, results := range []iter.Seq[*audit.Result]{run.Results(), run.Requests()} {
			for r := range results {
				if !yield(r) {
					return
				}
			}
		}
	}
}

// KindOf returns whether a result is of a request or a token.
func KindOf(r *audit.Result) string {
	if r.Request != nil {
		return audit.KindRequest
	}
	return audit.KindToken
}

// FailsIf returns the name of a rule where its title alone, beside a pass, would say the opposite
// of what is so: "unused (fails if: The token is no longer used)".
func FailsIf(r *audit.Rule) string { return r.ID + " (fails if: " + r.Title + ")" }
