// SPDX-License-Identifier: Apache-2.0

package history

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
)

var (
	noon    = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	present = noon.AddDate(10, 0, 0) // when the tests save
)

// day is noon, so many days later.
func day(n int) time.Time { return noon.AddDate(0, 0, n) }

// says is a checker that looks up its answer by token; others pass.
type says map[int64]audit.Verdict

func (s says) Check(subject *audit.Subject) audit.Verdict {
	if verdict, told := s[subject.Token.ID]; told {
		return verdict
	}
	return audit.Verdict{Status: audit.Pass}
}

var (
	fails   = audit.Verdict{Status: audit.Fail, Severity: audit.High}
	milder  = audit.Verdict{Status: audit.Fail, Severity: audit.Low}
	passes  = audit.Verdict{Status: audit.Pass}
	unknown = audit.Verdict{}
	applies = audit.Verdict{Status: audit.NotApplicable}
)

func rule(id string, answers says) audit.PolicyRule {
	return audit.PolicyRule{
		Rule:    &audit.Rule{ID: id, Severity: audit.Critical, OfExpired: true},
		Checker: answers, Severity: audit.Critical, Asked: true,
	}
}

// acme is the organization of most tests.
func acme() *audit.Organization {
	return &audit.Organization{Login: "Acme", ID: 7, Host: "github.com"}
}

// token is one about which everything is known.
func token(id int64) *audit.Token {
	return &audit.Token{
		ID: id, TokenID: 10 * id, Name: fmt.Sprintf("token %d", id), Known: ^audit.Facts(0),
		Owner:     &audit.Member{ID: 5, Login: "Octocat"},
		Selection: audit.SelectSubset, ExpiresAt: day(30),
		Permissions:  []audit.Permission{{Group: "repository", Name: "contents", Level: "read"}},
		Repositories: []*audit.Repository{{ID: 3, Name: "acme/site"}},
	}
}

// seen is complete evidence of some tokens.
func seen(at time.Time, tokens ...*audit.Token) *audit.Evidence {
	e := &audit.Evidence{
		Organization: acme(), Tokens: tokens, CollectedAt: at,
		Digest: fmt.Sprintf("sha256:%d", at.UnixMicro()),
	}
	for _, source := range audit.Sources {
		e.Coverage = append(e.Coverage, audit.Coverage{
			Source: source, Status: audit.Complete, Items: len(tokens),
		})
	}
	return e
}

// partly makes evidence incomplete.
func partly(e *audit.Evidence) *audit.Evidence {
	e.Coverage[0].Status = audit.Partial
	e.Coverage[0].Reason = audit.Because("pages contradict each other")
	return e
}

// judged is a run of evidence as an entry, as of when that was collected.
func judged(e *audit.Evidence, rules ...audit.PolicyRule) *Entry {
	return judgedAsOf(time.Time{}, e, rules...)
}

// judgedAsOf is a run of evidence as an entry, as of an instant.
func judgedAsOf(asOf time.Time, e *audit.Evidence, rules ...audit.PolicyRule) *Entry {
	run := audit.Evaluate(e, &audit.Policy{
		Name: "guide", Digest: "sha256:policy", FailOn: audit.Medium, Rules: rules,
	}, audit.Options{AsOf: asOf, AllowEmpty: true})
	return &Entry{
		Run: run, Tool: "pataudit test", Criteria: &audit.Criteria{
			PolicyDigest: run.Policy.Digest, Policy: []byte("fail_on: medium\n"),
		},
		Report: documentOf(reported(run, "test")), Snapshot: documentOf("snapshot " + e.Digest),
	}
}

// documentOf is a document with a text.
func documentOf[T string | []byte](text T) *Document {
	d, err := NewDocument(func(w io.Writer) error {
		_, err := w.Write([]byte(text))
		return err
	})
	if err != nil {
		panic(err)
	}
	return d
}

