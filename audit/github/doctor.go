// SPDX-License-Identifier: Apache-2.0

package github

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/api"
)

// CheckStatus is how one check of an examination came out.
type CheckStatus uint8

// The outcomes of a check. The zero value is the one that claims nothing.
const (
	CheckUnknown CheckStatus = iota // could not be learned; an audit may be incomplete
	CheckOK
	CheckWarning // worth mending, but an audit can be complete
	CheckProblem // an audit would be incomplete, or would not begin
)

// String returns the status as outputs have it.
func (s CheckStatus) String() string {
	switch s {
	case CheckOK:
		return "ok"
	case CheckWarning:
		return "warning"
	case CheckProblem:
		return "problem"
	default:
		return "unknown"
	}
}

// Check is one thing that was looked at. Its texts may quote GitHub: they are hostile, but hold no
// secret.
type Check struct {
	ID     string // stable: "clock"; of a permission "permission.members"
	Status CheckStatus
	Detail string // what was found
	Remedy string // what to do about it; "" if nothing
}

// Diagnosis is what an examination found.
type Diagnosis struct {
	Checks  []Check // each builds on those before it
	Stopped bool    // the last check let nothing more be asked: an audit would not begin
	Quota   *Quota  // nil: not learned
	Cost    *Cost   // nil: not estimated
}

// Ready reports whether nothing was found, or left unknown, that keeps an audit from being
// complete.
func (d *Diagnosis) Ready() bool {
	for _, check := range d.Checks {
		if check.Status == CheckProblem || check.Status == CheckUnknown {
			return false
		}
	}
	return !d.Stopped
}

// Examine returns what it finds of what an audit of the organization rests on: the way to GitHub,
// the credentials, what they may see, and what is left of the quota. It asks each question of an
// audit once, of each list one page, in about 15 requests. It waits for no rate limit. Without a
// login it examines the credentials alone. It never fails as a whole: what could not be learned is
// a check like others.
func (c *Client) Examine(ctx context.Context, login string) *Diagnosis {
	watched := &network{base: c.config.Base, now: c.config.Now}
	config := c.config
	config.Base, config.MaxWait = watched, 0
	x := &examination{
		client: New(config), network: watched, login: login, maxWait: c.config.MaxWait,
		diagnosis: new(Diagnosis), tokens: unknownCount, pending: unknownCount,
		members: unknownCount, repositories: unknownCount,
	}
	for _, step := range x.steps() {
		if !step(ctx) {
			x.diagnosis.Stopped = true
			break
		}
	}
	return x.diagnosis
}

// examination is one look at what an audit will need, before it is made.
type examination struct {
	client    *Client
	network   *network
	login     string // "": no organization is named
	maxWait   time.Duration
	diagnosis *Diagnosis

	installed *installation     // as the minted token has it; nil for a bare token
	granted   map[string]string // permissions of the installation; nil if GitHub does not show them
	probes    bool              // GitHub does not show the permissions: its answers have to
	session   *api.Session
	id        int64 // of the organization; 0 if not known
	tokens    int   // how many there are, or unknownCount
	pending   int   // likewise
	sample    sample

	owner        *audit.Member // whose membership GitHub showed; nil if none
	isMember     bool          // the owner
	members      int           // how many there are, or unknownCount
	repositories int           // likewise
}

// unknownCount is a number that GitHub did not show.
const unknownCount = -1

// steps returns what is asked, in order. The first that returns false is the last.
func (x *examination) steps() []func(context.Context) bool {
	first := []func(context.Context) bool{x.meetToken}
	rest := []func(context.Context) bool{
		x.organization, x.access, x.requests, x.page, x.lists, x.outside, x.graphQL, x.quota, x.cost,
	}
	switch {
	case x.client.api.App() != nil && x.login == "":
		first, rest = nil, []func(context.Context) bool{x.meetApp, x.installations}
	case x.client.api.App() != nil:
		first = []func(context.Context) bool{
			x.meetApp, x.installation, x.mint, x.permissions, x.seen,
		}
	case x.login == "":
		rest = []func(context.Context) bool{x.quota}
	}
	return append(append(first, rest...), x.deprecated)
}

func (x *examination) ok(id, format string, args ...any) {
	x.add(id, CheckOK, fmt.Sprintf(format, args...), "")
}

// add notes a check. Whatever GitHub sent back into its texts, no secret stays in them.
func (x *examination) add(id string, status CheckStatus, detail, remedy string) {
	x.diagnosis.Checks = append(x.diagnosis.Checks, Check{
		ID: id, Status: status, Detail: x.hide(detail), Remedy: x.hide(remedy),
	})
}

// hide returns a text without our credentials: the token by its value, others by their form.
func (x *examination) hide(text string) string {
	text = api.HideSecrets(text, string(x.client.config.Credentials.Token))
	if x.session != nil {
		text = x.session.Hide(text)
	}
	return text
}

