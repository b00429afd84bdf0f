// SPDX-License-Identifier: Apache-2.0

package api

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/complytime/pataudit/audit"
)

// Kind sorts refusals by what would help.
type Kind uint8

// The kinds of refusals.
const (
	Malformed    Kind = iota // an answer that cannot be believed
	Network                  // no answer
	Server                   // GitHub failed
	Limited                  // a rate limit that outlasts --max-wait
	Unauthorized             // 401
	Permission               // 403: the App may not
	IPAllowList              // 403: not from this address
	Suspended                // 403: the installation is suspended
	SSO                      // 403: single sign-on
	NotFound                 // 404: not there, or hidden
	Refused                  // we refused: another origin, an endless list
	Closed                   // 410, or an API version that GitHub knows no more
	Other                    // any other status
	Gateway                  // a refusal that is not GitHub's, but of something on the way
)

// Error is a request that brought nothing to believe. Its text names the status and the remedy;
// the caller names the act.
type Error struct {
	Kind    Kind
	Status  int       // 0 if there was no answer
	Message string    // GitHub's words, in quotation marks, or ours: may be hostile text
	Accepts string    // GitHub's X-Accepted-GitHub-Permissions, if it sent it
	Until   time.Time // of Limited: when to come back; zero if that alone does not help
	Err     error     // what lies below, if anything

	Lost bool // a cursor: the list is another one by now
}

// Unwrap returns what lies below.
func (e *Error) Unwrap() error { return e.Err }

// Error returns status, GitHub's words, and what would help.
func (e *Error) Error() string { return e.Remark().String() }

// Remedy returns what would help; "" if that is not known.
func (e *Error) Remedy() string { return e.Remark().Remedy() }

// Remark returns the error as data.
func (e *Error) Remark() audit.Remark {
	r := audit.Remark{Code: codes[e.Kind], Status: e.Status, Words: HideSecrets(e.Message)}
	switch e.Kind {
	case Permission:
		r.Needs = needed(HideSecrets(e.Accepts))
	case Limited:
		r.Until = e.Until
	case Network:
		r.Code = networkCode(e.Err)
	default:
	}
	return r
}

// RemarkOf returns an error as data. Of one that wraps a request's, it keeps the text, too.
func RemarkOf(err error) audit.Remark {
	text, refused := err.Error(), new(Error)
	if !errors.As(err, &refused) {
		return audit.Remark{Code: audit.ReasonFailed, Words: text}
	}
	remark := refused.Remark()
	if text != refused.Error() {
		remark.Words, remark.Whole = "", text
	}
	return remark
}

// codes are those of the kinds.
var codes = [...]audit.ReasonCode{
	Malformed: audit.ReasonMalformed, Network: audit.ReasonNetwork, Server: audit.ReasonServer,
	Limited: audit.ReasonLimited, Unauthorized: audit.ReasonUnauthorized,
	Permission: audit.ReasonPermission, IPAllowList: audit.ReasonIPAllowList,
	Suspended: audit.ReasonSuspended, SSO: audit.ReasonSSO, NotFound: audit.ReasonNotFound,
	Refused: audit.ReasonRefused, Closed: audit.ReasonClosed, Other: audit.ReasonOther,
	Gateway: audit.ReasonGateway,
}

// needed returns the permissions of X-Accepted-GitHub-Permissions ("members=read; metadata=read"):
// those that we need by their names, others as they are.
func needed(accepted string) (names []string) {
	for _, part := range strings.FieldsFunc(accepted, func(r rune) bool {
		return r == ';' || r == ','
	}) {
		part = strings.TrimSpace(part)
		if name, _, _ := strings.Cut(part, "="); audit.PermissionLabel(name) != "" {
			part = name
		}
		names = append(names, part)
	}
	return names
}

// maxMessage bounds how much of GitHub's words an error quotes, in bytes.
const maxMessage = 200

