// SPDX-License-Identifier: Apache-2.0

package history

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
	"unicode/utf8"

	"github.com/complytime/pataudit/audit"
)

// headBytes is how much of a stored report is read to compare its head with the columns. It is
// compressed, and the head of few runs takes more; then the whole of it is read.
const headBytes = 1 << 16

// head is what a report says of its run before it lists rules and tokens: keys of version 1 of
// the JSON format, which never change.
type head struct {
	Tool struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	} `json:"tool"`
	Organization struct {
		Login string `json:"login"`
		ID    int64  `json:"id"`
		Host  string `json:"host"`
	} `json:"organization"`
	AsOf        time.Time `json:"as_of"`
	CollectedAt time.Time `json:"collected_at"`
	Verdict     string    `json:"verdict"`
	Complete    bool      `json:"complete"`
	Incomplete  []string  `json:"incomplete"`
	Evidence    string    `json:"evidence_digest"`
	Policy      struct {
		Name   string `json:"name"`
		Digest string `json:"digest"`
		FailOn string `json:"fail_on"`
	} `json:"policy"`
	Summary struct {
		Tokens    int            `json:"tokens"`
		Active    int            `json:"tokens_active"`
		People    int            `json:"people"`
		Violating int            `json:"tokens_violating"`
		Overdue   int            `json:"overdue"`
		Requests  int            `json:"requests"`
		Settings  int            `json:"settings_contradicted"`
		Worst     map[string]int `json:"tokens_by_severity"`
		By        map[string]int `json:"tokens_violating_by_severity"`
		Indebted  map[string]int `json:"tokens_indebted_by_severity"`
	} `json:"summary"`
	Since *struct {
		Run int64 `json:"run"`
	} `json:"since"`
}

// endOfHead is the key that comes after it.
const endOfHead = "rules"

// readHead reads the head of a compressed report, or of the beginning of one. The error wraps
// [io.ErrUnexpectedEOF] if it ends within.
func readHead(stored io.Reader) (*head, error) {
	zip, err := gzip.NewReader(stored)
	if err != nil {
		return nil, err
	}
	keys := map[string]json.RawMessage{}
	decoder := json.NewDecoder(zip)
	if begin, err := decoder.Token(); err != nil || begin != json.Delim('{') {
		return nil, errors.Join(errors.New("it does not begin with an object"), err)
	}
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		name, _ := key.(string)
		if name == endOfHead {
			break
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return nil, err
		}
		if _, twice := keys[name]; twice {
			return nil, fmt.Errorf("it has %.40q twice", name)
		}
		keys[name] = value
	}
	text, err := json.Marshal(keys)
	if err != nil {
		return nil, err
	}
	h := &head{}
	return h, json.Unmarshal(text, h)
}

// compareHead holds the columns against the head of the run's report, and notes what differs.
func (r *Run) compareHead(ctx context.Context, q querier) error {
	stored := r.head
	r.head = nil
	if stored == nil {
		r.Changed = append(r.Changed, "its documents are gone")
		return nil
	}
	h, err := readHead(bytes.NewReader(stored))
	if errors.Is(err, io.ErrUnexpectedEOF) && len(stored) == headBytes {
		whole, missing := storedDocument(ctx, q, r.Number, "report")
		if missing != nil {
			return missing
		}
		h, err = readHead(whole.compressed())
	}
	if err != nil {
		r.Changed = append(r.Changed, fmt.Sprintf("its report cannot be read: %v", err))
		return nil
	}
	r.Changed = append(r.Changed, r.differences(h)...)
	return nil
}

// collected returns when the evidence was collected, as [audit.Run.Collected] does.
func (h *head) collected() time.Time {
	return (&audit.Evidence{CollectedAt: h.CollectedAt}).Collected(h.AsOf)
}

// differences lists what a run is by its columns, and another by its report. A person who was
// taken out of a run may have been named in what its report rests on.
func (r *Run) differences(h *head) (all []string) {
	p, s := &r.Point, &h.Summary
	differ := func(what string, column, told any) {
		if a, b := fmt.Sprint(column), fmt.Sprint(told); a != b && utf8.ValidString(a) {
			all = append(all, fmt.Sprintf("its %s is %.80q in the table and %.80q in its report",
				what, a, b))
		}
	}
	differ("organization", r.Organization.Login, h.Organization.Login)
	differ("organization's id", r.Organization.ID, h.Organization.ID)
	differ("host", r.Organization.Host, folded(h.Organization.Host))
	differ("date", micros(r.AsOf), micros(h.AsOf))
	differ("date of collection", micros(r.CollectedAt), micros(h.collected()))
	differ("verdict", r.Verdict, h.Verdict)
	differ("completeness", r.Complete, h.Complete)
	differ("list of what is incomplete", len(r.Incomplete), len(h.Incomplete))
	if r.Rewritten && h.Evidence == r.SnapshotDigest {
		h.Evidence = r.EvidenceDigest
	}
	differ("evidence", r.EvidenceDigest, h.Evidence)
	differ("policy", r.Policy.Name, h.Policy.Name)
	if !r.Rewritten {
		differ("policy's digest", r.Policy.Digest, h.Policy.Digest)
	}
	differ("severity to fail on", r.Policy.FailOn, h.Policy.FailOn)
	differ("tool", r.Tool, h.Tool.Name+" "+h.Tool.Version)
	differ("number of tokens", p.Tokens, s.Tokens)
	differ("number of active tokens", r.Active, s.Active)
	differ("number of people", r.People, s.People)
	differ("number of violating tokens", p.Violating, s.Violating)
	differ("number of overdue findings", p.Overdue, s.Overdue)
	differ("number of requests", r.Requests, s.Requests)
	differ("number of contradicted settings", r.Contradicted, s.Settings)
	for severity := audit.NoSeverity + 1; severity <= audit.Critical; severity++ {
		name := severity.String()
		differ(name+" tokens", p.ByWorst[severity], s.Worst[name])
		differ(name+" violating tokens", p.ViolatingBy[severity], s.By[name])
		differ(name+" indebted tokens", p.IndebtedBy[severity], s.Indebted[name])
	}
	if h.Since != nil {
		differ("run to compare with", r.Compares, h.Since.Run)
	}
	return all
}
