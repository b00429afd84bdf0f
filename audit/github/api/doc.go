// SPDX-License-Identifier: Apache-2.0

// Package api asks GitHub one question at a time, with credentials, within its limits.
//
// Every request, REST and GraphQL, passes one place, the transport: it binds the authorization to
// the configured origin, bounds and completes bodies, retries, and sorts refusals. Callers of
// [Session.Get] and [Session.Query] see a whole JSON body or an [Error]. The [Governor] decides
// when a request may go: it holds all workers of an installation to one set of [Limits], and to
// what GitHub answers. A [Ledger] enters every question, for the manifest of the evidence.
//
// Answers are kept between runs only where [Session.OpenCache] names a folder. Kept bodies are
// never believed: GitHub is asked to confirm each, by an ETag that is computed anew from what was
// read back.
//
// What the questions are, and when a list of answers is believed, is package github's.
package api
