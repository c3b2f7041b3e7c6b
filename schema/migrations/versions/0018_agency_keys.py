"""Agencies have keys to a copy's full facts and its PDF; each access leaves a trail."""

from schema.script import run_script

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    run_script("0018_agency_keys.sql")
