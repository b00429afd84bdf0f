// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github"
	"github.com/complytime/pataudit/audit/github/githubtest"
	"github.com/complytime/pataudit/audit/snapshot"
	reportjson "github.com/complytime/pataudit/report/json"
	"github.com/complytime/pataudit/report/view"
)

// situation is one case of the catalogue of faults, or one variant of it.
type situation struct {
	name     string
	variants []situation        // in place of all that follows
	test     func(t *testing.T) // likewise: it is a test of another shape

	clock  time.Time               // GitHub's and ours; zero: the bubble's
	grants int                     // clean ones, the first three with a list; 0: just those three
	world  func(*githubtest.World) // changes it before it is served; nil: no
	faults []githubtest.Fault
	bench  func(*bench)        // our side of the situation; nil: as usual
	policy func(*audit.Policy) // changes the guide; nil: no
	empty  bool                // --allow-empty
	login  string              // "": as the organization is called

	exit     int           // of `pataudit audit`
	words    string        // part of the error, or of what the coverage says
	min, max time.Duration // that it takes, by the fake clock; max 0: however long
	holds    func(*outcome)
}

// outcome is what became of a situation.
type outcome struct {
	*bench
	evidence *audit.Evidence
	run      *audit.Run
	json     []byte // the report
	err      error  // in place of all the others
	took     time.Duration
}

// sections are the catalogue's.
func sections() []situation {
	return []situation{
		{name: "A", variants: countCases()},
		{name: "B", variants: bodyCases()},
		{name: "C", variants: fieldCases()},
		{name: "D", variants: timeCases()},
		{name: "E", variants: slices.Concat(answerCases(), weatherCases(), graphQLCases())},
		{name: "F", variants: concurrencyCases()},
		{name: "G", variants: missingCases()},
	}
}

// TestCatalogue makes every fault of the catalogue happen, under the catalogue's own names. With
// -short it samples all sections but F, which is about concurrency, and of all the variants.
func TestCatalogue(t *testing.T) {
	for _, section := range sections() {
		t.Run(section.name, func(t *testing.T) {
			for i, variant := range section.variants {
				if tenth(i) || section.name == "F" {
					t.Run(variant.name, variant.play)
				}
			}
		})
	}
}

// tenth reports whether the i-th case of an exhaustive test runs. With -short, which is how the
// race detector has it, every tenth one does.
func tenth(i int) bool { return !testing.Short() || i%10 == 0 }

func (s situation) play(t *testing.T) {
	t.Cleanup(func() {
		if t.Skipped() {
			t.Error("no case is skipped")
		}
	})
	switch {
	case s.variants != nil:
		for i, variant := range s.variants {
			if tenth(i) {
				t.Run(variant.name, variant.play)
			}
		}
	case s.test != nil:
		s.test(t)
	default:
		t.Parallel()
		inBubble(t, s.prepare, s.happen)
	}
}

func (s situation) prepare(w *githubtest.World) {
	if !s.clock.IsZero() {
		shift := time.Until(s.clock)
		w.Now = func() time.Time { return time.Now().Add(shift) }
	}
	grants(w, cmp.Or(s.grants, 3))
	if s.world != nil {
		s.world(w)
	}
	for _, fault := range s.faults {
		w.Faults = append(w.Faults, &fault)
	}
}

func (s situation) happen(b *bench) {
	b.config.Now = b.world.Now
	dialled := b.watchDials()
	if s.bench != nil {
		s.bench(b)
	}
	begun := time.Now()
	o := b.examine(s)
	o.took = time.Since(begun)
	if exit := o.exit(); exit != s.exit {
		b.t.Errorf("exit %d, not %d: %s", exit, s.exit, o.said())
	}
	if !strings.Contains(o.said(), s.words) {
		b.t.Errorf("%q does not tell %q", o.said(), s.words)
	}
	if o.took < s.min || s.max > 0 && o.took > s.max {
		b.t.Errorf("it took %v, not from %v to %v", o.took, s.min, s.max)
	}
	if others := dialled(); len(others) > 0 {
		b.t.Errorf("connected to %q", others)
	}
	if strings.Contains(o.said()+string(o.json), "ghs_") {
		b.t.Error("a secret is told")
	}
	if s.holds != nil && !b.t.Failed() {
		s.holds(o)
	}
}

