// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/complytime/pataudit/audit/github"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/encode"
	"github.com/complytime/pataudit/report/view"
)

// The JSON of a probe is version 1: it may gain keys, and never loses or retypes one. It holds no
// text of GitHub's, and no id.
//
//	{
//	  "version": 1,
//	  "tool": {"name": "pataudit", "version": "v0.1.0"},
//	  "asked_on": "2026-11-30",         by this machine's clock
//	  "github": "github.com",           github.com, ghe.com or enterprise_server
//	  "requests": 17,                   at most 30
//	  "questions": [{
//	    "id": "second_factors",         never changed, never reused
//	    "question": "…",                for people
//	    "answer": "yes",                yes, no or cannot_say
//	    "counts": {"members": 87, "shown": 87},
//	    "reason": ""                    why it cannot be said
//	  }]
//	}
type (
	wireProbe struct {
		Version   int            `json:"version"`
		Tool      wireTool       `json:"tool"`
		AskedOn   string         `json:"asked_on"`
		GitHub    string         `json:"github"`
		Requests  int            `json:"requests"`
		Questions []wireQuestion `json:"questions"`
	}
	wireTool struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
	wireQuestion struct {
		ID       string         `json:"id"`
		Question string         `json:"question"`
		Answer   string         `json:"answer"`
		Counts   map[string]int `json:"counts"`
		Reason   string         `json:"reason"`
	}
)

// probe asks an organization what GitHub does not document, and prints or saves the answers.
type probe struct {
	login, format, output string
}

// check returns what is wrong with the flags.
func (p *probe) check() error {
	switch {
	case p.login == "":
		return ui.Usagef("--probe asks an organization: name it")
	case p.output == "-" || ui.IsStream(p.output):
		return ui.Usagef("--output %q names no file: --format json writes to standard output",
			p.output)
	}
	return nil
}

// run asks, and prints first how much.
func (p *probe) run(ctx context.Context, u *ui.UI, source *flags.Source) error {
	u.Notef("asks at most %d requests, all to read; the answers hold no name, id or text of the "+
		"organization", github.MostProbes)
	u.Quiet = true // what would be warned of is doctor's to say
	client, err := source.Client(u)
	if err != nil {
		return ui.Usage(err)
	}
	probed, err := client.Probe(ctx, p.login)
	if err := ctx.Err(); err != nil {
		return ui.Failed(err)
	}
	if err != nil {
		return ui.Failed(errors.Join(errors.New("nothing could be asked"), err))
	}
	endpoint, err := source.Endpoint()
	if err != nil {
		return ui.Usage(err)
	}
	wire := wireProbeOf(probed, u.Tool, u.Now(), kindOf(endpoint.Host))
	write := func(w io.Writer) error {
		j := encode.New(w)
		j.Value(wire, json.Deterministic(true))
		return j.Err
	}
	if p.output != "" {
		if err := u.Files.Save(ctx, p.output, write); err != nil {
			return err
		}
	}
	if p.format == "json" {
		return u.Print(write)
	}
	return u.PrintLines(probeLines(probed, u.Width())...)
}

// kindOf returns which GitHub answered, without the name of a server.
func kindOf(host string) string {
	switch {
	case host == "github.com":
		return host
	case strings.HasSuffix(host, ".ghe.com"):
		return "ghe.com"
	}
	return "enterprise_server"
}

// probeLines has an answer and its question on a line, and what it rests on below.
func probeLines(probed *github.Probed, width int) (lines []string) {
	for _, learned := range probed.Learned {
		head := fmt.Sprintf(" %-11s ", learned.Answer)
		lines = append(lines, hanging(head, learned.Question, width)...)
		var counts []string
		for _, c := range learned.Counts {
			counts = append(counts, fmt.Sprintf("%s: %d", c.What, c.N))
		}
		below := strings.Join(counts, ", ")
		if learned.Reason != "" {
			below = strings.TrimPrefix(below+"; "+learned.Reason, "; ")
		}
		lines = append(lines, hanging(strings.Repeat(" ", len(head)), below, width)...)
	}
	return append(lines, "", fmt.Sprintf(" %d requests. No verdict rests on these answers.",
		probed.Requests))
}

func wireProbeOf(probed *github.Probed, tool view.Tool, now time.Time, kind string) wireProbe {
	const version = 1
	wire := wireProbe{
		Version: version, Tool: wireTool{tool.Name, tool.Version}, GitHub: kind,
		AskedOn: now.UTC().Format(time.DateOnly), Requests: probed.Requests,
	}
	for _, learned := range probed.Learned {
		counts := make(map[string]int, len(learned.Counts))
		for _, c := range learned.Counts {
			counts[strings.ReplaceAll(c.What, " ", "_")] = c.N
		}
		wire.Questions = append(wire.Questions, wireQuestion{
			ID: learned.ID, Question: learned.Question, Counts: counts, Reason: learned.Reason,
			Answer: strings.ReplaceAll(learned.Answer.String(), " ", "_"),
		})
	}
	return wire
}
