"""A certification keeps what it has written, its signed file until that lost its right."""

from schema.script import run_script

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    run_script("0012_authority_resumed.sql")
