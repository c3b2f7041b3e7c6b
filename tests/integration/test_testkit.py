"""The testkit itself: each test has a database of its own."""

import psycopg
import pytest

from tests.testkit.postgres import Database


def test_services_log_in_as_their_own_role(database: Database) -> None:
    with psycopg.connect(database.role_url("registry_reader")) as connection:
        row = connection.execute("SELECT current_user").fetchone()
    assert row == ("registry_reader",)


def test_a_role_may_not_create_tables(database: Database) -> None:
    with (
        psycopg.connect(database.role_url("registry_writer")) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("CREATE TABLE public.mine ()")
