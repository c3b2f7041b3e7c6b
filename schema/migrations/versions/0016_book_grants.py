"""Only the clerk reads the book's fees."""

from schema.script import run_script

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    run_script("0016_book_grants.sql")
