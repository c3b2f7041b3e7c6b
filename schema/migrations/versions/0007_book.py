"""The book holds every column of its form; volumes and years are checked."""

from schema.script import run_script

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    run_script("0007_book.sql")
