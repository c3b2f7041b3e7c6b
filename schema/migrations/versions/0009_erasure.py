"""Facts leave with an `erased` entry, and intake forgets a dossier whole."""

from schema.script import run_script

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    run_script("0009_erasure.sql")
