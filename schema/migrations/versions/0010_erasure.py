"""Facts leave with an `erased` entry, and intake forgets a dossier whole."""

from schema.script import run_script

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    run_script("0010_erasure.sql")
