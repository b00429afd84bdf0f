// SPDX-License-Identifier: Apache-2.0

// Package github asks GitHub for an organization's fine-grained tokens and for what is needed to
// judge them. It implements [audit.Source] twice: [Organization] asks the API, [List] decodes what
// somebody else asked.
//
// # The way of a request
//
// Every request, REST and GraphQL, passes one place, [transport]: it binds the authorization to
// the configured origin, bounds and completes bodies, retries, waits for rate limits, and tells
// the faces of a refusal apart. Callers see a whole JSON body or an [Error].
//
// # What makes a listing believable
//
// GitHub lists by page number, so a deletion during the listing hides another token from it. A
// list is read twice and accepted when two consecutive passes give the same sequence of ids. A
// field that is absent or malformed leaves its fact unknown; a record without an id fails the
// page. Nothing is ever counted as zero because it could not be read.
//
// # What GitHub does not tell
//
// An App that is installed on selected repositories, or that may not read members, gets silently
// shorter lists. Both are looked up first, and the facts that would rest on such lists stay
// unknown.
package github
