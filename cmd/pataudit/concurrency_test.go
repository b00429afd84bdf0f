// SPDX-License-Identifier: Apache-2.0

package main

import (
	"path/filepath"
	"testing"
)

// concurrency are the scripts of several organizations, several processes or an interruption.
var concurrency = []string{
	"batch", "demo", "history", "installations", "many", "many_accepted", "many_interrupted",
	"quota",
}

// scripts returns the folder of the scripts to run. With -short, which is how the race detector
// has it, it returns the files of those of concurrency instead.
func scripts() (dir string, files []string) {
	dir = filepath.Join("..", "..", "testdata", "script")
	if !testing.Short() {
		return dir, nil
	}
	for _, name := range concurrency {
		files = append(files, filepath.Join(dir, name+".txtar"))
	}
	return "", files
}
