"""An append's turn lasts until the disk has it, in one statement again."""

from schema.script import run_script

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    run_script("0021_turns_end_on_disk.sql")
