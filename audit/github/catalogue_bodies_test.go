// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/githubtest"
	"github.com/complytime/pataudit/report/xlsx"
)

// bodyCases are section B: what is wrong with a body.
func bodyCases() []situation {
	said := func(name, text, words string) situation {
		return replied(name, words, githubtest.Fault{Body: &text})
	}
	const invalid = "not one whole JSON value"
	return []situation{
		replied("empty_body_200", "empty", githubtest.Fault{Mode: githubtest.ModeEmpty}),
		said("null_200", "null", "null"),
		said("object_instead_of_array", "{}", "not a list"),
		said("message_200", `{"message": "Server Error"}`, "not a list"),
		said("[null]", "[null]", "record 1"),
		said("[{}]", "[{}]", "record 1"),
		htmlPage("html_200_unicorn", "<!DOCTYPE html>\n<title>Unicorn! &middot; GitHub</title>"),
		htmlPage("html_200_sso_login", "<html>\x1b[2J\u202e"+strings.Repeat("<p>Sign in</p>\n", 1000)),
		replied("truncated_json", invalid, githubtest.Fault{Mode: githubtest.ModeCut}),
		onTheWire("content_length_short_after_complete_value", "cut short", 4,
			ok("[]", "Content-Length: 100")),
		onTheWire("chunked_no_terminator", "cut short", 4,
			ok("2\r\n[]\r\n", "Transfer-Encoding: chunked")),
		onTheWire("gzip_trailer_missing", "cut short", 4, zipped(func(whole []byte) []byte {
			return whole[:len(whole)-8]
		})),
		onTheWire("gzip_corrupt", "gzip: invalid checksum", 4, zipped(func(whole []byte) []byte {
			whole[len(whole)-8] ^= 1
			return whole
		})),
		said("trailing_garbage_after_array", "[] x", invalid),
		said("two_arrays", "[][]", invalid),
		said("duplicate_keys", `[{"id": 1, "id": 2}]`, invalid),
		{name: "case_variant_keys", variants: []situation{
			{
				name: "beside", world: setting("Repository_Selection", `"none"`),
				holds: says("all-repositories", audit.Pass, "broad-selection", audit.Pass),
			},
			{
				name: "instead", exit: 4, world: func(w *githubtest.World) {
					setting("repository_selection", "")(w)
					setting("Repository_Selection", `"none"`)(w)
				},
				holds: says("all-repositories", audit.Indeterminate, "no-expiration", audit.Pass),
			},
		}},
		named("invalid_utf8_name", "\"sbom-\xff-upload\"", "sbom-\ufffd-upload"),
		named("lone_surrogate", `"sbom-\ud800-upload"`, "sbom-\ufffd-upload"),
		{name: "id", variants: []situation{
			numbered("0", "0"), numbered("negative", "-5"), numbered("float", "1.0"),
			numbered("string", `"7"`), numbered("above_2^63", "9223372036854775808"), exactID(),
		}},
		onTheWire("gzip_bomb", "larger than 32 MiB", 1, flood(true)),
		onTheWire("2GB_body", "larger than 32 MiB", 1, flood(false)),
		said("deep_nesting", strings.Repeat("[", 1_000_000), invalid),
		replied("wrong_content_type_json_body", `"text/plain", not JSON`, githubtest.Fault{
			Header: header("Content-Type", "text/plain"),
		}),
		replied("204_no_content", "204", githubtest.Fault{Status: http.StatusNoContent}),
		replied("202_accepted", "202", githubtest.Fault{Status: http.StatusAccepted, Body: body("[]")}),
		replied("206", "206", githubtest.Fault{Status: http.StatusPartialContent, Body: body("[]")}),
	}
}

// htmlPage is an HTML page where JSON should be: it is told from JSON, and quoted shortly.
func htmlPage(name, html string) situation {
	fault := githubtest.Fault{Body: &html, Header: header("Content-Type", "text/html")}
	s := replied(name, `"text/html", not JSON`, fault)
	for i := range s.variants {
		spared := s.variants[i].holds
		s.variants[i].holds = func(o *outcome) {
			spared(o)
			if said := o.said(); strings.ContainsAny(said, "\x1b\u202e") || len(said) > 1200 ||
				strings.Count(said, "Sign in") > 10 {
				o.t.Errorf("%q", said)
			}
		}
	}
	return s
}

