// SPDX-License-Identifier: Apache-2.0

package github

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"sync"
	"syscall"
	"time"

	"github.com/complytime/pataudit/audit"
)

// How far two clocks may be apart: a little is usual, and beyond a minute GitHub refuses what an
// App signs.
const (
	clockTolerance = 30 * time.Second
	clockRefused   = time.Minute
)

// way watches the way to GitHub from below the transport, which hides what a refusal tells of it.
type way struct {
	base http.RoundTripper
	now  func() time.Time

	mu       sync.Mutex
	answered bool          // by anything at all
	isGitHub bool          // an answer had a request id of GitHub's
	timed    bool          // an answer had a date
	skew     time.Duration // GitHub's clock less ours, by the first date
	ending   ending        // of what was asked
}

// RoundTrip passes a request on, and notes what its answer tells of the way.
func (w *way) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := w.base.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	w.ending.note(response.Header)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.answered = true
	w.isGitHub = w.isGitHub || response.Header.Get("X-Github-Request-Id") != ""
	if at, err := http.ParseTime(response.Header.Get("Date")); err == nil && !w.timed {
		w.timed, w.skew = true, at.Sub(w.now())
	}
	return response, nil
}

// arrived tells whether the first request came to GitHub, whatever it answered, and compares the
// clocks.
func (x *examination) arrived(err error) bool {
	api := x.client.config.Endpoint.REST.String()
	x.way.mu.Lock()
	defer x.way.mu.Unlock()
	var failure *Error
	switch errors.As(err, &failure); {
	case err != nil && !x.way.answered && failure != nil:
		x.add("reachability", CheckProblem, api+" cannot be reached: "+failure.words(),
			wayRemedy(failure))
		return false
	case err != nil && !x.way.answered:
		x.add("reachability", CheckProblem, api+" cannot be reached: "+err.Error(), "")
		return false
	case err != nil && !x.way.isGitHub && failure != nil:
		x.add("reachability", CheckProblem, "what answers at "+api+" is not GitHub's API: "+
			failure.words(), "check the API's address (--api-url, GITHUB_API_URL), and whether a "+
			"proxy or a login page answers in its place")
		return false
	}
	x.ok("reachability", "%s answers", api)
	x.clock()
	return true
}

// clock compares GitHub's clock with ours.
func (x *examination) clock() {
	skew, direction := x.way.skew.Round(time.Second), "behind"
	if skew < 0 {
		direction = "ahead of"
	}
	late := skew.Abs().String() + " " + direction + " GitHub's"
	switch {
	case !x.way.timed:
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

// certificateRemedy tells what helps where a certificate is not taken.
func certificateRemedy(untrusted *tls.CertificateVerificationError) string {
	var (
		authority x509.UnknownAuthorityError
		host      x509.HostnameError
		invalid   x509.CertificateInvalidError
	)
	switch {
	case errors.As(untrusted, &authority):
		return "the authority of a proxy or Enterprise Server is named with --ca-file"
	case errors.As(untrusted, &host):
		return "the certificate is of another host: check the API's address (--api-url, " +
			"GITHUB_API_URL)"
	case errors.As(untrusted, &invalid) && invalid.Reason == x509.Expired:
		return "the server needs a new certificate, unless this machine's clock is wrong"
	}
	return "the server needs another certificate"
}

// deprecated warns of what GitHub means to close.
func (x *examination) deprecated(context.Context) bool {
	if remark := x.way.ending.remark(); remark != "" {
		x.add("deprecation", CheckWarning, remark,
			"an audit works until then: see whether a newer pataudit asks otherwise")
	}
	return true
}

// wayRemedy tells what helps where no answer comes.
func wayRemedy(failure *Error) string {
	var (
		unknown   *net.DNSError
		untrusted *tls.CertificateVerificationError
		garbled   tls.RecordHeaderError
		broken    *net.OpError
	)
	switch {
	case errors.As(failure, &broken) && broken.Op == "proxyconnect":
		return "the proxy that HTTPS_PROXY names does not answer: check it, or name the host in " +
			"NO_PROXY"
	case errors.As(failure, &unknown):
		return "this machine's DNS does not know the host: check the API's address (--api-url, " +
			"GITHUB_API_URL), or name a proxy in HTTPS_PROXY"
	case errors.As(failure, &untrusted):
		return certificateRemedy(untrusted)
	case errors.As(failure, &garbled):
		return "no TLS is spoken there: check the API's address (--api-url, GITHUB_API_URL)"
	case errors.Is(failure, context.DeadlineExceeded):
		return "a firewall may swallow the requests: name a proxy in HTTPS_PROXY if you have one"
	case errors.Is(failure, syscall.ECONNREFUSED):
		return "nobody listens there: check the API's address (--api-url, GITHUB_API_URL), or " +
			"name a proxy in HTTPS_PROXY"
	}
	return failure.remedy()
}
