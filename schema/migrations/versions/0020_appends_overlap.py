"""One append is written to disk while the next one has its turn; triggers do less."""

from schema.script import run_script

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    run_script("0020_appends_overlap.sql")
