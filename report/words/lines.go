// SPDX-License-Identifier: Apache-2.0

package words

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

// Line is a text about a run under a label. Its text is not sanitized.
type Line struct {
	Topic Topic
	Text  string
	Alert bool // somebody has to look at it
}

// Topic is what a line is about. Formats know by it which lines they draw in a way of their own.
type Topic string

// The topics, in their order.
const (
	// Of what was seen, in [Head].
	TopicEvidence Topic = "evidence"
	TopicNotSeen  Topic = "not_seen"
	TopicNotAsked Topic = "not_asked"
	TopicRegistry Topic = "registry"
	TopicSetting  Topic = "setting" // a line for each claim
	TopicSince    Topic = "since_last"
	TopicChanged  Topic = "changed"
	TopicNotUsed  Topic = "not_used"
	TopicDebt     Topic = "debt"
	TopicFiltered Topic = "filtered"

	// In place of tokens, in [Figures].
	TopicWorst     Topic = "worst"
	TopicFindings  Topic = "findings"
	TopicRules     Topic = "rules"
	TopicNotJudged Topic = "not_judged"

	// Beside the tokens that have a row, in [Tail].
	TopicOthers    Topic = "others"
	TopicGone      Topic = "gone"
	TopicOverdue   Topic = "overdue"
	TopicExpiring  Topic = "expiring"
	TopicDecisions Topic = "decisions"
	TopicRequests  Topic = "requests"
	TopicClassic   Topic = "classic"

	// Of who judged, in [Origin].
	TopicPolicy         Topic = "policy"
	TopicRatified       Topic = "ratified"
	TopicPolicyDigest   Topic = "policy_digest"
	TopicJudged         Topic = "judged_as_of"
	TopicCollected      Topic = "evidence_collected"
	TopicEvidenceDigest Topic = "evidence_digest"
	TopicTool           Topic = "judged_by"
	TopicProject        Topic = "project_file"
)

// Label returns the topic as people read it: "Not seen".
func (t Topic) Label() string {
	return Heading(strings.ReplaceAll(string(t), "_", " "))
}

// Heading returns a word of ours as it stands above a column.
func Heading(word string) string { return strings.ToUpper(word[:1]) + word[1:] }

// lines collects those that have a text.
type lines []Line

func (l *lines) add(topic Topic, text string, alert bool) {
	if text != "" {
		*l = append(*l, Line{topic, text, alert})
	}
}

// Head returns what the verdict on a run rests on, and what it does not cover. The reasons why
// a run is incomplete are beside it, in the run: each format shows them at the verdict. Marks
// reports that rows show by marks what is new.
func Head(p *view.Part, marks bool) []Line {
	var l lines
	run, v := p.Run, &p.Doc.View
	l.add(TopicEvidence, Evidence(run), false)
	l.add(TopicNotSeen, NotSeen(run), false)
	l.add(TopicNotAsked, NotAsked(run), false)
	if run.Registry != nil {
		l.add(TopicRegistry, Registry(run.Registry), len(run.Registry.OtherIDs) > 0)
	}
	for i := range run.Settings {
		s := &run.Settings[i]
		l.add(TopicSetting, Claimed(run, s), s.State == audit.SettingContradicted)
	}
	l.add(TopicSince, sinceCounts(run, marks), false)
	l.add(TopicChanged, changed(run), true)
	l.add(TopicNotUsed, NotUsed(run, p.Doc.Tool), true)
	if d := run.Debt; d != nil {
		l.add(TopicDebt, Debt(d, p.Figures), d.Worse+d.Ended > 0)
	}
	if shown := v.Shown(); shown != "" {
		l.add(TopicFiltered, "the lists show "+shown+" only; the figures count all", false)
	}
	return l
}

// Figures counts, by severity and by rule, where no token may be named.
func Figures(p *view.Part) []Line {
	var l lines
	s := &p.Run.Summary
	worst := view.WithExpired(s.ByWorst[:], p.Figures.Expired[:])
	l.add(TopicWorst, "tokens by their worst finding: "+cmp.Or(worst, "none"), false)
	l.add(TopicFindings, view.WithExpired(s.BySeverity[:], p.Figures.ExpiredFindings[:]), false)
	l.add(TopicRules, rulesThat(p.Run, audit.Fail), false)
	l.add(TopicNotJudged, rulesThat(p.Run, audit.Indeterminate), false)
	return l
}

// rulesThat counts the answers of one kind by rule: "2 toxic-permissions, 1 expired-grant".
func rulesThat(run *audit.Run, answer audit.Status) string {
	var parts []string
	for i := range run.Rules {
		parts = append(parts, safe.Counted(run.Rules[i].Counts[answer], run.Rules[i].Rule.ID))
	}
	return safe.Join(", ", parts...)
}

