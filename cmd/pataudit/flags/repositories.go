// SPDX-License-Identifier: Apache-2.0

package flags

import (
	"context"
	"slices"

	"github.com/spf13/pflag"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// Reach is --repositories: of which tokens to ask the repositories for. GitHub has nothing but
// a list for each token, so that these are most of an audit's requests.
type Reach string

// The values of --repositories.
const (
	ReachAll     Reach = "all"
	reachFailing Reach = "failing" // after judging, for information
	reachNone    Reach = "none"
)

// Register registers the flag.
func (f *Reach) Register(set *pflag.FlagSet) {
	ui.Choice(set, (*string)(f), "repositories", string(ReachAll),
		[]string{string(ReachAll), string(reachFailing), string(reachNone)},
		"of `which` tokens to read the repositories: all, none, or failing (those that fail by other "+
			"rules, for information); unless all, rules that need repositories are not asked")
}

// Skip returns the facts that a run does without.
func (f Reach) Skip() audit.Facts {
	if f == ReachAll {
		return 0
	}
	return audit.FactRepositories
}

// Learn learns the repositories of the tokens that fail, if that is the choice, and says in the
// coverage what was not asked. It changes the evidence, which then has to be judged.
func (f Reach) Learn(
	ctx context.Context, source audit.Source, e *audit.Evidence, p *audit.Policy, o audit.Options,
) error {
	if f == reachFailing {
		o.Memory = o.Memory.WithoutLast()
		if tokens := failingSubsets(audit.Evaluate(e, p, o)); len(tokens) > 0 {
			if err := source.Learn(ctx, e, tokens, audit.FactRepositories); err != nil {
				return err
			}
		}
	}
	if f != ReachAll {
		notAsked(e, f)
	}
	return nil
}

// failingSubsets returns the tokens with a failing finding whose repositories could be learned.
func failingSubsets(run *audit.Run) []*audit.Token {
	var tokens []*audit.Token
	for r := range run.Results() {
		t := r.Token
		unclear := slices.ContainsFunc(r.Findings, func(f *audit.Finding) bool {
			return f.Missing.Has(audit.FactRepositories) // accepted for some repositories
		})
		if (r.Severity > audit.NoSeverity || unclear) && !t.Expired &&
			t.Selection == audit.SelectSubset &&
			!t.Known.Has(audit.FactRepositories) {
			tokens = append(tokens, t)
		}
	}
	return tokens
}

// notAsked notes in the coverage why not all repositories were asked for. A snapshot, which has
// its digest already, says itself what was asked for it.
func notAsked(e *audit.Evidence, f Reach) {
	if e.Digest != "" {
		return
	}
	why := audit.Reason{{Code: audit.ReasonNone}}
	if f == reachFailing {
		why[0].Code = audit.ReasonFailing
	}
	place := 0
	for i, c := range e.Coverage {
		switch {
		case c.Source == audit.SourceRepositories:
			if c.Status == audit.NotAsked {
				e.Coverage[i].Reason = append(why, c.Reason...)
			}
			return
		case slices.Index(audit.Sources, c.Source) <
			slices.Index(audit.Sources, audit.SourceRepositories):
			place = i + 1
		}
	}
	e.Coverage = slices.Insert(e.Coverage, place, audit.Coverage{
		Source: audit.SourceRepositories, Status: audit.NotAsked, Reason: why,
	})
}
