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
func (e *Error) Error() string {
	var text strings.Builder
	if e.Status != 0 {
		fmt.Fprintf(&text, "%d", e.Status)
	}
	if e.Message != "" {
		if text.Len() > 0 {
			text.WriteByte(' ')
		}
		text.WriteString(e.Message)
	}
	if remedy := e.Remedy(); remedy != "" {
		fmt.Fprintf(&text, " (%s)", remedy)
	}
	return HideSecrets(text.String())
}

// Remedy returns what would help; "" if that is not known.
func (e *Error) Remedy() string {
	switch e.Kind {
	case Unauthorized:
		return "the credentials are wrong, expired or revoked"
	case Permission:
		return "the App needs " + permissionNames(e.Accepts)
	case IPAllowList:
		return "run from an address on the organization's IP allow list, or add this one"
	case Suspended:
		return "an organization owner must unsuspend the App's installation"
	case SSO:
		return "the credentials need a single sign-on session; use a GitHub App"
	case Gateway:
		return "a gateway or proxy in between answered, not GitHub: check the way there, and the " +
			"API's address"
	case Network:
		return networkRemedy(e.Err)
	case Limited:
		if e.Until.IsZero() {
			return ""
		}
		return "come back at " + e.Until.UTC().Format(time.RFC3339) + ", or raise --max-wait"
	case Closed:
		return "GitHub has closed what is asked, or the API version " + apiVersion +
			": see whether a newer pataudit asks otherwise"
	default:
		return ""
	}
}

// permissionNames returns what people call the permissions of X-Accepted-GitHub-Permissions
// ("members=read; metadata=read").
func permissionNames(accepted string) string {
	if accepted == "" {
		return "a permission that GitHub does not name"
	}
	var names []string
	for _, part := range strings.FieldsFunc(accepted, func(r rune) bool {
		return r == ';' || r == ','
	}) {
		name, _, _ := strings.Cut(strings.TrimSpace(part), "=")
		known := Label(name)
		if known == "" {
			known = fmt.Sprintf("%q", strings.TrimSpace(part))
		}
		names = append(names, known)
	}
	return strings.Join(names, " and ")
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

// certificateRemedy returns what helps where a certificate is not taken.
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

// networkRemedy returns what helps where no answer comes, for that reason.
func networkRemedy(failure error) string {
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
	return "check the network, a proxy in between, and the API's address"
}
