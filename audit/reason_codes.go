// SPDX-License-Identifier: Apache-2.0

package audit

// ReasonCode is what kind of [Remark] one is. Codes are promises, as the ids of rules are.
type ReasonCode string

// The codes of requests that brought nothing to believe. Status, Words; those that name
// permissions or a time, Needs or Until.
const (
	ReasonMalformed    ReasonCode = "malformed"       // an answer that cannot be believed
	ReasonNetwork      ReasonCode = "network"         // no answer
	ReasonProxy        ReasonCode = "proxy"           // none, for the proxy is not there
	ReasonNoHost       ReasonCode = "no_host"         // none, for DNS does not know the host
	ReasonNoTLS        ReasonCode = "no_tls"          // none, for no TLS is spoken there
	ReasonTimeout      ReasonCode = "timeout"         // none in time
	ReasonNoListener   ReasonCode = "no_listener"     // none, for nobody listens
	ReasonAuthority    ReasonCode = "cert_authority"  // a certificate of nobody known
	ReasonOtherHost    ReasonCode = "cert_other_host" // a certificate of another host
	ReasonCertExpired  ReasonCode = "cert_expired"    // a certificate that is over
	ReasonCertificate  ReasonCode = "certificate"     // another one that is not taken
	ReasonServer       ReasonCode = "server"          // GitHub failed
	ReasonLimited      ReasonCode = "rate_limit"      // one that outlasts --max-wait. Until
	ReasonUnauthorized ReasonCode = "unauthorized"    // 401
	ReasonPermission   ReasonCode = "permission"      // 403: the App may not. Needs
	ReasonIPAllowList  ReasonCode = "ip_allow_list"   // 403: not from this address
	ReasonSuspended    ReasonCode = "suspended"       // 403: the installation is suspended
	ReasonSSO          ReasonCode = "sso"             // 403: single sign-on
	ReasonNotFound     ReasonCode = "not_found"       // 404: not there, or hidden
	ReasonRefused      ReasonCode = "not_followed"    // we refused: another origin, an endless list
	ReasonClosed       ReasonCode = "closed"          // 410, or an API version that is over
	ReasonOther        ReasonCode = "other"           // any other status
	ReasonGateway      ReasonCode = "gateway"         // something on the way refused
)

// The other codes, with what of a remark each of them fills in.
const (
	ReasonFailed        ReasonCode = "failed"               // any other error. Words
	ReasonInterrupted   ReasonCode = "interrupted"          // by whoever waited
	ReasonLacks         ReasonCode = "lacks"                // the App lacks a permission. Needs
	ReasonContradiction ReasonCode = "contradictory"        // records, each other. Words
	ReasonContested     ReasonCode = "contested"            // several grants claim one token. Words
	ReasonTwice         ReasonCode = "listed_twice"         // twice the same: nothing was hidden
	ReasonListed        ReasonCode = "listed"               // Count times, until the last two agreed
	ReasonDropped       ReasonCode = "dropped"              // Count came twice
	ReasonRevoked       ReasonCode = "revoked"              // Count were revoked during the run
	ReasonNoDate        ReasonCode = "no_date"              // GitHub told none
	ReasonClock         ReasonCode = "clock"                // GitHub's is ahead of ours. For
	ReasonClockFar      ReasonCode = "clock_far"            // too far. For
	ReasonBareList      ReasonCode = "bare_list"            // nobody knows how it was made
	ReasonLists         ReasonCode = "lists"                // Count Of were not had, for what follows
	ReasonInformation   ReasonCode = "information"          // Count Of were read, for information
	ReasonFailing       ReasonCode = "repositories_failing" // asked for failing tokens, by choice
	ReasonNone          ReasonCode = "repositories_none"    // not asked for, by choice
	ReasonReaches       ReasonCode = "reaches_more"         // a token: what is not listed. Words
	ReasonSees          ReasonCode = "sees_less"            // a bare token sees Count Of
	ReasonSelected      ReasonCode = "selected"             // the App sees selected repositories
	ReasonSelection     ReasonCode = "selection"            // GitHub does not tell which. Words
	ReasonTwoFactor     ReasonCode = "two_factor"           // Count Of have none: not believed
	ReasonOtherEvents   ReasonCode = "other_events"         // Count were passed over
	ReasonBadEvents     ReasonCode = "bad_events"           // Count name no token
	ReasonBadRoles      ReasonCode = "bad_roles"            // Count changes of roles name nobody
	ReasonNotListed     ReasonCode = "not_listed"           // credentials of other kinds. Words
	ReasonHeldUp        ReasonCode = "held_up"              // by rate limits. For
	ReasonDeprecated    ReasonCode = "deprecated"           // what is asked may go. Words: the days
)

// leading are the codes that lead to the next remark, by a colon.
var leading = []ReasonCode{ReasonLists, ReasonFailing, ReasonNone}

// withheld stands for a text that may name people.
const withheld = "withheld"

const (
	noAnswer    = "no answer"
	certificate = "the certificate is not taken"
	notAllowed  = "refused"
)

// saying is how a code is worded. Names in braces stand for what the remark fills in. What has no
// sentence has a remedy, and tells status, words and remedy.
type saying struct {
	sentence string
	instead  string // of words, where these may name people
	remedy   string
}

// APIVersion is the version of GitHub's API that is asked.
const APIVersion = "2022-11-28"

const checkAddress = "check the API's address (--api-url, GITHUB_API_URL)"

