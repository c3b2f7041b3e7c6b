"""Publications are announced to whoever listens."""

from schema.script import run_script

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    run_script("0014_news.sql")
