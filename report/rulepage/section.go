// SPDX-License-Identifier: Apache-2.0

package rulepage

import "slices"

// Section returns the first paragraph below a heading of a rule's page; "" if there is none.
func Section(page, title string) string {
	parts := Blocks(page)
	i := slices.IndexFunc(parts, func(p Block) bool { return p.Kind == Heading && p.Text == title })
	if i < 0 || i+1 == len(parts) || parts[i+1].Kind != Paragraph {
		return ""
	}
	return parts[i+1].Text
}

// Meanings returns how a page explains each parameter, in the table under its title.
func Meanings(blocks []Block) map[string]string {
	meanings := map[string]string{}
	for _, b := range blocks {
		for _, row := range b.Rows {
			if len(row) > 2 {
				meanings[row[0]] = row[len(row)-1]
			}
		}
	}
	return meanings
}
