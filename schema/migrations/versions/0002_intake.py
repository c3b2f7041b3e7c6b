"""Intake's tables, and the queue of its jobs."""

from importlib import resources

from schema.script import run_script, run_sql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    run_script("0002_intake.sql")
    # The queue's own schema is procrastinate's reviewed code, of the version that requirements.lock
    # pins. A later version is brought in by a later migration, from the package's migrations.
    queue = (resources.files("procrastinate") / "sql" / "schema.sql").read_text("utf-8")
    run_sql(f"CREATE SCHEMA jobs; SET LOCAL search_path TO jobs; {queue}")
    run_sql("SET LOCAL search_path TO DEFAULT")
    run_script("0002_jobs_grants.sql")
