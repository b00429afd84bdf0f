// SPDX-License-Identifier: Apache-2.0

package snapshot_test

import (
	"errors"
	"strings"
	"testing"
	"testing/iotest"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/snapshot"
)

// TestOpenRefuses changes one thing in a good snapshot, and wants to be told what and where.
func TestOpenRefuses(t *testing.T) {
	good, _ := save(t, sample())
	tests := map[string]struct{ from, to, want string }{
		"newer": {
			`"snapshot":1`, `"snapshot":2`,
			"1:13: snapshot: version 2 was written by a newer pataudit: update",
		},
		"older": {`"snapshot":1`, `"snapshot":0`, "1:13: snapshot: there is no version 0"},
		"version": {
			`"snapshot":1`, `"snapshot":"1"`,
			"1:13: snapshot: a whole number belongs",
		},
		"no snapshot": {
			`{"snapshot":1,`, `{"version":1,`,
			`1:2: version: the key "snapshot" belongs here`,
		},
		"a list":      {good, "[]", "1:1: a snapshot is an object"},
		"empty":       {good, "", "1:1: the file ends here"},
		"only space":  {good, " \n ", "2:2: the file ends here"},
		"garbage":     {good, "garbage", "1:1: "},
		"key missing": {`"requests":[`, `"request":[`, `the key "requests" belongs here`},
		"key order": {
			`"members":[`, `"tokens":[`,
			`7:1: tokens: the key "members" belongs here`,
		},
		"key twice": {`"members":[`, `"coverage":[`, `7:1: coverage: `},
		"one key more": {
			`"scopes":[]}]}`, `"scopes":[]}],"a":1}`,
			"no key comes after",
		},
		"unknown key": {`"token_id":99`, `"token":99`, "tokens/0/token: the key is unknown"},
		"letter case": {
			`"token_id":99`, `"Token_ID":99`,
			"tokens/0/Token_ID: the key is unknown",
		},
		"duplicate key": {
			`"token_id":99`, `"token_id":99,"token_id":98`,
			"tokens/0/token_id: duplicate",
		},
		"hostile key": {`"token_id":99`, "\"\u202e\u009b\":99", `tokens/0/\u202e\u009b: the key`},
		"time":        {`2027-01-29T00:00:00Z`, `2027-02-29`, "tokens/0/expires_at: a time like"},
		"offset": {
			`2027-01-29T00:00:00Z`, `2027-01-29T00:00:00+01:00`,
			"expires_at: the time is not in UTC",
		},
		"number":    {`"id":11`, `"id":"11"`, "18:7: tokens/1/id: a whole number belongs here"},
		"fraction":  {`"id":11`, `"id":11.0`, "tokens/1/id: "},
		"too large": {`"id":11`, `"id":9223372036854775808`, "tokens/1/id: "},
		"text":      {`"name":"a`, `"name":1,"x":"a`, "tokens/0/name: a string belongs here"},
		"boolean": {
			`"expired":true`, `"expired":"true"`,
			"tokens/1/expired: a boolean belongs here",
		},
		"list": {
			`"repositories":[]`, `"repositories":1`,
			"tokens/1/repositories: a list belongs here",
		},
		"id":         {`"id":11`, `"id":-1`, "18:1: tokens/1: id: -1 is no id"},
		"token id":   {`"token_id":99`, `"token_id":-9`, "17:1: tokens/0: token_id: -9 is no id"},
		"id missing": {`"id":11,`, ``, "18:1: tokens/1: id: 0 is no id"},
		"id twice":   {`"id":11`, `"id":10`, "18:1: tokens/1: id: 10 is there twice"},
		"id order":   {`"id":11`, `"id":9`, "18:1: tokens/1: id: 9 stands after 10"},
		"owner": {
			`"owner":7,"selection"`, `"owner":8,"selection"`,
			"17:1: tokens/0: owner: 8 is not among",
		},
		"owner zero": {
			`"owner":7,"selection"`, `"owner":0,"selection"`,
			"tokens/0: owner: 0 is not among",
		},
		"owner missing": {
			`"owner":7,"selection"`, `"selection"`,
			"tokens/0: known: owner, but there is no owner",
		},
		"repository": {
			`"repositories":[1]`, `"repositories":[3]`,
			"tokens/0: repositories/0: 3 is not among",
		},
		"repeated": {
			`"repositories":[1]`, `"repositories":[1,1]`,
			"tokens/0: repositories/1: 1 is there twice",
		},
		"organization's": {
			`[2,1]`, `[2,3]`,
			"15:29: organization_repositories: repositories/1: 3 is not",
		},
		"set": {
			`"permissions":1`, `"permissions":2`,
			"tokens/1: permissions: there is no set 2",
		},
		"set below zero": {
			`"permissions":1`, `"permissions":-1`,
			"tokens/1: permissions: there is no set -1",
		},
		"permission": {`,"write"]`, `]`, "permissions/0/0: "},
		"fact": {
			`"known":["selection"`, `"known":["sélection"`,
			`tokens/0: known: "sélection" is no fact`,
		},
		"no fact": {`"known":["selection"`, `"known":[""`, `tokens/0: known: `},
		"fact twice": {
			`"known":["selection"`, `"known":["selection","selection"`,
			`tokens/0: known: `,
		},
		"source": {
			`"source":"members"`, `"source":"stars"`,
			`6:1: coverage/1: source: "stars" is unknown`,
		},
		"source twice": {
			`"source":"members"`, `"source":"tokens"`,
			`coverage/1: source: "tokens" stands after`,
		},
		"status": {
			`"status":"complete"`, `"status":"clean"`,
			`5:1: coverage/0: status: "clean" is unknown`,
		},
		"reason code": {
			`{"code":"failed"`, `{"code":"octocat"`,
			"coverage/1: reason: it has a code that is unknown",
		},
		"count": {`"items":2`, `"items":-2`, "coverage/0: items and requests are counts"},
		"reason missing": {
			`,"reason":"listed twice"`, ``, "22:1: dropped/0: reason: a token is dropped for one",
		},
		"reason": {
			`"reason":"listed twice"`, `"reason":7`, "dropped/0/reason: a string belongs here",
		},
		"dropped zero": {`{"id":11,"reason"`, `{"id":0,"reason"`, "22:1: dropped/0: id: 0 is no id"},
		"only one of the younger keys": {
			`"manifest":[`, `"request":[`, `24:1: request: the key "manifest" belongs here`,
		},
		"exchange": {
			`"status":403`, `"status":403,"body":""`, "manifest/6/body: the key is unknown",
		},
		"exchange twice told": {
			`"status":403`, `"status":403,"status":200`, "manifest/6/status: duplicate",
		},
		"hash": {
			`"hash":"sha256:`, `"hash":"md5:`, "25:1: manifest/0: hash: ",
		},
		"date": {
			`"date":"2026-11-22T00:00:00Z"`, `"date":"2026-11-22T00:00:00+01:00"`,
			"manifest/0: date: the time is not in UTC",
		},
		"classic token's date": {
			`"authorized_at":"2026-01-01T00:00:00Z"`, `"authorized_at":"2026-01-01T00:00:00+01:00"`,
			"33:1: classic/0: authorized_at: the time is not in UTC",
		},
		"unbalanced": {`"id":12,"reason":"revoked`, `"id":10,"reason":"revoked`, "id: 10 stands after"},
		"a row less": {
			"},\n" + `{"id":12,"reason":"revoked during the run"}`, "}",
			"tokens: no pass of the manifest lists 2 and 1 dropped",
		},
		"role": {
			`"role":"member"`, `"role":"king"`,
			`8:1: members/0: role: "king" is unknown`,
		},
		"null row": {
			`{"id":2,"name":"complytime/a"}`, `null`,
			"11:1: repositories/1: a row cannot be null",
		},
		"null": {
			`"organization":{`, `"organization":null,"a":{`,
			"organization: there is none",
		},
		"invalid UTF-8":  {`octocat`, "octo\xffcat", "members/0/login: "},
		"lone surrogate": {`octocat`, `\ud800`, "members/0/login: "},
		"second value":   {"]}\n", "]}\n{}", "35:1: something follows the end"},
		"garbage after":  {"]}\n", "]}\nx", "35:1: "},
		"nested deep": {
			`"owner":7,"selection"`, `"owner":` + strings.Repeat("[", 1e6), "tokens/0/owner/0/0/0",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			bad := strings.Replace(good, test.from, test.to, 1)
			if bad == good {
				t.Fatal("nothing was changed")
			}
			e, err := snapshot.Open(strings.NewReader(bad), "evidence.json")
			if err == nil || e != nil {
				t.Fatalf("read it, as %+v", e)
			}
			message := err.Error()
			if !strings.HasPrefix(message, "evidence.json:") || !strings.Contains(message, test.want) {
				t.Errorf("got  %s\nwant %s", message, test.want)
			}
			if strings.ContainsAny(message, "\x1b\u009b\u202e\n") || len(message) > 400 {
				t.Errorf("not fit for a terminal: %.500q", message)
			}
			if name != "newer" && !strings.Contains(message, "not a snapshot that pataudit wrote") {
				t.Errorf("does not say what to make of it: %s", message)
			}
		})
	}
}

