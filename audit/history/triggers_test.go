// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"strings"
	"testing"
)

// TestTriggers holds that nothing is opened in which something changes by itself what is written
// or read, that it is named, and that what is not ours is nobody's concern.
func TestTriggers(t *testing.T) {
	const function = `CREATE FUNCTION hide() RETURNS trigger LANGUAGE plpgsql AS
		'BEGIN NEW.first_seen = 0; RETURN NEW; END'; `
	for _, c := range []struct{ name, sqlite, postgres, want string }{
		{
			"trigger",
			`CREATE TRIGGER hide AFTER INSERT ON pataudit_findings BEGIN
				UPDATE pataudit_findings SET first_seen = 0; END`,
			function + `CREATE TRIGGER hide BEFORE INSERT ON pataudit_findings FOR EACH ROW
				EXECUTE FUNCTION hide()`,
			`the trigger "hide" of pataudit_findings is not pataudit's`,
		},
		{
			"view",
			`ALTER TABLE pataudit_states RENAME TO other;
				CREATE VIEW Pataudit_states AS SELECT * FROM other`,
			`ALTER TABLE pataudit_states RENAME TO other;
				CREATE VIEW pataudit_states AS SELECT * FROM other`,
			`view`,
		},
		{
			"column",
			`ALTER TABLE pataudit_tokens ADD COLUMN hide INTEGER AS (1)`,
			`ALTER TABLE pataudit_tokens ADD COLUMN hide BIGINT GENERATED ALWAYS AS (1) STORED`,
			`the generated column "hide" of pataudit_tokens is not`,
		},
		{
			"virtual", `CREATE VIRTUAL TABLE pataudit_other USING fts5(a)`, "",
			`the virtual table "pataudit_other" is not`,
		},
		{
			"rule", "",
			`CREATE RULE hide AS ON DELETE TO pataudit_findings DO INSTEAD NOTHING`,
			`the rule "hide" of pataudit_findings is not`,
		},
		{
			"security", "", `ALTER TABLE pataudit_findings ENABLE ROW LEVEL SECURITY`,
			`the row security "pataudit_findings" is not`,
		},
		{
			"inherits", "", `CREATE TABLE hide () INHERITS (pataudit_findings)`,
			`the inheriting table "hide" of pataudit_findings is not`,
		},
		{
			"reference",
			`PRAGMA writable_schema = ON;
				UPDATE sqlite_schema SET sql = replace(sql, 'first_run    INTEGER',
				'first_run INTEGER REFERENCES pataudit_runs (number) ON DELETE CASCADE')
				WHERE name = 'pataudit_findings'`,
			`ALTER TABLE pataudit_findings ADD CONSTRAINT hide FOREIGN KEY (first_run)
				REFERENCES pataudit_runs (number) ON DELETE CASCADE`,
			`of pataudit_findings is not`,
		},
		{
			"others",
			`CREATE TABLE other (a INTEGER); CREATE VIEW another AS SELECT * FROM other;
				CREATE TRIGGER third AFTER INSERT ON other BEGIN DELETE FROM other; END`,
			`CREATE TABLE other (a INTEGER); CREATE VIEW another AS SELECT * FROM other`,
			"",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			onBoth(t, func(t *testing.T, at string) {
				s := opened(t, at)
				statement := c.sqlite
				if s.engine.name == "postgres" {
					statement = c.postgres
				}
				if statement == "" {
					t.Skip("there is no such thing")
				}
				s.exec(t, statement)
				for _, open := range []func(context.Context, *Location) (*Store, error){
					Open, OpenExisting,
				} {
					again, err := open(context.Background(), located(t, at))
					if err == nil {
						err = again.Close()
					}
					if (err != nil) != (c.want != "") ||
						err != nil && !strings.Contains(err.Error(), c.want) {
						t.Errorf("got %v", err)
					}
				}
			})
		})
	}
}
