// SPDX-License-Identifier: Apache-2.0

package xlsx

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/view"
)

func TestXLSXHasNoFormula(t *testing.T) {
	typed := regexp.MustCompile(`<c [^>]*t="([^"]*)"`)
	ours := regexp.MustCompile(`<f>Summary!\$[A-Z]\$[0-9]+:\$[A-Z]\$[0-9]+</f>`)
	for name, content := range parts(t, reporttest.Write(t, Format, reporttest.HostileDocument())) {
		if strings.HasPrefix(name, "xl/charts/") {
			content = ours.ReplaceAllString(content, "")
		}
		for _, tag := range []string{"<f>", "<f ", ":f>", "externalLink", "\x1b", "\u202e"} {
			if strings.Contains(content, tag) {
				t.Errorf("%s contains %q", name, tag)
			}
		}
		for _, m := range typed.FindAllStringSubmatch(content, -1) {
			if m[1] != "inlineStr" && m[1] != "s" && m[1] != "n" {
				t.Errorf("%s: a cell of type %q", name, m[1])
			}
		}
	}
}

// linksOf returns where the cells of a workbook lead: outside, and to its own sheets.
func linksOf(t *testing.T, workbook []byte) (outside, within []string) {
	t.Helper()
	target := regexp.MustCompile(`Target="([^"]*)" [^>]*TargetMode="External"`)
	location := regexp.MustCompile(`<hyperlink [^>]*location="([^"]*)"`)
	for _, content := range parts(t, workbook) {
		for _, m := range target.FindAllStringSubmatch(content, -1) {
			outside = append(outside, m[1])
		}
		for _, m := range location.FindAllStringSubmatch(content, -1) {
			within = append(within, m[1])
		}
	}
	return outside, within
}

// A link leads to a rule's page, to the organization's settings, or to a sheet: whatever the names
// in the report are.
func TestXLSXLinks(t *testing.T) {
	const settings = "https://github.com/organizations/complytime/settings/" +
		"personal-access-tokens/active"
	ours := regexp.MustCompile(`^` + audit.Home + `/blob/main/audit/rules/[a-z0-9-]+\.md$`)
	hostile := reporttest.HostileDocument()
	for i := range hostile.Runs[0].Rules {
		hostile.Runs[0].Rules[i].Rule.ID = reporttest.Payloads[i]
	}
	for name, d := range map[string]*view.Document{
		"violations": reporttest.Document(reporttest.Violating()), "hostile": hostile,
	} {
		workbook := reporttest.Write(t, Format, d)
		f := reporttest.OpenWorkbook(t, workbook)
		outside, within := linksOf(t, workbook)
		for _, link := range outside {
			if link != settings && !ours.MatchString(link) {
				t.Errorf("%s: leads to %q", name, link)
			}
		}
		if n := len(outside); name == "hostile" && n != 0 || name != "hostile" &&
			(!slices.Contains(outside, settings) || n < 20) {
			t.Errorf("%s: %d links: %q", name, n, outside)
		}
		for _, link := range within {
			sheet, _, _ := strings.Cut(html.UnescapeString(link), "!")
			if i, err := f.GetSheetIndex(strings.Trim(sheet, "'")); i < 0 || err != nil {
				t.Errorf("%s: leads to no sheet: %q", name, link)
			}
		}
		if len(within) < 12 {
			t.Errorf("%s: %d links to sheets", name, len(within))
		}
	}
}
