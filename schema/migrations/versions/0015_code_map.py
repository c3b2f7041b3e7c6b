"""The map of codes, from which it is proved that a code is absent or which entry is its latest."""

from schema.script import run_script

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    run_script("0015_code_map.sql")
