"""The link trigger takes no row that a reader of the log refuses, and none from the future."""

from schema.script import run_script

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    run_script("0022_readable_rows.sql")
