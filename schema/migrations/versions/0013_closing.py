"""A closed year of the book takes no number any more."""

from schema.script import run_script

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    run_script("0013_closing.sql")
