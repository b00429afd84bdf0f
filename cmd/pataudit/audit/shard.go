// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
)

// shard is this process's part of the organizations. The zero value is all of them.
type shard struct {
	text         string // of the flag
	index, parts uint64
}

// parse reads I/N. Workers may be counted from 0 or from 1: N/N is the same as 0/N.
func (s *shard) parse() error {
	if s.text == "" {
		return nil
	}
	index, parts, found := strings.Cut(s.text, "/")
	i, err := strconv.ParseUint(index, 10, 32)
	n, err2 := strconv.ParseUint(parts, 10, 32)
	if err := errors.Join(err, err2); !found || err != nil || n == 0 || i > n {
		return fmt.Errorf("--shard %q is not I/N, like 0/4: the first of four parts", s.text)
	}
	s.index, s.parts = i%n, n
	return nil
}

// has reports whether an organization is of this part. It depends on its name alone, so that the
// others stay where they are when one comes or goes.
func (s *shard) has(login string) bool {
	if s.parts <= 1 {
		return true
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(strings.ToLower(login)))
	return h.Sum64()%s.parts == s.index
}

// part returns the subjects of this part.
func (s *shard) part(subjects []subject) []subject {
	return slices.DeleteFunc(slices.Clone(subjects), func(o subject) bool { return !s.has(o.login) })
}
