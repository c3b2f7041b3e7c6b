"""The portal's workers count together."""

from schema.script import run_script

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    run_script("0019_shared_limits.sql")
