"""`bansao admin`: authority data entered, ended, listed and followed from the command line."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.serialization import Encoding

from bansao.cli import bansao, explain
from bansao.entered_certificates import fingerprint_of
from bansao.pki import DemoOfficer, ensure_demo_pki, signer_certificate
from bansao.settings import Settings
from registry.clock import utc_now
from tests.testkit.postgres import Database

Admin = Callable[..., Any]


@pytest.fixture
def admin(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Admin:
    """Runs `bansao admin …` and gives its JSON; raises what it failed at."""
    named = {
        "BANSAO_DATA": str(tmp_path),
        "BANSAO_DATABASE_URL": database.url,
        "BANSAO_SECRETS": str(database.secrets),
        "BANSAO_ADMIN": "Trần Văn Quản",
    }
    for name, value in (Settings.from_env(named).room_environment(database.url) | named).items():
        monkeypatch.setenv(name, value)

    def run(*words: str) -> Any:
        ended = CliRunner().invoke(bansao, ["admin", *words, "--json"])
        if ended.exception and not isinstance(ended.exception, SystemExit):
            raise ended.exception
        assert ended.exit_code == 0, ended.output
        return json.loads(ended.output)

    return run


def seat(admin: Admin, officer: str, office: str, *more: str, unit: str = "00070") -> Any:
    return admin(
        *("position", "add", officer, "--unit", unit, "--office", office),
        *("--title", office.upper(), "--from", "2026-01-01", *more),
    )


@pytest.fixture
def ward(admin: Admin) -> Admin:
    """A ward with a chairman and a deputy who certifies until June."""
    assert admin("units", "--import", "hanoi") == {"city": "hanoi", "units": 126, "new": 126}
    for officer, name in (("an", "Lê An"), ("binh", "Vũ Bình")):
        admin("officer", "add", officer, "--name", name)
    seat(admin, "an", "chairman")
    seat(admin, "binh", "deputy")
    admin(*DELEGATION)
    return admin


DELEGATION = (
    *("delegation", "add", "binh", "--unit", "00070", "--instrument", "12/QĐ-UBND"),
    *("--dated", "2025-12-30", "--scope", "certify", "--prefix", "KT."),
    *("--from", "2026-01-01", "--until", "2026-05-31"),
)


def test_repeated_by_mistake_nothing_is_entered(ward: Admin) -> None:
    assert ward("units", "--import", "hanoi")["new"] == 0
    assert ward("officer", "add", "an", "--name", "Lê An")["new"] is False
    assert seat(ward, "an", "chairman") == {
        "what": "position",
        "which": "an",
        "id": 1,
        "new": False,
    }
    assert ward(*DELEGATION)["new"] is False
    end = ("delegation", "end", "1", "--reason", "QĐ 15/QĐ-UBND")
    assert [ward(*end)["new"], ward(*end)["new"]] == [True, False]


def test_lists_answer_for_a_day(ward: Admin) -> None:
    def named(kind: str, *more: str) -> list[str]:
        return [row.get("officer") or row["code"] for row in ward(kind, "list", *more)[f"{kind}s"]]

    assert len(named("unit", "--on", "2025-07-01")) == 126
    assert named("unit", "--on", "2025-06-30") == []
    assert named("officer") == ["an", "binh"]
    assert named("position", "--unit", "00070") == ["an", "binh"]
    assert named("position", "--on", "2025-12-31") == []
    assert named("delegation", "--on", "2026-05-31") == ["binh"]
    assert named("delegation", "--on", "2026-06-01") == []
    [row] = ward("delegation", "list")["delegations"]
    assert row["valid_until"] == "2026-06-01T00:00:00+07:00"
    ward("position", "end", "1", "--at", "2026-03-01", "--reason", "nghỉ hưu")
    assert named("delegation", "--on", "2026-03-01") == []
    assert named("delegation", "--on", "2026-02-28") == ["binh"]


def test_certificates_and_seals(ward: Admin, tmp_path: Path) -> None:
    house = tmp_path / "house"
    officers = [DemoOfficer(username="an", full_name="Lê An", title="CHỦ TỊCH")]
    ensure_demo_pki(house, tmp_path / "trust", officers, "UBND phường Hoàn Kiếm", utc_now)
    own, seal = (signer_certificate(house, name) for name in ("officer_an", "seal"))
    pem, der, image = (tmp_path / name for name in ("an.pem", "seal.der", "seal.png"))
    pem.write_bytes(own.public_bytes(Encoding.PEM))
    der.write_bytes(seal.public_bytes(Encoding.DER))
    image.write_bytes(b"picture")

    fingerprint = fingerprint_of(own).hex()
    entered = ward("certificate", "add", "an", str(pem))
    assert entered == {"what": "certificate", "which": fingerprint, "new": True}
    assert ward("certificate", "add", "an", str(pem))["new"] is False
    assert ward("seal", "add", "00070", str(der), "--image", str(image))["new"] is True
    with pytest.raises(Exception, match="entered already, as another's") as refused:
        ward("certificate", "add", "binh", str(pem))
    assert explain(refused.value)[0] == "authority_conflict"
    with pytest.raises(Exception, match="holds no X"):
        ward("certificate", "add", "an", str(image))

    ended = ("certificate", "end", fingerprint, "--kind", "replaced", "--reason", "mất thẻ")
    assert ward(*ended, "--at", "2026-03-01T09:30:00+07:00")["new"] is True
    [row] = ward("certificate", "list")["certificates"]
    assert (row["officer"], row["ended_at"]) == ("an", "2026-03-01T09:30:00+07:00")
    assert [row["unit"] for row in ward("seal", "list")["seals"]] == ["00070"]
    with pytest.raises(Exception, match="64 hexadecimal digits"):
        ward("seal", "end", "ab", "--reason", "x")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("position", "end", "9", "--reason", "x"), "no such position"),
        ((*DELEGATION[:-2], "--until", "2025-01-01"), "ends after it begins"),
        ((*DELEGATION[:-4], "--from", "2025-12-01"), "no chairman"),
    ],
)
def test_what_cannot_be_is_told_in_one_line(ward: Admin, words: tuple[str, ...], told: str) -> None:
    with pytest.raises(Exception, match=told) as refused:
        ward(*words)
    assert explain(refused.value)[0] in {"authority_conflict", "no_chairman"}


def test_a_time_without_a_zone_is_wrong_usage(admin: Admin) -> None:
    with pytest.raises(AssertionError, match="names no zone"):
        admin("position", "end", "1", "--reason", "x", "--at", "2026-03-01T09:30:00")


def test_the_trail_names_who_entered_what(ward: Admin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BANSAO_ADMIN", "Người Khác")
    ward("officer", "add", "binh", "--name", "Vũ Văn Bình")
    rows = ward("trail")["trail"]
    assert [row["what"] for row in rows].count("unit") == 126
    assert {row["by"] for row in rows[:-1]} == {"Trần Văn Quản"}
    assert (rows[-1]["by"], rows[-1]["what"]) == ("Người Khác", "officer")
    assert rows[-1]["row"] == {"id": 3, "officer": "binh", "full_name": "Vũ Văn Bình"}
    assert [row["name"] for row in ward("officer", "list")["officers"]] == ["Lê An", "Vũ Văn Bình"]
