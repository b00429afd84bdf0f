// SPDX-License-Identifier: Apache-2.0

package main

import (
	"strings"

	"github.com/complytime/pataudit/report"
)

// differing gives the lines that differ between two texts, and three around them, as a unified
// difference has them: with "-", "+" or a space in front, and "@@" where lines are left out. They
// are sanitized.
func differing(before, after []byte) (lines []string) {
	const around = 3
	all := editScript(linesOf(before), linesOf(after))
	shown := make([]bool, len(all))
	for i, line := range all {
		if line[0] != ' ' {
			for j := max(0, i-around); j <= min(len(all)-1, i+around); j++ {
				shown[j] = true
			}
		}
	}
	for i, line := range all {
		switch {
		case shown[i]:
			lines = append(lines, line[:1]+report.Terminal(line[1:]))
		case i > 0 && shown[i-1] || i == 0:
			lines = append(lines, "@@")
		}
	}
	if n := len(lines); n > 0 && lines[n-1] == "@@" {
		lines = lines[:n-1]
	}
	return lines
}

func linesOf(text []byte) []string {
	return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
}

// editScript gives the lines of both texts, each once, with what becomes of it.
func editScript(a, b []string) (script []string) {
	var head, tail int
	for head < min(len(a), len(b)) && a[head] == b[head] {
		head++
	}
	for tail < min(len(a), len(b))-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	for _, line := range a[:head] {
		script = append(script, " "+line)
	}
	script = append(script, replaced(a[head:len(a)-tail], b[head:len(b)-tail])...)
	for _, line := range a[len(a)-tail:] {
		script = append(script, " "+line)
	}
	return script
}

// replaced finds the longest lines that two texts have in common, unless that is too much work:
// then one replaces the other.
func replaced(a, b []string) (script []string) {
	const most = 4 << 20
	width := len(b) + 1
	if len(a)*width > most {
		return append(prefixed("-", a), prefixed("+", b)...)
	}
	common := make([]int32, (len(a)+1)*width) // how many, from each place on
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i*width+j] = common[(i+1)*width+j+1] + 1
			} else {
				common[i*width+j] = max(common[(i+1)*width+j], common[i*width+j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] == b[j]:
			script = append(script, " "+a[i])
			i, j = i+1, j+1
		case common[(i+1)*width+j] >= common[i*width+j+1]:
			script = append(script, "-"+a[i])
			i++
		default:
			script = append(script, "+"+b[j])
			j++
		}
	}
	return append(append(script, prefixed("-", a[i:])...), prefixed("+", b[j:])...)
}

func prefixed(mark string, lines []string) (all []string) {
	for _, line := range lines {
		all = append(all, mark+line)
	}
	return all
}
