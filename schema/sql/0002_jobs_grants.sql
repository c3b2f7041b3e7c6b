-- What a worker of procrastinate needs, once its own schema stands in "jobs".
-- It keeps finished jobs (their arguments are dossier ids); only a dead worker's line is deleted.

GRANT USAGE ON SCHEMA jobs TO intake_app;
GRANT SELECT, INSERT, UPDATE ON jobs.procrastinate_jobs TO intake_app;
GRANT SELECT, INSERT ON jobs.procrastinate_events TO intake_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON jobs.procrastinate_workers TO intake_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA jobs TO intake_app;