// sayings are those of all codes.
var sayings = map[ReasonCode]saying{
	ReasonMalformed: {instead: "the answer cannot be believed"},
	ReasonNetwork: {
		instead: noAnswer, remedy: "check the network, a proxy in between, and the API's address",
	},
	ReasonProxy: {instead: noAnswer, remedy: "the proxy that HTTPS_PROXY names does not answer: " +
		"check it, or name the host in NO_PROXY"},
	ReasonNoHost: {instead: noAnswer, remedy: "this machine's DNS does not know the host: " +
		checkAddress + ", or name a proxy in HTTPS_PROXY"},
	ReasonNoTLS: {instead: noAnswer, remedy: "no TLS is spoken there: " + checkAddress},
	ReasonTimeout: {instead: noAnswer, remedy: "a firewall may swallow the requests: name a proxy " +
		"in HTTPS_PROXY if you have one"},
	ReasonNoListener: {instead: noAnswer, remedy: "nobody listens there: " + checkAddress +
		", or name a proxy in HTTPS_PROXY"},
	ReasonAuthority: {
		instead: certificate,
		remedy:  "the authority of a proxy or Enterprise Server is named with --ca-file",
	},
	ReasonOtherHost: {
		instead: certificate, remedy: "the certificate is of another host: " + checkAddress,
	},
	ReasonCertExpired: {
		instead: certificate,
		remedy:  "the server needs a new certificate, unless this machine's clock is wrong",
	},
	ReasonCertificate: {instead: certificate, remedy: "the server needs another certificate"},
	ReasonServer:      {instead: "GitHub failed"},
	ReasonLimited: {
		instead: "rate limit of GitHub", remedy: "come back at {until}, or raise --max-wait",
	},
	ReasonUnauthorized: {
		instead: notAllowed, remedy: "the credentials are wrong, expired or revoked",
	},
	ReasonPermission: {instead: notAllowed, remedy: "the App needs {needs}"},
	ReasonIPAllowList: {
		instead: notAllowed,
		remedy:  "run from an address on the organization's IP allow list, or add this one",
	},
	ReasonSuspended: {
		instead: notAllowed, remedy: "an organization owner must unsuspend the App's installation",
	},
	ReasonSSO: {
		instead: notAllowed,
		remedy:  "the credentials need a single sign-on session; use a GitHub App",
	},
	ReasonNotFound: {instead: "not found"},
	ReasonRefused:  {instead: "not followed"},
	ReasonClosed: {instead: "closed", remedy: "GitHub has closed what is asked, or the API version " +
		APIVersion + ": see whether a newer pataudit asks otherwise"},
	ReasonOther: {instead: notAllowed},
	ReasonGateway: {instead: "no answer of GitHub's", remedy: "a gateway or proxy in between " +
		"answered, not GitHub: check the way there, and the API's address"},

	ReasonFailed:        {sentence: "{words}", instead: withheld},
	ReasonInterrupted:   {sentence: "interrupted"},
	ReasonLacks:         {sentence: "the App lacks {needs}"},
	ReasonContradiction: {sentence: "contradictory: {words}", instead: withheld},
	ReasonContested: {
		sentence: "several active grants claim one token: {words}", instead: withheld,
	},
	ReasonTwice:   {sentence: "listed twice with equal ids"},
	ReasonListed:  {sentence: "listed {count} times with equal ids"},
	ReasonDropped: {sentence: "{count} listed twice and dropped"},
	ReasonRevoked: {sentence: "{count} revoked during the run and dropped"},
	ReasonNoDate:  {sentence: "GitHub told no date, so this machine's clock was taken"},
	ReasonClock:   {sentence: "GitHub's clock is {apart} {direction} this machine's"},
	ReasonClockFar: {sentence: "GitHub's clock is {apart} {direction} this machine's, too far to " +
		"believe its dates: set the clock that is wrong"},
	ReasonBareList: {
		sentence: "from a bare list: nothing shows that it is whole, or when it was made",
	},
	ReasonLists: {sentence: "{count} of {of} repository lists could not be had"},
	ReasonInformation: {
		sentence: "read for information, for {count} of {of} failing tokens only",
	},
	ReasonFailing: {sentence: "--repositories failing"},
	ReasonNone:    {sentence: "--repositories none"},
	ReasonReaches: {
		sentence: "{words} reaches a repository that is not in the organization's list",
		instead:  "a token",
	},
	ReasonSees: {sentence: "the token sees {count} of {of} repositories"},
	ReasonSelected: {sentence: "the App sees selected repositories only, so lists of " +
		"repositories are silently shorter: install it on all repositories, and in a workflow " +
		"give create-github-app-token an owner"},
	ReasonSelection: {
		sentence: "GitHub does not tell which repositories the App sees ({words})", instead: withheld,
	},
	ReasonTwoFactor: {sentence: "second factors not believed: GitHub says that {count} of {of} " +
		"members have none"},
	ReasonOtherEvents: {sentence: "passed over {count} events of other kinds"},
	ReasonBadEvents:   {sentence: "{count} events name no token, or no time that can be"},
	ReasonBadRoles: {
		sentence: "{count} changes of a role name nobody, or no time that can be",
	},
	ReasonNotListed:  {sentence: "not listed: {words}", instead: withheld},
	ReasonHeldUp:     {sentence: "held up for {for} by rate limits"},
	ReasonDeprecated: {sentence: "GitHub says that what is asked here is deprecated{words}"},
}
