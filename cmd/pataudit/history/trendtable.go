// SPDX-License-Identifier: Apache-2.0

package history

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/cmd/pataudit/records"
	"github.com/complytime/pataudit/report/encode"
	"github.com/complytime/pataudit/report/safe"
)

// writeTrend writes the runs of one organization, of which there is one at least.
func writeTrend(w io.Writer, runs []history.Run, format string) error {
	switch format {
	case records.AsJSON:
		return trendJSON(w, runs)
	case records.AsCSV:
		return trendSheet(runs).Csv(w)
	}
	if _, err := fmt.Fprintf(w, "%s: %s\n\n", safe.Terminal(runs[0].Organization.Login),
		safe.Plural(len(runs), "run")); err != nil {
		return err
	}
	s := &records.Sheet{Columns: []string{
		"run", "", "as_of", "tokens", "crit", "high", "med", "low", "expired", "overdue", "debt",
		"violating",
	}}
	marks, most, expired, debt := marksOf(runs), 0, 0, 0
	for i := range runs {
		most = max(most, runs[i].Point.Violating)
	}
	digits := len(strconv.Itoa(most))
	for i := range runs {
		r, p := &runs[i], records.FiguresOf(&runs[i])
		expired, debt = expired+expiredGrants(r), debt+p.Debt
		s.Add(r.Number, marks[i], r.AsOf.Format(time.DateOnly), p.Tokens, p.Critical, p.High, p.Medium,
			p.Low, expiredGrants(r), p.Overdue, p.Debt,
			strings.TrimRight(fmt.Sprintf("%*d %s", digits, p.Violating, bar(p.Violating, most)), " "))
	}
	if err := s.Text(w); err != nil {
		return err
	}
	notes := ""
	if expired > 0 {
		notes += "\nlow counts expired grants, too\n"
	}
	if debt > 0 {
		notes += "\nseverities count tokens with accepted debt alone, too; violating does not\n"
	}
	_, err := io.WriteString(w, notes+legend(marks))
	return err
}

// expiredGrants counts the tokens that are listed still, and can no longer act.
func expiredGrants(run *history.Run) int { return run.Point.Tokens - run.Active }

func trendSheet(runs []history.Run) *records.Sheet {
	s := &records.Sheet{Columns: []string{
		"run", "as_of", "complete", "tokens", "violating", "critical", "high", "medium", "low", "info",
		"overdue", "expired", "debt", "policy", "skipped",
		"settings_contradicted",
	}}
	for i := range runs {
		r, p := &runs[i], records.FiguresOf(&runs[i])
		s.Add(r.Number, r.AsOf.Format(time.RFC3339Nano), records.YesNo(r.Complete), p.Tokens,
			p.Violating, p.Critical, p.High, p.Medium, p.Low, p.Info, p.Overdue, expiredGrants(r), p.Debt,
			r.Policy.Digest, strings.Join(r.Skipped.Names(), " "), p.Contradicted)
	}
	return s
}

func trendJSON(w io.Writer, runs []history.Run) error {
	type point struct {
		Run      int64           `json:"run"`
		AsOf     time.Time       `json:"as_of"`
		Verdict  string          `json:"verdict"`
		Complete bool            `json:"complete"`
		Skipped  []string        `json:"skipped"`
		Policy   string          `json:"policy_digest"`
		Figures  records.Figures `json:"figures"`
	}
	trend := struct {
		Version      int     `json:"version"`
		Organization string  `json:"organization"`
		Host         string  `json:"host"`
		Points       []point `json:"points"`
	}{Version: 1, Points: make([]point, len(runs))}
	newest := &runs[len(runs)-1].Organization
	trend.Organization, trend.Host = newest.Login, newest.Host
	for i := range runs {
		r := &runs[i]
		trend.Points[i] = point{
			r.Number, r.AsOf, r.Verdict, r.Complete, skippedNames(r), r.Policy.Digest, records.FiguresOf(r),
		}
	}
	return encode.Value(w, trend)
}

// bar draws a figure beside the others, in eighths of a character.
func bar(n, most int) string {
	const width, eighths = 7, 8
	if n <= 0 || most <= 0 {
		return ""
	}
	length := max(1, n*width*eighths/most)
	text := strings.Repeat("█", length/eighths)
	if rest := length % eighths; rest > 0 {
		text += string([]rune("▏▎▍▌▋▊▉")[rest-1])
	}
	return text
}
