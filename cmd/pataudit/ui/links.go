// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"os"
	"slices"
	"strconv"
	"strings"
)

// Links reports whether standard output is a terminal that follows links.
func (u *UI) Links() bool { return IsTerminal(u.Out) && followsLinks(os.Getenv) }

// followsLinks reports by the environment whether the terminal is known to follow OSC 8 links. One
// that is not known may print them as noise, so it gets none; nor does one behind a multiplexer,
// whose environment is that of some terminal that may be gone.
func followsLinks(getenv func(string) string) bool {
	term := getenv("TERM")
	switch {
	case getenv("CI") != "", getenv("TMUX") != "", getenv("STY") != "",
		term == "", term == "dumb", strings.HasPrefix(term, "screen"), strings.HasPrefix(term, "tmux"):
		return false
	case getenv("WT_SESSION") != "", getenv("KITTY_WINDOW_ID") != "", getenv("DOMTERM") != "":
		return true
	case slices.Contains([]string{"xterm-kitty", "xterm-ghostty", "foot", "alacritty"}, term):
		return true
	case slices.Contains([]string{"iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper"},
		getenv("TERM_PROGRAM")):
		return true
	}
	const vte, konsole = 5001, 201200 // VTE 0.50.0 crashes on links
	return atLeast(getenv("VTE_VERSION"), vte) || atLeast(getenv("KONSOLE_VERSION"), konsole)
}

func atLeast(version string, least int) bool {
	n, err := strconv.Atoi(version)
	return err == nil && n >= least
}
