"""How a migration runs its reviewed SQL file: `schema/sql/<name>`, as the owner of everything."""

from pathlib import Path

from alembic import op

from schema.roles import OWNER

SQL = Path(__file__).with_name("sql")


def run_script(name: str) -> None:
    """Run `schema/sql/<name>` inside the migration's transaction, as `bansao_owner`."""
    run_sql((SQL / name).read_text(encoding="utf-8"))


def run_sql(script: str) -> None:
    """Run a script of many statements as `bansao_owner`; `$$` bodies and `%` pass untouched."""
    bind = op.get_bind()
    # Through SQLAlchemy, so that its lazy transaction has begun before the raw script runs.
    bind.exec_driver_sql(f"SET LOCAL ROLE {OWNER}")
    # The simple query protocol: a prepared statement would hold one command only.
    bind.connection.run_async(lambda raw: raw.execute(script))
    bind.exec_driver_sql("RESET ROLE")
