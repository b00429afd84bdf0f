// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bytes"
	"encoding/xml"
	"strings"
	"testing"
)

func checkJUnitText(t *testing.T, s string) {
	t.Helper()
	got := JUnitText(s)
	if strings.ContainsFunc(got, hidden) || JUnitText(got) != got {
		t.Errorf("JUnitText(%.60q) = %.60q", s, got)
	}
	var b bytes.Buffer
	c := wireCase{Name: got, Failure: &wireReason{Message: got, Text: got}, Out: got}
	if err := xml.NewEncoder(&b).Encode(c); err != nil {
		t.Fatal(err)
	}
	n := parseXML(t, b.Bytes())
	failure, out := n.children[0], n.children[1]
	for _, back := range []string{n.attrs["name"], failure.attrs["message"], failure.text, out.text} {
		if back != got {
			t.Errorf("%.60q came back as %.60q", got, back)
		}
	}
}

func TestJUnitText(t *testing.T) {
	for _, s := range append([]string{"]]>", "<!--", "&amp;", "a]]"}, payloads...) {
		if s != "" {
			checkJUnitText(t, s)
		}
	}
}

func FuzzJUnitText(f *testing.F) {
	for _, s := range payloads {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if s != "" {
			checkJUnitText(t, s)
		}
	})
}
