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


def test_accounts_of_older_databases_act_as_officers_of_their_own_names(
    own_server: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = own_server.admin_url.rpartition("/")[0] + "/before_authority"
    upgrade = command.upgrade
    with monkeypatch.context() as older:
        older.setattr(command, "upgrade", lambda config, _head: upgrade(config, "0008"))
        migrate(url, own_server.secrets)
    with psycopg.connect(url) as connection:
        connection.execute("""
            INSERT INTO intake.unit VALUES ('00070', 'UBND', 'TTPVHCC');
            INSERT INTO intake.officer VALUES
                ('lan', 'Lan', 'CHỦ TỊCH', '00070', '$argon2id$', 'officer_lan');
            INSERT INTO intake.dossier
                (id, number, unit_code, channel, state, token_hash, blob_key, received_at,
                 updated_at)
            VALUES ('00000000-0000-0000-0000-000000000007', 'H26', '00070', 'kiosk', 'certifying',
                sha256('t'), sha256('k'), now(), now());
            INSERT INTO intake.certification
                (dossier_id, code, unit_code, officer, signer, signer_title, watermark, decided_at,
                 certified_at, salt, facts)
            VALUES ('00000000-0000-0000-0000-000000000007', '000000-000000-000000', '00070', 'lan',
                'officer_lan', 'CHỦ TỊCH', '', now(), now(), sha256('s'), '{}');
        """)
    migrate(url, own_server.secrets)
    with psycopg.connect(url) as connection:
        for table in ("officer", "certification"):
            found = connection.execute(f"SELECT officer_id FROM intake.{table}".encode()).fetchall()
            assert found == [("lan",)]
        entered = connection.execute("SELECT count(*) FROM registry.unit").fetchone()
    assert entered == (0,), "nothing is guessed; until somebody enters a unit, nobody is asked"


@pytest.mark.parametrize(
    ("line", "kept"), [("bansao/code-map@v1 AAAA", ["", "a"]), ("another/extension@v1 AAAA", [])]
)
def test_pages_of_the_map_that_nothing_vouches_for_are_built_anew(
    own_server: Postgres, monkeypatch: pytest.MonkeyPatch, line: str, kept: list[str]
) -> None:
    url = own_server.admin_url.rpartition("/")[0] + f"/map_of_{len(kept)}"
    upgrade = command.upgrade
    with monkeypatch.context() as older:
        older.setattr(command, "upgrade", lambda config, _head: upgrade(config, "0022"))
        migrate(url, own_server.secrets)
    with psycopg.connect(url) as connection:
        connection.execute("SET session_replication_role = replica")
        note = f"log\n256\nroot\n{line}\n\n— log AAAA\n"
        connection.execute(
            "INSERT INTO registry.checkpoint (size, root_hash, note, signed_at) "
            "VALUES (256, sha256(''), %s, now())",
            [note],
        )
        connection.execute(
            "INSERT INTO registry.map_page VALUES ('', 0, 1, 'x'), ('', 1, 256, 'x'), "
            "('a', 0, 256, 'x')"
        )
    migrate(url, own_server.secrets)
    with psycopg.connect(url, autocommit=True) as connection:
        rows = connection.execute("SELECT DISTINCT name FROM registry.map_page ORDER BY 1")
        assert [name for (name,) in rows.fetchall()] == kept
        with pytest.raises(psycopg.Error) as refused:
            connection.execute("DELETE FROM registry.map_page")
        assert refused.value.sqlstate == "RG001"
