// SPDX-License-Identifier: Apache-2.0

// Package github asks GitHub for an organization's fine-grained tokens and for what is needed to
// judge them. It implements [audit.Source] twice: [Organization] asks the API, [List] decodes what
// somebody else asked.
//
// How one question is asked is package api's: credentials, quota, retries, cache. Every question
// ends up in the evidence's manifest, with the pass that was accepted marked.
//
// # What makes a listing believable
//
// GitHub lists by page number, so a deletion during the listing hides another token from it. A
// list is read twice and accepted when two consecutive passes give the same sequence of records,
// each once, on as many pages as were announced; what GitHub says is unchanged since the first
// pass costs no quota in the second. After a page that may be full another is asked for, whatever
// its links say: only an empty one shows that the full one was the last. As servers may make pages
// smaller than they were asked to, a first one may be full that has a multiple of ten records.
//
// A GraphQL list of one page is held against GitHub's own count, one of several is read twice,
// too. A field that is absent or malformed leaves its fact unknown; a record without an id fails
// the page. Nothing is ever counted as zero because it could not be read.
//
// What lists that are read at the same time say of one thing is kept until all are read: two names
// or visibilities of a repository, two logins of an owner, two answers on a member make their
// source partial, whichever of them came first. What one list leaves out is no doubt.
//
// The evidence is dated by GitHub's clock, as each answer has it. How far that is from ours is
// judged when a page arrives: from [audit.SkewNoted] on the coverage of the tokens notes it, and
// beyond [audit.SkewBelieved] the list is unverified.
//
// # What GitHub does not show
//
// An App that is installed on selected repositories, or that may not read members, gets silently
// shorter lists. Both are looked up first, and the facts that would rest on such lists stay
// unknown.
package github