// Tail returns what there is beside the tokens that have a row: the others, what is due, and what
// waits. A line lists at most so many names, and none in a document that is nameless.
func Tail(p *view.Part, most int) []Line {
	var l lines
	run := p.Run
	l.add(TopicOthers, others(p), false)
	l.add(TopicGone, gone(run, most), false)
	l.add(TopicOverdue, overdue(p, most), true)
	l.add(TopicExpiring, expiring(p, most), false)
	decisions, _, urgent := Decisions(run.Decisions)
	l.add(TopicDecisions, decisions, urgent)
	requests, bad := Requests(run)
	l.add(TopicRequests, requests, len(bad) > 0 && run.Policy.FailOnRequests)
	if run.Classic != nil {
		l.add(TopicClassic, classic(run), false)
	}
	return l
}

// expiring returns which tokens in use expire soon: "1 in use, within 14 days: publish (bob, 3
// d)".
func expiring(p *view.Part, most int) string {
	soon := p.Figures.Expiring
	if len(soon) == 0 {
		return ""
	}
	text := fmt.Sprintf("%d in use, within 14 days", len(soon))
	if p.Doc.Nameless {
		return text
	}
	var names []string
	for _, t := range soon {
		names = append(names, fmt.Sprintf("%s (%s, %s)", ShortName(t), OwnerLogin(t),
			ExpiresText(t, p.Run.AsOf)))
	}
	return text + safe.Around(": ", strings.Join(FirstOf(names, most, 0), ", "), "")
}

// Origin returns who judged, by what, and on what.
func Origin(p *view.Part) []Line {
	var l lines
	run := p.Run
	requests := "pending requests do not count"
	if run.Policy.FailOnRequests {
		requests = "pending requests count"
	}
	l.add(TopicPolicy, fmt.Sprintf("%s; violations from %s up; %s", run.Policy.Name,
		run.Policy.FailOn, requests), false)
	l.add(TopicRatified, ratified(run.Policy.Ratified), false)
	l.add(TopicPolicyDigest, run.Policy.Digest, false)
	l.add(TopicJudged, Minute(run.AsOf)+Clock(run), false)
	l.add(TopicCollected, Minute(run.CollectedAt), false)
	l.add(TopicEvidenceDigest, view.OrUnknown(run.Digest), false)
	l.add(TopicTool, p.Doc.Tool.Name+" "+p.Doc.Tool.Version, false)
	if tool := p.Doc.Tool; tool.ProjectFile != "" {
		l.add(TopicProject, tool.ProjectFile+" "+tool.ProjectDigest, false)
	}
	return l
}

// Signature returns the policy that judged and who put it into force, where there is little room:
// "policy complytime token guide sha256:9c1f40aa…", "ratified by marta-h on 2026-11-01"; and the
// project file.
func Signature(p *view.Part) []string {
	texts := []string{policy(p)}
	if by := ratified(p.Run.Policy.Ratified); by != "" {
		texts = append(texts, safe.Terminal("ratified "+by))
	}
	if tool := p.Doc.Tool; tool.ProjectFile != "" {
		texts = append(texts, safe.Terminal("project file "+tool.ProjectFile+" "+
			ShortDigest(tool.ProjectDigest)))
	}
	return texts
}

// NamesWithheld is what a document that names nobody lacks, and how to get it.
const NamesWithheld = "this is a public place, or may be one: names are left out; " +
	"--allow-public shows them, and -o FILE writes them to a file"

// others returns how many tokens have no row of their own, by why; "" for a part of a run.
func others(b *view.Part) string {
	if b.Figures.Partial(b.Run) {
		return "" // what was left out may say more of those that are here, too
	}
	var parts []string
	for s := audit.Critical; s > audit.NoSeverity; s-- {
		parts = append(parts, safe.Counted(b.Figures.Minor[s], s.String()))
	}
	clean := "without a finding"
	if b.Run.Complete {
		clean = "clean"
	}
	standing := &b.Figures.Standing
	parts = append(parts,
		safe.Join(", ", safe.Counted(standing[view.Clean], clean),
			safe.Counted(b.Figures.Waived, "of them by a waiver")),
		safe.Counted(standing[view.Indebted], "with accepted debt alone"),
		safe.Counted(standing[view.Expired],
			safe.Noun(standing[view.Expired], "expired grant")+", still listed"))
	return safe.Join("; ", parts...)
}

// policy returns the name and the digest of the policy that judged.
func policy(b *view.Part) string {
	name, digest := b.Run.Policy.Name+" ", b.Run.Policy.Digest
	short := ShortDigest(digest)
	if b.Run.Policy.Name == short {
		name = "" // it has no other
	}
	if !b.Doc.View.Verbose {
		digest = short
	}
	return safe.Terminal("policy " + name + digest)
}