// watchDials notes the connections to other hosts than the endpoint's: there are none that an
// Authorization could be sent to.
func (b *bench) watchDials() (others func() []string) {
	var mu sync.Mutex
	var dialled []string
	transport := b.config.Base.(*http.Transport)
	dial := transport.DialContext
	transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		if address != "127.0.0.1:80" {
			mu.Lock()
			dialled = append(dialled, address)
			mu.Unlock()
		}
		return dial(ctx, network, address)
	}
	return func() []string {
		mu.Lock()
		defer mu.Unlock()
		return dialled
	}
}

// examine audits by the guide, and holds that the report can be written and is the same from a
// snapshot.
func (b *bench) examine(s situation) *outcome {
	b.t.Helper()
	guide := guide(b.t)
	if s.policy != nil {
		s.policy(guide)
	}
	o := &outcome{bench: b}
	login := cmp.Or(s.login, b.world.Organizations[0].Login)
	source := github.New(b.config).Organization(login)
	if o.evidence, o.err = source.Collect(context.Background(), guide.Needs(0)); o.err != nil {
		return o
	}
	countsRequests(b.t, o.evidence)
	var saved bytes.Buffer
	digest, err := snapshot.Save(&saved, o.evidence)
	if err != nil {
		b.t.Fatal(err)
	}
	o.evidence.Digest = digest
	o.run = audit.Evaluate(o.evidence, guide, audit.Options{AllowEmpty: s.empty})
	o.json = write(b.t, reportjson.Format, o.run)
	var told struct{ Complete bool }
	if err := json.Unmarshal(o.json, &told); err != nil || told.Complete != o.run.Complete {
		b.t.Errorf("the report says complete: %v; %v", told.Complete, err)
	}
	again, err := snapshot.Open(&saved, "")
	if err != nil {
		b.t.Fatal(err)
	}
	offline := audit.Evaluate(again, guide,
		audit.Options{AsOf: o.run.AsOf, AllowEmpty: s.empty})
	if !bytes.Equal(o.json, write(b.t, reportjson.Format, offline)) {
		b.t.Error("the snapshot gives another report")
	}
	return o
}

func write(t *testing.T, format view.Format, run *audit.Run) []byte {
	t.Helper()
	var b bytes.Buffer
	document := &view.Document{Runs: []*audit.Run{run}}
	if err := format.Write(&b, document); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// exit is the code with which `pataudit audit` would end.
func (o *outcome) exit() int {
	if o.err != nil {
		return 1
	}
	switch o.run.Outcome() {
	case audit.Clean:
		return 0
	case audit.Violations:
		return 3
	case audit.Incomplete:
		return 4
	default:
		return 5
	}
}

// said is what a person is told of how it went.
func (o *outcome) said() string {
	if o.err != nil {
		return o.err.Error()
	}
	words := o.run.Incomplete.Texts()
	for _, c := range o.run.Coverage {
		words = append(words, fmt.Sprintf("%s %s %s", c.Source, c.Status, c.Reason))
	}
	return strings.Join(words, "; ")
}

// asked counts the requests whose URL has all of the parts.
func (o *outcome) asked(parts ...string) (n int) {
	for _, entry := range o.server.Log() {
		if !slices.ContainsFunc(parts, func(p string) bool { return !strings.Contains(entry.URL, p) }) {
			n++
		}
	}
	return n
}

// says returns what a rule says of the i-th token.
func (o *outcome) says(i int, rule string) audit.Finding {
	o.t.Helper()
	for result := range o.run.Results() {
		if result.Token != o.evidence.Tokens[i] {
			continue
		}
		for _, finding := range result.All() {
			if finding.Rule.Rule.ID == rule {
				return *finding
			}
		}
	}
	o.t.Fatalf("rule %s was not asked of token %d", rule, i)
	return audit.Finding{}
}

// tokens holds that so many were judged.
func (o *outcome) tokens(n int) {
	o.t.Helper()
	if len(o.evidence.Tokens) != n || o.run.Summary.Tokens != n {
		o.t.Errorf("%d tokens, not %d", len(o.evidence.Tokens), n)
	}
}

// TestCatalogueIsWhole holds that each case of the catalogue has a test, and each test a case.
func TestCatalogueIsWhole(t *testing.T) {
	tested := map[string]bool{}
	for _, section := range sections() {
		for _, s := range section.variants {
			tested[section.name+" "+s.name] = true
			if s.variants == nil {
				continue
			}
			for _, variant := range s.variants {
				tested[section.name+" "+s.name+": "+variant.name] = true
			}
		}
	}
	for name := range listed() {
		if !tested[name] {
			t.Errorf("%s has no test", name)
		}
		delete(tested, name)
	}
	for name := range tested {
		t.Errorf("%s is not in the catalogue", name)
	}
}