// TestOpenTruncated cuts a snapshot off at every byte.
func TestOpenTruncated(t *testing.T) {
	good, _ := save(t, sample())
	for n := range len(good) - 1 { // without its last newline it is whole
		_, err := snapshot.Open(strings.NewReader(good[:n]), "evidence.json")
		if err == nil {
			t.Fatalf("read the first %d of %d bytes", n, len(good))
		}
		if !strings.Contains(err.Error(), "the file ends here; it is cut off") {
			t.Fatalf("cut off after %d bytes: %v", n, err)
		}
	}
}

// TestOpenReadError holds that a disk that fails is not taken for a bad file.
func TestOpenReadError(t *testing.T) {
	good, _ := save(t, sample())
	broken := errors.New("input/output error")
	for n := range len(good) {
		r := iotest.DataErrReader(&failing{strings.NewReader(good[:n]), broken})
		_, err := snapshot.Open(r, "evidence.json")
		if !errors.Is(err, broken) || strings.Contains(err.Error(), "not a snapshot") {
			t.Fatalf("after %d bytes: %v", n, err)
		}
	}
}

type failing struct {
	*strings.Reader
	err error
}

func (f *failing) Read(p []byte) (int, error) {
	if f.Len() == 0 {
		return 0, f.err
	}
	return f.Reader.Read(p)
}

