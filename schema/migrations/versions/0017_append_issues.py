"""Issued copies are appended in one statement; their triggers do less."""

from schema.script import run_script

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    run_script("0017_append_issues.sql")