// textOf returns the text of a document that was read without an error.
func textOf(d *Document, err error) (string, error) {
	if err != nil {
		return "", err
	}
	r, err := d.Reader()
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(r)
	return string(text), err
}

// reported is a report with as much of a run as its head says, and then its evidence.
func reported(run *audit.Run, version string) []byte {
	named := func(counts [audit.Critical + 1]int) map[string]int {
		names := map[string]int{}
		for severity := audit.Info; severity <= audit.Critical; severity++ {
			names[severity.String()] = counts[severity]
		}
		return names
	}
	h := &head{
		AsOf: run.AsOf, CollectedAt: run.CollectedAt, Verdict: run.Outcome().String(),
		Complete: run.Complete, Incomplete: run.Incomplete.Texts(), Evidence: run.Digest,
	}
	h.Tool.Name, h.Tool.Version = "pataudit", version
	h.Organization.Login, h.Organization.ID = run.Organization.Login, run.Organization.ID
	h.Organization.Host = run.Organization.Host
	h.Policy.Name, h.Policy.Digest = run.Policy.Name, run.Policy.Digest
	h.Policy.FailOn = run.Policy.FailOn.String()
	s := &h.Summary
	s.Tokens, s.Active, s.People = run.Summary.Tokens, run.Summary.Active, run.Summary.People
	s.Violating, s.Overdue = run.Summary.Violating, run.Summary.Overdue
	s.Requests = run.Summary.Requests
	s.Worst, s.By = named(run.Summary.ByWorst), named(run.Summary.ViolatingBy)
	s.Indebted = named(run.Summary.IndebtedBy)
	text, err := json.Marshal(h)
	if err != nil {
		panic(err)
	}
	return append(bytes.TrimSuffix(text, []byte("}")),
		fmt.Sprintf(`,"rules":[],"tokens":%q}`, "report "+run.Digest)...)
}

// saved saves an entry that is new.
func saved(t testing.TB, s *Store, e *Entry) int64 {
	t.Helper()
	number, again, err := s.Save(context.Background(), present, e)
	if err != nil || again {
		t.Fatalf("number %d, again %v, %v", number, again, err)
	}
	return number
}

func recalled(t testing.TB, s *Store, before time.Time) *audit.Memory {
	t.Helper()
	memory, err := s.Recall(context.Background(), acme(), nil, 0, before)
	if err != nil {
		t.Fatal(err)
	}
	return memory
}

// recalledBy is what is remembered for who asks something by the rule "r".
func recalledBy(t rapid.TB, s *Store, asks string, before time.Time) *audit.Memory {
	t.Helper()
	memory, err := s.Recall(context.Background(), acme(), map[string]string{"r": asks}, 0, before)
	if err != nil {
		t.Fatal(err)
	}
	return memory
}

// since tells since when a token fails the rule "r"; the zero time if it does not.
func since(m *audit.Memory, token int64) time.Time {
	if past := m.Tokens[token]; past != nil {
		return past.Failing["r"]
	}
	return time.Time{}
}

// child runs this test's program as a writer that never ends: it prints the number of each run
// that it saved.
func writeForever(at string) {
	fail := func(err error) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	location, err := Parse(at)
	if err != nil {
		fail(err)
	}
	s, err := Open(context.Background(), location)
	if err != nil {
		fail(err)
	}
	start := time.Now()
	big := strings.Repeat("report ", 50_000)
	for {
		var tokens []*audit.Token
		for id := range int64(50) {
			tokens = append(tokens, token(id+1))
		}
		e := judged(seen(start.Add(time.Since(start)), tokens...),
			rule("r", says{1 + time.Now().UnixNano()%50: fails}))
		e.Report = documentOf(string(reported(e.Run, "test")) + big + e.Run.Digest)
		number, _, err := s.Save(context.Background(), present, e)
		if err != nil {
			fail(err)
		}
		fmt.Printf("saved %d %s\n", number, e.Run.Digest)
	}
}
