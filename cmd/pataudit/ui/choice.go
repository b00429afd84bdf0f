// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

// Offered annotates a flag with the values that shells complete.
const Offered = "pataudit_offered"

// Offer lets shells complete the values of a flag.
func Offer(set *pflag.FlagSet, name string, values []string) {
	if err := set.SetAnnotation(name, Offered, values); err != nil {
		panic(err) // the flag has to be registered first
	}
}

// Choice registers a flag that takes one of a few words.
func Choice(
	set *pflag.FlagSet, value *string, name, standard string, words []string, usage string,
) {
	*value = standard
	set.Var(&choice{value, words}, name, usage)
	Offer(set, name, words)
}

// choice is the value of such a flag.
type choice struct {
	value *string
	words []string
}

func (c *choice) String() string { return *c.value }

func (c *choice) Type() string { return "string" }

func (c *choice) Set(text string) error {
	if !slices.Contains(c.words, text) {
		return &NoChoiceError{text, c.words}
	}
	*c.value = text
	return nil
}

// NoChoiceError is the error of a word that a flag does not take.
type NoChoiceError struct {
	text  string
	words []string
}

func (e *NoChoiceError) Error() string {
	if len(e.words) == 2 {
		return fmt.Sprintf("%q is neither %s nor %s", e.text, e.words[0], e.words[1])
	}
	return fmt.Sprintf("%q is none of %s", e.text, strings.Join(e.words, ", "))
}
