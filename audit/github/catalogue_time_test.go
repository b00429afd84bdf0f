// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // for the zones, wherever the test runs

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/githubtest"
	"github.com/complytime/pataudit/audit/policy"
	"github.com/complytime/pataudit/audit/rules"
)

// timeCases are section D: dates and clocks. The bubble's clock begins in the year 2000.
func timeCases() []situation {
	const day = 24 * time.Hour
	return []situation{
		{
			name: "expires_null", exit: 3, world: setting("token_expires_at", "null"),
			holds: says("no-expiration", audit.Fail),
		},
		expires("expires_absent", "", time.Time{}),
		{name: "expires_exactly_now", variants: []situation{
			expiresIn(-time.Second), expiresIn(0), expiresIn(time.Second),
		}},
		{
			name: "year_9999", exit: 3,
			world: setting("token_expires_at", `"9999-12-31T00:00:00Z"`), holds: func(o *outcome) {
				says("long-expiration", audit.Fail, "no-expiration", audit.Pass)(o)
				// 8,000 years of 365.2425 days; a time.Duration ends at 106,751 days.
				const days = "expires 2921959 days from its approval"
				if f := o.says(0, "long-expiration"); !strings.HasPrefix(f.Message, days) {
					o.t.Error(f.Message)
				}
				if !bytes.Contains(o.json, []byte(`"9999-12-31T00:00:00Z"`)) {
					o.t.Error("the report has another date")
				}
			},
		},
		expires("year_10000", `"10000-01-01T00:00:00Z"`, time.Time{}),
		expires("0001-01-01", `"0001-01-01T00:00:00Z"`, time.Time{}),
		expires("2026-02-29", `"2026-02-29T00:00:00Z"`, time.Time{}),
		expires("60_seconds", `"2000-02-28T23:59:60Z"`, time.Time{}),
		expires("UTC_text_form", `"2000-02-28 08:47:09 UTC"`,
			time.Date(2000, 2, 28, 8, 47, 9, 0, time.UTC)),
		{name: "offset", variants: []situation{
			expires("+14:00", `"2000-02-28T08:47:09+14:00"`,
				time.Date(2000, 2, 27, 18, 47, 9, 0, time.UTC)),
			expires("-12:00", `"2000-02-28T18:47:09.000-12:00"`,
				time.Date(2000, 2, 29, 6, 47, 9, 0, time.UTC)),
			expires("beyond_year_9999", `"9999-12-31T23:59:59-12:00"`, time.Time{}),
		}},
		{name: "leap_day_2028-02-29_+_1_year", variants: []situation{
			lasts("365_days", "2028-02-29", "2029-02-28", 365, audit.Pass),
			lasts("366_days", "2028-02-29", "2029-03-01", 365, audit.Pass), // a day is tolerated
			lasts("367_days", "2028-02-29", "2029-03-02", 365, audit.Fail),
		}},
		{name: "max_lifetime_366_d_over_leap_year", variants: []situation{
			lasts("366_days", "2027-12-01", "2028-12-01", 366, audit.Pass),
			lasts("367_days", "2027-12-01", "2028-12-02", 366, audit.Pass), // likewise
			lasts("368_days", "2027-12-01", "2028-12-03", 366, audit.Fail),
		}},
		{name: "dst_local_zone", test: func(t *testing.T) { sameInZone(t, "America/New_York", "-4h") }},
		{name: "TZ=garbage", test: func(t *testing.T) { sameInZone(t, "no/such zone", "0s") }},
		{name: "local_clock", variants: []situation{
			skewed("-10m", -10*time.Minute, ""), skewed("+10m", 10*time.Minute, ""),
			skewed("-1h", -time.Hour, ""), skewed("+1h", time.Hour, ""),
			skewed("-1h1s", -time.Hour-time.Second, "60 minutes ahead of"),
			skewed("+1h1s", time.Hour+time.Second, "60 minutes behind"),
			skewed("-1d", -day, "24 hours ahead of"), skewed("+1d", day, "24 hours behind"),
			unbelieved("-1d1s", -day-time.Second, "24 hours ahead of"),
			unbelieved("+1d1s", day+time.Second, "24 hours behind"),
			onePage(), monthBack(),
		}},
		{name: "Date_header", variants: []situation{
			undated("absent", ""), undated("garbage", "the day after tomorrow"),
		}},
		{
			name: "token_expired_but_expires_in_future", exit: 4,
			words: "contradictory: token 95001 is expired, yet expires in the future",
			world: setting("token_expired", "true"),
			holds: says("no-expiration", audit.Indeterminate, "long-expiration", audit.Indeterminate),
		},
		{name: "expiry_passes_during_the_run", variants: []situation{
			expiring("told", true), expiring("not_told", false),
		}},
	}
}

