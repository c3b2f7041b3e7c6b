"""Views that hold no personal data, for the role that reads nothing else."""

from schema.script import run_script

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    run_script("0004_analytics.sql")