// notGitHubs returns the error of a refusal that is no JSON: GitHub's are. What it says of
// permissions or of what there is counts for nothing.
func notGitHubs(a *answer) *Error {
	message := "the answer is no JSON"
	if media := a.media(); media != "" {
		message = fmt.Sprintf("the answer is %.40q, not JSON", media)
	}
	return &Error{Kind: Gateway, Status: a.status, Message: message}
}

// refusal returns the error of an answer that is not a success and not a limit.
func refusal(status int, header http.Header, message string) *Error {
	if len(message) > maxMessage {
		message = strings.ToValidUTF8(message[:maxMessage], "") + "…"
	}
	e := &Error{Status: status, Kind: Other}
	if message != "" {
		e.Message = strconv.Quote(message)
	}
	lower := strings.ToLower(message)
	switch {
	case status == http.StatusUnauthorized:
		e.Kind = Unauthorized
	case status == http.StatusNotFound:
		e.Kind = NotFound
	case status >= http.StatusInternalServerError:
		e.Kind = Server
	case status == http.StatusGone,
		status == http.StatusBadRequest && strings.Contains(lower, "api version"):
		e.Kind = Closed
	case status != http.StatusForbidden:
	case strings.Contains(lower, "ip allow list"), strings.Contains(lower, "ip address"):
		e.Kind = IPAllowList
	case strings.Contains(lower, "suspended"):
		e.Kind = Suspended
	case header.Get("X-Github-Sso") != "", strings.Contains(lower, "saml"):
		e.Kind = SSO
	default:
		e.Kind = Permission
		e.Accepts = header.Get("X-Accepted-GitHub-Permissions")
	}
	return e
}

// wordsOf returns the words of a request that brought no answer: in quotation marks, unless they
// are our side's alone. Of others, an answer that cannot be read may be a part.
func wordsOf(err error) string {
	var (
		ours      *Error
		broken    *net.OpError
		unknown   *net.DNSError
		untrusted *tls.CertificateVerificationError
		garbled   tls.RecordHeaderError
	)
	if errors.As(err, &ours) || errors.As(err, &broken) || errors.As(err, &unknown) ||
		errors.As(err, &untrusted) || errors.As(err, &garbled) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err.Error()
	}
	return strconv.Quote(err.Error())
}

// IsKind reports whether an error is a refusal of that kind.
func IsKind(err error, kind Kind) bool {
	var answer *Error
	return errors.As(err, &answer) && answer.Kind == kind
}

// certificateCode returns why a certificate is not taken.
func certificateCode(untrusted *tls.CertificateVerificationError) audit.ReasonCode {
	var (
		authority x509.UnknownAuthorityError
		host      x509.HostnameError
		invalid   x509.CertificateInvalidError
	)
	switch {
	case errors.As(untrusted, &authority):
		return audit.ReasonAuthority
	case errors.As(untrusted, &host):
		return audit.ReasonOtherHost
	case errors.As(untrusted, &invalid) && invalid.Reason == x509.Expired:
		return audit.ReasonCertExpired
	}
	return audit.ReasonCertificate
}

// networkCode returns why no answer comes.
func networkCode(failure error) audit.ReasonCode {
	var (
		unknown   *net.DNSError
		untrusted *tls.CertificateVerificationError
		garbled   tls.RecordHeaderError
		broken    *net.OpError
	)
	switch {
	case errors.As(failure, &broken) && broken.Op == "proxyconnect":
		return audit.ReasonProxy
	case errors.As(failure, &unknown):
		return audit.ReasonNoHost
	case errors.As(failure, &untrusted):
		return certificateCode(untrusted)
	case errors.As(failure, &garbled):
		return audit.ReasonNoTLS
	case errors.Is(failure, context.DeadlineExceeded):
		return audit.ReasonTimeout
	case errors.Is(failure, syscall.ECONNREFUSED):
		return audit.ReasonNoListener
	}
	return audit.ReasonNetwork
}
