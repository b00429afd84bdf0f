// SPDX-License-Identifier: Apache-2.0

package history

import "database/sql"

// engine is what differs between the two databases.
type engine struct {
	name string // the folder of its migrations

	// hasSchema counts our table of the schema's version: 0 or 1.
	hasSchema string

	// A transaction that writes begins with shared, which keeps out only those that begin with
	// alone. "" where every writer is alone anyway.
	shared, alone string

	// settings are those of each transaction, by their names.
	settings map[string]string

	// triggers lists what changes by itself what is written to our tables, or read from them: each
	// with its kind, its name, and where it is. We make nothing of that kind.
	triggers string

	// parameters are how many of them a statement that writes many rows has; 0: each is an array
	// of the values of a column.
	parameters int

	// wipe makes sure that nothing deleted stays readable; "" if it cannot be done.
	wipe string

	// again reports whether a transaction failed only because of another one, and is to be tried
	// once more.
	again func(error) bool

	// unfinished marks the error of a commit with [ErrUnfinished] if it may have been committed.
	unfinished func(error) error

	// reading are the options of a transaction that reads the same state throughout.
	reading sql.TxOptions
}
