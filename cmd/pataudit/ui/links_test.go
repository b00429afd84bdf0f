// SPDX-License-Identifier: Apache-2.0

package ui

import "testing"

func TestFollowsLinks(t *testing.T) {
	for _, c := range []struct {
		env  map[string]string
		want bool
	}{
		{map[string]string{}, false},
		{map[string]string{"TERM": "xterm-256color"}, false},
		{map[string]string{"TERM": "xterm-256color", "VTE_VERSION": "7200"}, true},
		{map[string]string{"TERM": "xterm-256color", "VTE_VERSION": "5000"}, false},
		{map[string]string{"TERM": "xterm-256color", "VTE_VERSION": "new"}, false},
		{map[string]string{"TERM": "xterm-256color", "VTE_VERSION": "7200", "CI": "true"}, false},
		{map[string]string{"TERM": "dumb", "VTE_VERSION": "7200"}, false},
		{map[string]string{"VTE_VERSION": "7200"}, false},
		{map[string]string{"TERM": "tmux-256color", "TMUX": "/tmp/tmux", "WT_SESSION": "1"}, false},
		{map[string]string{"TERM": "screen", "KITTY_WINDOW_ID": "1"}, false},
		{map[string]string{"TERM": "xterm-256color", "STY": "1.pts", "WT_SESSION": "1"}, false},
		{map[string]string{"TERM": "xterm-256color", "WT_SESSION": "1"}, true},
		{map[string]string{"TERM": "xterm-kitty"}, true},
		{map[string]string{"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, true},
		{map[string]string{"TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"}, false},
		{map[string]string{"TERM": "xterm-256color", "KONSOLE_VERSION": "220401"}, true},
	} {
		got := followsLinks(func(name string) string { return c.env[name] })
		if got != c.want {
			t.Errorf("%v: %v", c.env, got)
		}
	}
}
