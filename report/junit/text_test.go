// SPDX-License-Identifier: Apache-2.0

package junit

import (
	"bytes"
	"encoding/xml"
	"strings"
	"testing"

	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/safe"
)

func checkJUnitText(t *testing.T, s string) {
	t.Helper()
	got := safe.JUnitText(s)
	if strings.ContainsFunc(got, reporttest.Hidden) || safe.JUnitText(got) != got {
		t.Errorf("JUnitText(%.60q) = %.60q", s, got)
	}
	var b bytes.Buffer
	c := caseElement{Name: got, Failure: &reasonElement{Message: got, Text: got}, Out: got}
	if err := xml.NewEncoder(&b).Encode(c); err != nil {
		t.Fatal(err)
	}
	n := reporttest.ParseXML(t, b.Bytes())
	failure, out := n.Children[0], n.Children[1]
	for _, back := range []string{n.Attrs["name"], failure.Attrs["message"], failure.Text, out.Text} {
		if back != got {
			t.Errorf("%.60q came back as %.60q", got, back)
		}
	}
}

func TestJUnitText(t *testing.T) {
	for _, s := range append([]string{"]]>", "<!--", "&amp;", "a]]"}, reporttest.Payloads...) {
		if s != "" {
			checkJUnitText(t, s)
		}
	}
}

func FuzzJUnitText(f *testing.F) {
	for _, s := range reporttest.Payloads {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if s != "" {
			checkJUnitText(t, s)
		}
	})
}
