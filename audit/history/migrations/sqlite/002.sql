-- SPDX-License-Identifier: Apache-2.0
-- Workers that share a batch keep one run of each organization.

ALTER TABLE pataudit_runs ADD COLUMN batch TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX pataudit_runs_by_batch ON pataudit_runs (organization, batch)
	WHERE batch <> '';