// expires is a token with that expiry: known to be at, or not known if at is zero.
func expires(name, value string, at time.Time) situation {
	s := situation{name: name, world: setting("token_expires_at", value)}
	if at.IsZero() {
		s.exit, s.words = 4, "no-expiration cannot judge 1 of 3"
		s.holds = says("no-expiration", audit.Indeterminate, "long-expiration", audit.Indeterminate,
			"all-repositories", audit.Pass)
		return s
	}
	s.holds = func(o *outcome) {
		says("no-expiration", audit.Pass, "long-expiration", audit.Pass)(o)
		if got := o.evidence.Tokens[0].ExpiresAt; got != at {
			o.t.Errorf("expires %v", got)
		}
		if !bytes.Contains(o.json, []byte(at.Format(`"`+time.RFC3339+`"`))) {
			o.t.Error("the report has another date")
		}
	}
	return s
}

// expiresIn is a token at the very edge, of which GitHub says that it has not expired.
func expiresIn(d time.Duration) situation {
	return situation{name: d.String(), world: func(w *githubtest.World) {
		w.Organizations[0].Grants[0].ExpiresAt = new(w.Now().Add(d))
	}, holds: says("no-expiration", audit.Pass, "long-expiration", audit.Pass)}
}

// lasts is a token whose life is held against a maximum of days: days of 86,400 s, in UTC.
func lasts(name, from, until string, days int, says audit.Status) situation {
	exit := map[audit.Status]int{audit.Pass: 0, audit.Fail: 3}
	return situation{
		name: name, exit: exit[says], clock: time.Date(2028, 3, 5, 12, 0, 0, 0, time.UTC),
		policy: func(p *audit.Policy) {
			if err := policy.Set(p, fmt.Sprintf("long-expiration.max_days=%d", days)); err != nil {
				panic(err)
			}
		},
		world: func(w *githubtest.World) {
			setting("access_granted_at", `"`+from+`T15:00:00Z"`)(w)
			setting("token_expires_at", `"`+until+`T15:00:00Z"`)(w)
		},
		holds: func(o *outcome) {
			if f := o.says(0, "long-expiration"); f.Status != says {
				o.t.Errorf("%v: %s", f.Status, f.Message)
			}
			for _, rule := range rules.All {
				if rule.ID == "long-expiration" && !strings.Contains(rule.Doc, "in days of 24 hours") {
					o.t.Error("the rule's page does not say what a day is")
				}
			}
		},
	}
}

// TestInZone audits in the hours in which the clocks of New York change, and logs the digest of
// the reports: the same in each zone.
func TestInZone(t *testing.T) {
	_, offset := time.Date(2027, 7, 1, 0, 0, 0, 0, time.Local).Zone()
	digest := sha256.New()
	for _, clock := range []time.Time{
		time.Date(2027, 3, 14, 7, 30, 0, 0, time.UTC), time.Date(2027, 11, 7, 6, 30, 0, 0, time.UTC),
	} {
		s := situation{clock: clock, grants: 3, world: func(w *githubtest.World) {
			g := w.Organizations[0].Grants
			g[0].GrantedAt, g[0].ExpiresAt = clock.Add(-24*time.Hour), new(clock.Add(90*24*time.Hour))
			g[1].LastUsedAt = new(clock.Add(-90*24*time.Hour - time.Second))
		}, exit: 3, holds: func(o *outcome) { digest.Write(o.json) }}
		inBubble(t, s.prepare, s.happen)
	}
	t.Logf("summer %v, report %x", time.Duration(offset)*time.Second, digest.Sum(nil))
}

// sameInZone holds that a report is the same in a zone as in UTC.
func sameInZone(t *testing.T, zone, summer string) {
	t.Parallel()
	wanted := regexp.MustCompile(`summer (\S+?)(?:0m0s)?, report ([0-9a-f]{64})`)
	in := func(zone string) (offset, digest string) {
		command := exec.Command(os.Args[0], "-test.run=^TestInZone$", "-test.v", "-test.count=1")
		command.Env = append(os.Environ(), "TZ="+zone)
		out, err := command.CombinedOutput()
		found := wanted.FindSubmatch(out)
		if err != nil || found == nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return string(found[1]), string(found[2])
	}
	_, want := in("UTC")
	if offset, got := in(zone); offset != summer || got != want {
		t.Errorf("summer is at %s; the report is %s, not %s", offset, got, want)
	}
}

