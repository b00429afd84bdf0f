// SPDX-License-Identifier: Apache-2.0

// Package markdown writes a report as Markdown, for a job's summary or an issue.
package markdown