func gzipped(text string) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(text))
	_ = w.Close() // neither fails in memory
	return b.Bytes()
}

// zipped answers with an empty list that was compressed and then spoilt.
func zipped(spoil func([]byte) []byte) func(net.Conn) {
	text := spoil(gzipped("[]"))
	return ok(string(text), "Content-Encoding: gzip", fmt.Sprintf("Content-Length: %d", len(text)))
}

// flood promises 2 GiB of blanks. They are made as they are taken, and end where nobody should
// read any more: whoever does finds the answer cut short.
func flood(zip bool) func(net.Conn) {
	const promised, made = 2 << 30, 40 << 20
	return func(conn net.Conn) {
		var w io.Writer = conn
		if zip {
			ok("", "Content-Encoding: gzip")(conn)
			w = gzip.NewWriter(conn)
		} else {
			ok("", fmt.Sprintf("Content-Length: %d", promised))(conn)
		}
		blanks := bytes.Repeat([]byte(" "), 1<<20)
		for range made / len(blanks) {
			if _, err := w.Write(blanks); err != nil {
				return
			}
		}
	}
}

// setting sets a key of the first token's record to some JSON; "" leaves the key out.
func setting(key, value string) func(*githubtest.World) {
	return func(w *githubtest.World) {
		g := w.Organizations[0].Grants[0]
		if value == "" {
			g.Omit = append(g.Omit, key)
			return
		}
		if g.Set == nil {
			g.Set = map[string]json.RawMessage{}
		}
		g.Set[key] = json.RawMessage(value)
	}
}

// says holds what rules say of the first token, and that the second one is clean: rule, status,
// rule, status.
func says(pairs ...any) func(*outcome) {
	return func(o *outcome) {
		for i := 0; i < len(pairs); i += 2 {
			rule, status := pairs[i].(string), pairs[i+1].(audit.Status)
			if f := o.says(0, rule); f.Status != status {
				o.t.Errorf("%s says %v (%s), not %v", rule, f.Status, f.Message, status)
			}
			if f := o.says(1, rule); f.Status != audit.Pass {
				o.t.Errorf("%s says %v of another token", rule, f.Status)
			}
		}
	}
}

// named is a token whose name is no text: it is kept, and what is broken in it is marked.
func named(name, value, kept string) situation {
	return situation{name: name, world: setting("token_name", value), holds: func(o *outcome) {
		if got := o.evidence.Tokens[0].Name; got != kept {
			o.t.Errorf("name %q", got)
		}
		if !utf8.Valid(o.json) || !bytes.Contains(o.json, []byte(kept)) {
			o.t.Error("the report does not have the name")
		}
	}}
}

// numbered is a list in which one id is no number of a grant.
func numbered(name, id string) situation {
	return situation{name: name, exit: 1, words: "record 1: id", world: setting("id", id)}
}

// exactID has ids that no float64 has: they are exact in every report.
func exactID() situation {
	const id = "9007199254740993"
	return situation{name: "above_2^53", grants: 4, world: func(w *githubtest.World) {
		g := w.Organizations[0].Grants[3]
		g.Set = map[string]json.RawMessage{
			"id": json.RawMessage(id), "token_id": json.RawMessage(id), "token_expires_at": []byte("null"),
		}
	}, exit: 3, holds: func(o *outcome) {
		if n := o.evidence.Tokens[3].ID; fmt.Sprint(n) != id {
			o.t.Errorf("id %d", n)
		}
		if !bytes.Contains(o.json, []byte(`"id": `+id+",")) {
			o.t.Error("the JSON report has another id")
		}
		if !strings.Contains(unzipped(o, write(o.t, xlsx.Format, o.run)), id) {
			o.t.Error("the workbook has another id")
		}
	}}
}

// unzipped returns all that is in a workbook.
func unzipped(o *outcome, data []byte) string {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		o.t.Fatal(err)
	}
	var all strings.Builder
	for _, file := range archive.File {
		r, err := file.Open()
		if err != nil {
			o.t.Fatal(err)
		}
		if _, err := io.Copy(&all, r); err != nil {
			o.t.Fatal(err)
		}
	}
	return all.String()
}