// skewed is a clock of ours that is wrong: GitHub's counts, and from an hour on the coverage tells
// how far they are apart.
func skewed(name string, skew time.Duration, apart string) situation {
	var log bytes.Buffer
	return situation{name: name, bench: func(b *bench) {
		b.config.Now = func() time.Time { return time.Now().Add(skew) }
		b.config.Log = slog.New(slog.NewTextHandler(&log, nil))
	}, holds: func(o *outcome) {
		reason := o.evidence.CoverageOf(audit.SourceTokens).Reason.String()
		if !strings.Contains(reason, "listed twice with equal ids") || strings.Contains(reason,
			"GitHub's clock is "+apart+" this machine's") != (apart != "") {
			o.t.Errorf("%q does not tell %q", reason, apart)
		}
		if off := time.Since(o.run.AsOf).Abs(); off > time.Minute {
			o.t.Errorf("judged as of %v away", off)
		}
		if !strings.Contains(log.String(), "level=WARN msg=\"this machine's clock is off\"") {
			o.t.Error("nobody is warned")
		}
	}}
}

// unbelieved is a clock that is too wrong for GitHub's to be believed.
func unbelieved(name string, skew time.Duration, apart string) situation {
	s := skewed(name, skew, apart)
	s.exit, s.words = 4, "tokens unverified GitHub's clock is "+apart+
		" this machine's, too far to believe its dates"
	return s
}

// onePage is a page in the middle of the list that is dated far from the others.
func onePage() situation {
	const day = 24 * time.Hour
	return situation{
		name: "one_page", grants: 250, exit: 4, words: "GitHub's clock is 40 days behind",
		faults: []githubtest.Fault{{
			Path: tokensPath, Query: "&page=2",
			Header: header("Date", time.Date(1999, 11, 22, 0, 0, 0, 0, time.UTC).Format(http.TimeFormat)),
		}}, holds: func(o *outcome) {
			if off := time.Since(o.evidence.CollectedAt); off > day {
				o.t.Errorf("collected %v ago", off)
			}
		},
	}
}

// monthBack is a clock that would make a token that nobody uses look like one in use.
func monthBack() situation {
	const back = 31 * 24 * time.Hour
	return situation{
		name: "31_days", exit: 4, words: "GitHub's clock is 31 days behind this machine's",
		world: func(w *githubtest.World) {
			for _, g := range w.Organizations[0].Grants {
				g.GrantedAt = w.Now().Add(-130 * 24 * time.Hour)
				g.LastUsedAt = new(w.Now().Add(-120 * 24 * time.Hour))
			}
			w.Now = func() time.Time { return time.Now().Add(-back) }
		}, bench: func(b *bench) { b.config.Now = time.Now },
		policy: func(p *audit.Policy) {
			if err := policy.Set(p, "long-expiration.max_days=200"); err != nil {
				panic(err)
			}
		},
		holds: says("unused", audit.Pass), // as of that clock, and so it is not clean
	}
}

func undated(name, date string) situation {
	return situation{
		name: name, words: "GitHub told no date, so this machine's clock was taken",
		faults: []githubtest.Fault{{Header: header("Date", date)}}, holds: func(o *outcome) {
			if off := time.Since(o.run.AsOf).Abs(); off > time.Minute {
				o.t.Errorf("judged as of %v away", off)
			}
		},
	}
}

// expiring is a token that expires while the list is read: the pass that is accepted counts, and
// everything is judged as of its end.
func expiring(name string, told bool) situation {
	return situation{name: name, grants: 150, world: func(w *githubtest.World) {
		w.Organizations[0].Grants[0].ExpiresAt = new(w.Now().Add(10 * time.Second))
	}, faults: []githubtest.Fault{{
		Path: tokensPath, Query: "&page=2", Status: http.StatusTooManyRequests, Times: 1,
		Header: header("Retry-After", "60"),
	}}, bench: changing("asc&per_page", 1, 1, func(w *githubtest.World) {
		if g := w.Organizations[0].Grants[0]; told {
			g.Expired, g.ExpiresAt = true, nil
		}
	}), min: time.Minute, max: 2 * time.Minute, holds: func(o *outcome) {
		if token := o.evidence.Tokens[0]; token.Expired != told {
			o.t.Errorf("expired: %v", token.Expired)
		}
		if o.run.AsOf != o.evidence.CollectedAt || time.Since(o.run.AsOf) > 10*time.Second {
			o.t.Errorf("judged as of %v", o.run.AsOf)
		}
	}}
}
