"""Pages of the map carry what vouches for them, where no checkpoint of their size does."""

from schema.script import run_script

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    run_script("0023_map_note.sql")
