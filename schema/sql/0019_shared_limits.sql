-- How far ahead of their rates the portal's clients are, counted by all its workers and hosts together.
--
-- A row is a keyed hash of what is limited and whom, and the moment at which that debt is paid off; once that is past
-- the row says nothing and is removed. Nothing here is worth a disk's time: not logged, empty after a crash.

CREATE UNLOGGED TABLE portal.owed (
    key bytea PRIMARY KEY CHECK (octet_length(key) = 16),
    until timestamptz NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.5);

-- Not even the hashes outlive their rows, in the planner's statistics.
ALTER TABLE portal.owed ALTER COLUMN key SET STATISTICS 0;

GRANT USAGE ON SCHEMA portal TO portal_limiter;
GRANT SELECT, INSERT, UPDATE, DELETE ON portal.owed TO portal_limiter;