// TestOpenByteByByte holds that it does not matter how the bytes arrive, nor how they are spaced.
func TestOpenByteByByte(t *testing.T) {
	good, digest := save(t, sample())
	want := sample()
	want.Digest = digest
	got, err := snapshot.Open(iotest.OneByteReader(strings.NewReader(good)), "evidence.json")
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	spaced, err := snapshot.Open(strings.NewReader(good+strings.Repeat(" \n", 1e5)), "evidence.json")
	if err != nil {
		t.Fatal(err)
	}
	if spaced.Digest == digest {
		t.Error("the digest is not that of the bytes read")
	}
}

// TestOpenEndless holds that a value without end is given up before memory is.
func TestOpenEndless(t *testing.T) {
	for name, start := range map[string]string{
		"string": `{"snapshot":1,"collected_at":"`,
		"space":  `{"snapshot":1,`,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := snapshot.Open(&endless{start}, "evidence.json")
			if err == nil || !strings.Contains(err.Error(), "goes on for more than 16 MiB") {
				t.Error(err)
			}
		})
	}
}

type endless struct{ start string }

func (e *endless) Read(p []byte) (int, error) {
	n := copy(p, e.start)
	e.start = e.start[n:]
	for i := n; i < len(p); i++ {
		p[i] = ' '
	}
	return len(p), nil
}

// TestOpenWhole holds that a file that ends before its last keys does not open: what was dropped,
// and what the numbers rest on, is told or it is no evidence.
func TestOpenWhole(t *testing.T) {
	good, _ := save(t, sample())
	for _, key := range []string{"requests", "dropped", "manifest", "classic"} {
		short, _, _ := strings.Cut(good, ",\n\""+key+"\"")
		_, err := snapshot.Open(strings.NewReader(short+"}\n"), "evidence.json")
		if err == nil || !strings.Contains(err.Error(), `the key "`+key+`" belongs here`) {
			t.Errorf("without %s: %v", key, err)
		}
	}
}

// TestListedTwice holds that a token may be listed twice, even if it is gone then.
func TestListedTwice(t *testing.T) {
	e := sample()
	e.Dropped = []audit.Dropped{
		{ID: 11, Reason: "listed twice"},
		{ID: 12, Reason: "listed twice"},
		{ID: 12, Reason: "listed twice"},
		{ID: 12, Reason: "revoked during the run"},
	}
	e.Manifest[0].Rows, e.Manifest[1].Rows = 6, 6
	text, _ := save(t, e)
	got, err := snapshot.Open(strings.NewReader(text), "evidence.json")
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(e.Dropped, got.Dropped); diff != "" {
		t.Error(diff)
	}
}
