"""What the registry's later migrations make of rows that earlier versions wrote."""

import msgspec
import psycopg
import pytest
from alembic import command

from bansao.postgres import Postgres
from registry.certified_copy import Facts, canonical_facts
from schema.migrate import migrate
from tests.testkit.copies import made_up_facts

pytestmark = pytest.mark.broken_registry  # rows are written behind the triggers' back

FACTS = [
    made_up_facts(),
    made_up_facts('"\\/\x01\x1f\x7f\u2028 Đặng'),
    msgspec.structs.replace(made_up_facts(), fields={}),
    msgspec.structs.replace(
        made_up_facts(), fields={"\uffff": "1", "\U00010000": "2", "z": "3", "": "4", '"': "5"}
    ),
]


def test_facts_of_older_rows_become_the_text_that_was_committed_to(
    own_server: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = own_server.admin_url.rpartition("/")[0] + "/older"
    upgrade = command.upgrade
    with monkeypatch.context() as older:
        older.setattr(command, "upgrade", lambda config, _head: upgrade(config, "0005"))
        migrate(url, own_server.secrets)
    with psycopg.connect(url) as connection:
        connection.execute("SET session_replication_role = replica")
        for index, facts in enumerate(FACTS):
            connection.execute(
                "INSERT INTO registry.copy VALUES (%s, sha256(%s), %s, sha256('salt'))",
                (index, bytes([index]), msgspec.json.encode(facts).decode()),
            )
    migrate(url, own_server.secrets)
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT facts::text FROM registry.copy ORDER BY entry_index"
        ).fetchall()
        left = connection.execute(
            "SELECT proname FROM pg_proc WHERE pronamespace = 'registry'::regnamespace "
            "AND proname IN ('canonical', 'utf16')"
        ).fetchall()
    assert [row[0].encode() for row in rows] == [canonical_facts(facts) for facts in FACTS]
    assert [msgspec.json.decode(row[0], type=Facts) for row in rows] == FACTS
    assert left == []
