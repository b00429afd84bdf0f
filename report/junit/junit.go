// SPDX-License-Identifier: Apache-2.0

// Package junit writes what an audit found as test cases, for the test reports of CI servers.
package junit

import (
	"encoding/xml"
	"io"
	"iter"
	"strconv"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// Format is for the test reports of CI servers: a suite per organization, and in it a test case
// per rule and token. It says no more and no less than the verdict does:
//
//   - failure: a finding that breaks the policy. There is one exactly if the run has
//     violations.
//   - error: what keeps the evidence from being complete. There is one exactly if it is not.
//   - skipped, with the reason: a failing finding that does not count (below the policy's
//     threshold, accepted debt, of a pending request that the policy does not fail on), one that
//     is waived, a rule that does not apply, was not asked, or is not required and cannot be
//     judged.
//
// The first two cases of a suite are about the evidence and the policy as a whole, whatever rows
// the view chooses; where something was not seen, the latter is skipped rather than passed. The
// passes of a rule are one case, "other tokens", unless all were asked for: 100,000 tokens would
// be two million cases. The timestamp is the instant at which the tokens were judged, in UTC.
var Format = view.Format{
	Name:  "junit",
	Doc:   "test cases, for the reports of CI servers: a failure is a violation",
	Ext:   []string{".xml"},
	Write: write,
}

func write(w io.Writer, d *view.Document) error {
	j := &writer{enc: xml.NewEncoder(w), view: &d.View}
	j.enc.Indent("", "  ")
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	suites := suitesOf(d)
	var sum counts
	for i := range suites {
		for c := range suites[i].cases {
			suites[i].counts[c.status]++
			sum[c.status]++
		}
	}
	root := element("testsuites", append(sum.attributes("pataudit"), "time", noTime)...)
	j.token(root)
	for i := range suites {
		j.suite(&suites[i])
	}
	j.token(root.End())
	if j.err != nil {
		return j.err
	}
	if err := j.enc.Close(); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// writer keeps the first error.
type writer struct {
	enc  *xml.Encoder
	view *view.View
	err  error
}

// testSuite is one organization's. Its cases are made anew on each pass.
type testSuite struct {
	name       string
	timestamp  string // "" if unknown
	properties [][2]string
	cases      iter.Seq[testCase]
	counts     counts
}

// counts are how many cases have each status.
type counts [skipped + 1]int

// attributes are those that a suite and all of them share.
func (c *counts) attributes(name string) []string {
	return []string{
		"name", name, "tests", strconv.Itoa(c[passed] + c[failed] + c[errored] + c[skipped]),
		"failures", strconv.Itoa(c[failed]), "errors", strconv.Itoa(c[errored]),
	}
}

// noTime is how long each suite and case took, in seconds: readers compute with it, and some
// show NaN, or stop, where it is missing. How long an audit took is not part of a report.
const noTime = "0"

// The wire format. Everything else of the common schema is optional.
type (
	caseElement struct {
		XMLName xml.Name       `xml:"testcase"`
		Class   string         `xml:"classname,attr"`
		Name    string         `xml:"name,attr"`
		Time    string         `xml:"time,attr"`
		Failure *reasonElement `xml:"failure"`
		Error   *reasonElement `xml:"error"`
		Skipped *reasonElement `xml:"skipped"`
		Out     string         `xml:"system-out,omitempty"`
	}
	reasonElement struct {
		Type    string `xml:"type,attr"`
		Message string `xml:"message,attr"`
		Text    string `xml:",cdata"`
	}
	propertyElement struct {
		XMLName xml.Name `xml:"property"`
		Name    string   `xml:"name,attr"`
		Value   string   `xml:"value,attr"`
	}
)

func (j *writer) token(t xml.Token) {
	if j.err == nil {
		j.err = j.enc.EncodeToken(t)
	}
}

func (j *writer) value(v any) {
	if j.err == nil {
		j.err = j.enc.Encode(v)
	}
}

func (j *writer) suite(s *testSuite) {
	start := element("testsuite", append(s.counts.attributes(safe.JUnitText(s.name)),
		"skipped", strconv.Itoa(s.counts[skipped]), "time", noTime, "timestamp", s.timestamp)...)
	j.token(start)
	properties := element("properties")
	j.token(properties)
	for _, p := range s.properties {
		j.value(propertyElement{Name: p[0], Value: safe.JUnitText(p[1])})
	}
	j.token(properties.End())
	for c := range s.cases {
		j.value(c.wire(s.name))
		if j.err != nil {
			return
		}
	}
	j.token(start.End())
}

// element starts one with attributes by name and value; an empty one is left out.
func element(name string, attributes ...string) xml.StartElement {
	start := xml.StartElement{Name: xml.Name{Local: name}}
	for i := 0; i < len(attributes); i += 2 {
		if attributes[i+1] != "" {
			start.Attr = append(start.Attr, xml.Attr{
				Name: xml.Name{Local: attributes[i]}, Value: attributes[i+1],
			})
		}
	}
	return start
}

// wire returns the element of a case. CI servers group by what is before the last dot of a class.
func (c *testCase) wire(suite string) caseElement {
	w := caseElement{
		Class: safe.JUnitText(suite + "." + c.class), Name: safe.JUnitText(c.name), Time: noTime,
		Out: c.out,
	}
	reason := &reasonElement{Type: c.kind, Message: safe.JUnitText(c.message)}
	if c.finding != nil {
		reason.Text = caseText(c.finding, c.result)
	}
	switch c.status {
	case failed:
		w.Failure = reason
	case errored:
		w.Error = reason
	case skipped:
		w.Skipped = reason
	case passed:
	}
	return w
}

// caseText returns what a finding rests on, and what to do, a line each.
func caseText(f *audit.Finding, r *audit.Result) string {
	t := r.Token
	var lines []string
	add := func(what, text string) {
		if text != "" {
			lines = append(lines, safe.JUnitText(what+": "+text))
		}
	}
	add("rests on", strings.Join(f.Basis, ", "))
	add("not learned", f.Missing.String())
	if f.Waiver != nil {
		add("waived", words.Waiver(f.Waiver, t))
	}
	if f.Exceeded != nil {
		add("more than was waived", strings.Join(f.More, ", "))
	} else {
		add("more than accepted debt", strings.Join(f.More, ", "))
	}
	add("known", words.Term(f))
	add("gained since the last run", strings.Join(audit.GrownNames(r.Gained), ", "))
	add("judged by the override", f.Override)
	if f.Status == audit.Fail {
		add("remedy", f.Rule.Rule.Remedy)
	}
	return strings.Join(lines, "\n")
}
