// SPDX-License-Identifier: Apache-2.0

package githubtest

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"time"
)

//go:embed sample.json
var sampleFile string

// Sample is the organization that the demo audits: complytime as it might be, seen at now, where
// the clock stands still. Of its 60 tokens 24 are as they should be, and 9 have expired; the
// others break each rule of the guide at least once.
func Sample(now time.Time) *World {
	world, err := Read(strings.NewReader(sampleFile), func() time.Time { return now })
	if err != nil {
		panic(fmt.Sprintf("githubtest: the embedded sample: %v", err)) // the tests read it
	}
	for _, o := range world.Organizations {
		o.order()
	}
	return world
}

// order puts the grants in order of creation, with ids to match. The sample's file has them by
// what is wrong with them, which is better to read.
func (o *Organization) order() {
	slices.SortStableFunc(o.Grants, func(a, b *Grant) int {
		return a.GrantedAt.Compare(b.GrantedAt)
	})
	for i, g := range o.Grants {
		g.ID = firstGrantID + int64(i)
		g.TokenID = g.ID + tokenIDOffset
	}
	o.index()
}
