"""The memory of a certification in progress."""

from schema.script import run_script

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    run_script("0003_certification.sql")
