"""Appends are checked a batch at a time; facts keep the text that was committed to."""

from schema.script import run_script

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    run_script("0006_append.sql")
