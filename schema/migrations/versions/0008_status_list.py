"""Copies have places in signed status lists; revocations are listed."""

from schema.script import run_script

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    run_script("0008_status_list.sql")
