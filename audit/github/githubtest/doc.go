// SPDX-License-Identifier: Apache-2.0

// Package githubtest is a GitHub API inside the process: for tests, benchmarks, scripts and the
// demo. It knows nothing of the collector that talks to it, and has structs of its own, so that
// both would have to misread GitHub in the same way for a mistake to go unseen.
//
// A [World] describes what GitHub holds: an App, its installations, organizations with their
// members, repositories and token grants, the quota, and the faults to come. A [Server] serves it
// under "/" as github.com does, and under "/api/v3" and "/api/graphql" as an Enterprise Server
// does. [Read] takes a world from a JSON file; [Sample] is the one that the demo audits.
//
//	world, err := githubtest.Read(file, time.Now)
//	server, err := githubtest.New(world)
//	url, err := server.Start() // TCP on the loopback interface
//	defer server.Close()
//
// Under testing/synctest, where sockets would keep the clock from moving, serve on a [Listener]:
//
//	listener := githubtest.NewListener()
//	go server.Serve(listener)
//	client := &http.Client{Transport: &http.Transport{DialContext: listener.DialContext}}
//
// # What it holds to
//
// Requests need a User-Agent and a credential. A JWT must be signed with the App's key and be
// valid by the server's clock; an installation token lasts an hour. Each endpoint asks for its
// permission and says so in X-Accepted-GitHub-Permissions. Lists come in pages with Link headers
// in the /organizations/{id} form; a renamed organization answers 301; ETags cover Accept,
// Authorization, Cookie and the body, and a 304 costs no quota. GraphQL queries are parsed,
// checked against a small schema, and counted on a quota of their own.
//
// # What it does not
//
// The filters of the token list are refused with 501 rather than ignored, but for those of a
// repository and of a permission, whose two readings [Filters] chooses between. Only the fields
// that an audit may ask for are in the GraphQL schema. Answers are never compressed.
//
// # The file
//
// Unknown keys are errors. Every key may be left out; what is left out is as in an organization
// where all is well. A grant has GitHub's own keys and defaults to a clean token in use. Times may
// be relative to the server's clock: "-20d", "+36h". See testdata/organizations for examples:
//
//	{
//	  "now": "2026-11-22T06:00:00Z",
//	  "tokens": [{"value": "ghs_script", "organization": "complytime"}],
//	  "organizations": [{
//	    "login": "complytime",
//	    "members": [{"login": "jdoe", "role": "admin"}, "tsuki"],
//	    "repositories": [".github", "complyctl", {"name": "secret", "visibility": "private"}],
//	    "generate": {"grants": 250, "subset_percent": 50},
//	    "grants": [
//	      {"token_name": "old", "owner": "tsuki", "token_last_used_at": "-200d"},
//	      {"permissions": "contents:write organization/members:read", "repositories": 3},
//	      {"token_expires_at": null, "omit": ["token_id"], "set": {"id": "not a number"}}
//	    ],
//	    "enterprise_cloud": true,
//	    "audit_log": [
//	      {"action": "personal_access_token.access_granted", "created_at": "-20d", "actor": "jdoe",
//	       "token_id": 95001}
//	    ],
//	    "credential_authorizations": [{"login": "tsuki", "scopes": ["repo"]}]
//	  }],
//	  "filters": {"reaching": true},
//	  "faults": [{"path": "/orgs/*/personal-access-tokens", "after": 1, "times": 2, "status": 502}]
//	}
package githubtest
