"""A superseded copy names its successor, a year's book is closed, every change has its officers."""

from schema.script import run_script

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    run_script("0011_status.sql")