// failed notes a check that could not be made. A refusal is a problem; where GitHub fails, or its
// quota is used up, the answer stays unknown, and other questions may still have one.
func (x *examination) failed(id, detail string, err error, remedy string) (known bool) {
	status, answer := CheckProblem, new(api.Error)
	if !errors.As(err, &answer) {
		x.add(id, status, detail+": "+err.Error(), remedy)
		return true
	}
	if answer.Kind <= api.Limited { // no answer, or none to believe
		status = CheckUnknown
	}
	if answer.Kind == api.Limited { // unlike an audit
		remedy = "an examination waits for no rate limit: come back at " +
			answer.Until.UTC().Format(time.RFC3339)
	}
	x.add(id, status, detail+": "+withoutRemedy(answer), cmp.Or(remedy, answer.Remedy()))
	return status != CheckUnknown
}

// withoutRemedy returns an error's status and message: a check has a place of its own for the
// rest.
func withoutRemedy(e *api.Error) string {
	bare := *e
	bare.Kind = api.Other
	return bare.Error()
}

// How far two clocks may be apart: a little is usual, and beyond a minute GitHub refuses what an
// App signs.
const (
	clockTolerance = 30 * time.Second
	clockRefused   = time.Minute
)

// network sees answers below the transport, which hides what a refusal shows of the network.
type network struct {
	base http.RoundTripper
	now  func() time.Time

	mu          sync.Mutex
	answered    bool            // by anything at all
	isGitHub    bool            // an answer had a request id of GitHub's
	timed       bool            // an answer had a date
	skew        time.Duration   // GitHub's clock less ours, by the first date
	deprecation api.Deprecation // of what was asked
}

// RoundTrip sends a request, and notes what its answer shows of the network.
func (n *network) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := n.base.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	n.deprecation.Note(response.Header)
	n.mu.Lock()
	defer n.mu.Unlock()
	n.answered = true
	n.isGitHub = n.isGitHub || response.Header.Get("X-Github-Request-Id") != ""
	if at, err := http.ParseTime(response.Header.Get("Date")); err == nil && !n.timed {
		n.timed, n.skew = true, at.Sub(n.now())
	}
	return response, nil
}

// arrived reports whether the first request came to GitHub, whatever it answered, and compares the
// clocks.
func (x *examination) arrived(err error) bool {
	address := x.client.config.Endpoint.REST.String()
	x.network.mu.Lock()
	defer x.network.mu.Unlock()
	var failure *api.Error
	switch errors.As(err, &failure); {
	case err != nil && !x.network.answered && failure != nil:
		x.add("reachability", CheckProblem, address+" cannot be reached: "+withoutRemedy(failure),
			failure.Remedy())
		return false
	case err != nil && !x.network.answered:
		x.add("reachability", CheckProblem, address+" cannot be reached: "+err.Error(), "")
		return false
	case err != nil && !x.network.isGitHub && failure != nil:
		x.add("reachability", CheckProblem, "what answers at "+address+" is not GitHub's API: "+
			withoutRemedy(failure), "check the API's address (--api-url, GITHUB_API_URL), and whether a "+
			"proxy or a login page answers in its place")
		return false
	}
	x.ok("reachability", "%s answers", address)
	x.clock()
	return true
}

// clock notes how far GitHub's clock and ours are apart.
func (x *examination) clock() {
	skew, direction := x.network.skew.Round(time.Second), "behind"
	if skew < 0 {
		direction = "ahead of"
	}
	late := skew.Abs().String() + " " + direction + " GitHub's"
	switch {
	case !x.network.timed:
		x.add("clock", CheckWarning, "GitHub does not tell the time",
			"reports will be dated by this machine's clock: see that it is right")
	case skew.Abs() > audit.SkewBelieved:
		x.add("clock", CheckProblem, "this machine's clock is "+late,
			"set it: beyond a day an audit does not believe GitHub's dates")
	case skew.Abs() > clockRefused:
		x.add("clock", CheckWarning, "this machine's clock is "+late,
			"set it: beyond a minute GitHub refuses what an App signs; pataudit makes up for it, "+
				"other programs do not")
	case skew.Abs() > clockTolerance:
		x.add("clock", CheckWarning, "this machine's clock is "+late,
			"set it: beyond a minute GitHub refuses what an App signs")
	default:
		x.ok("clock", "this machine's agrees with GitHub's")
	}
}

// deprecated notes what GitHub means to close.
func (x *examination) deprecated(context.Context) bool {
	if remark, said := x.network.deprecation.Remark(); said {
		x.add("deprecation", CheckWarning, remark.String(),
			"an audit works until then: see whether a newer pataudit asks otherwise")
	}
	return true
}
