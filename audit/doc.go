// SPDX-License-Identifier: Apache-2.0

// Package audit holds the words and the judgement of pataudit: what a token is, what was seen of
// an organization, what a rule asks, and what follows from the answers.
//
// The package imports the standard library only and does no I/O. Three acts are kept apart:
//
//   - collecting: a [Source] turns a GitHub organization, or a file, into [Evidence];
//   - judging: [Evaluate] asks every [Rule] of a [Policy] about every [Token] of the evidence.
//     It is pure: no context, no clock, no I/O. The same evidence, policy and instant give the
//     same [Run];
//   - writing: the report package turns a Run into a table, a workbook or JSON.
//
// # Clean is a claim
//
// Facts are three-valued from the wire to the report. A fact that was not learned is missing from
// [Token.Known]; a rule that needs it answers [Indeterminate], the zero [Status], and never
// [Pass]. A run is [Clean] only if its evidence is complete and nothing fails. See [Run.Complete]
// for what complete means.
//
// # One finding per rule and token
//
// Every rule answers once per token. Where two rules would say the same thing, the weaker one
// looks at what the stronger one said ([Subject.Failed]) and leaves that part to it.
//
// # What to have instead
//
// [Result.Successors] proposes tokens in place of one that fails, and judges them by the same
// policy. The rules' limits are read from their checkers: see [LifeLimit] and [ReachLimit].
package audit
