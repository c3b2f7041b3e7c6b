"""Checkpoints are signed, cosigned, published and time-stamped, one after the other."""

from schema.script import run_script

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    run_script("0005_publication.sql")
