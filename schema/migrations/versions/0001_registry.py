"""The registry's tables, triggers and grants."""

from schema.script import run_script

revision = "0001"
down_revision = None


def upgrade() -> None:
    run_script("0001_registry.sql")
