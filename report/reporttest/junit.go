// SPDX-License-Identifier: Apache-2.0

package reporttest

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"testing"
)

// Node is an element as a strict parser reads it.
type Node struct {
	Name     string
	Attrs    map[string]string
	Text     string
	Children []*Node
}

// ParseXML returns what a strict parser reads, whose children are the elements at the top.
func ParseXML(t *testing.T, written []byte) *Node {
	t.Helper()
	dec := xml.NewDecoder(bytes.NewReader(written))
	root := &Node{}
	open := []*Node{root}
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		parent := open[len(open)-1]
		switch token := token.(type) {
		case xml.StartElement:
			n := &Node{Name: token.Name.Local, Attrs: map[string]string{}}
			for _, a := range token.Attr {
				if _, twice := n.Attrs[a.Name.Local]; twice || a.Name.Space != "" {
					t.Fatalf("attribute %v", a.Name)
				}
				n.Attrs[a.Name.Local] = a.Value
			}
			parent.Children = append(parent.Children, n)
			open = append(open, n)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			parent.Text += string(token)
		}
	}
	if len(root.Children) != 1 {
		t.Fatalf("%d roots", len(root.Children))
	}
	return root.Children[0]
}

// JUnitCases returns the cases of a suite, by class and name.
func JUnitCases(t *testing.T, n *Node) map[string]*Node {
	t.Helper()
	found := map[string]*Node{}
	for _, c := range n.Children {
		if c.Name != "testcase" {
			continue
		}
		key := c.Attrs["classname"] + " / " + c.Attrs["name"]
		if found[key] != nil {
			t.Errorf("twice: %s", key)
		}
		found[key] = c
	}
	return found
}

// JUnitOutcome returns the element that a case has beside its output: "failure"; "" if it passes.
func JUnitOutcome(t *testing.T, n *Node) string {
	t.Helper()
	said := ""
	for _, c := range n.Children {
		if c.Name != "system-out" {
			if said += c.Name; c.Attrs["message"] == "" || c.Attrs["type"] == "" {
				t.Errorf("%s of %q says nothing", c.Name, n.Attrs["name"])
			}
		}
	}
	return said
}
