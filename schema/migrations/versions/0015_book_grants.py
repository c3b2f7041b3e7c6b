"""Only the clerk reads the book's fees."""

from schema.script import run_script

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    run_script("0015_book_grants.sql")
